import {
  type EscalationAction,
  LIGHTS,
  type Light,
  type NamedTask,
  type Outcomes,
  type ReportData,
  type Structure,
  TASK_STATUSES,
  type UnitResult,
} from '@duban/domain';
import { STATUS_NAMES } from '@duban/workbook/sheets';

export type Cell = string | number | null;

export interface ReportTable {
  readonly heading: string;
  /** What it counts, or how; null where the heading says it. */
  readonly note: string | null;
  /** Width in characters. */
  readonly columns: readonly { readonly header: string; readonly width: number; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is said instead of a table without rows. */
  readonly none: string;
}

/** A report in words and tables: whatever form it is printed in, it says the same. */
export interface ReportText {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly overview: readonly string[];
  readonly outcomes: ReportTable;
  readonly units: ReportTable;
  readonly places: readonly string[];
  readonly others: readonly ReportTable[];
}

/** How units get their places. */
export const RULE =
  '名次只看结果和时限：已到期且有结论的时限中，按时完成的占比高者在前；占比相同的，平均逾期时间短者在前；成绩相同的并列。已报办结待核验的暂不计；没有到期时限的单位不排名。登录、填报次数等一概不计。';

const LIGHT_NAMES: Readonly<Record<Light, string>> = {
  green: '绿灯',
  yellow: '黄灯',
  red: '红灯',
  blue: '蓝灯',
  grey: '灰灯',
};
const ACTION_NAMES: Readonly<Record<EscalationAction, string>> = {
  escalate: '逐级督办',
  circular: '列入通报',
  inform: '知会',
};

const DAY_MS = 86_400_000;

export function reportText(data: ReportData, structure: Structure): ReportText {
  return {
    title: data.title,
    facts: factsOf(data, structure),
    overview: overviewOf(data),
    outcomes: outcomesTable(data),
    units: unitsTable(data.units),
    places: placesOf(data),
    others: [
      stepsTable(data),
      tasksTable(data.overdue, OVERDUE, structure),
      tasksTable(data.circular, CIRCULAR, structure),
    ],
  };
}

function factsOf({ plan, group, duty, period, span, asOf }: ReportData, structure: Structure): ReportText['facts'] {
  const { calendar } = structure;
  const minute = (at: number) => calendar.format(at).slice(0, 16).replace('T', ' ');
  const [first, last] = [calendar.dateOf(period.from), calendar.dateOf(period.to - 1)];
  const lines = duty?.basis.lines ?? null;
  return [
    ['方案', `${plan.name}（${plan.documentNumber}，${plan.list}）`],
    ['负责机构', group.name],
    ['周期', `${first} 至 ${last}`],
    ['本期时限', `${minute(span.from)} 之后、${minute(span.to)} 及以前到期的`],
    ['数据截至', minute(asOf)],
    ...(duty === null
      ? []
      : [
          [
            '依据',
            `${duty.basis.documentNumber}${lines === null ? '' : `（公报${lines.join('-')}行）`}“${duty.name}”`,
          ] as const,
        ]),
  ];
}

function overviewOf({ totals, escalations }: ReportData): readonly string[] {
  const listed = (counts: readonly (readonly [string, number])[]) =>
    counts.map(([name, count]) => `${name} ${count}`).join('，');
  const statuses = there(TASK_STATUSES, totals.byStatus).map(
    ([status, count]) => [STATUS_NAMES[status], count] as const,
  );
  const lights = there(LIGHTS, totals.byLight).map(([light, count]) => [LIGHT_NAMES[light], count] as const);
  return [
    `任务共 ${totals.tasks} 项（已取消的不计）。`,
    ...(statuses.length === 0 ? [] : [`按状态：${listed(statuses)}。`, `按红绿灯：${listed(lights)}。`]),
    `本期督办 ${escalations.total} 次。`,
  ];
}

/** Those that there are, in their own order. */
function there<K extends string>(order: readonly K[], counts: Readonly<Partial<Record<K, number>>>) {
  return order.flatMap((key) => {
    const count = counts[key];
    return count === undefined ? [] : [[key, count] as const];
  });
}

const text = (header: string, width: number) => ({ header, width, numeric: false });
const number = (header: string, width = 10) => ({ header, width, numeric: true });

function outcomesTable({ totals }: ReportData): ReportTable {
  const row = (name: string, { due, onTime, late, submitted, overdue }: Outcomes) => [
    ...[name, due, onTime, late, submitted, overdue],
  ];
  return {
    ...{ heading: '时限完成情况', note: '每项任务按其自身时限计一次；中止、取消的不计。', none: '' },
    columns: [
      text('范围', 12),
      ...['到期', '按时完成', '超期完成', '待核验', '逾期未完成'].map((header) => number(header)),
    ],
    rows: [row('本期到期', totals.span), row('累计到期', totals.toDate)],
  };
}

function unitsTable(units: readonly UnitResult[]): ReportTable {
  return {
    ...{ heading: '牵头单位完成情况', note: '几个单位共同牵头的，各计一次。', none: '没有任务。' },
    columns: [
      ...[number('名次', 6), text('牵头单位', 24), number('任务', 7)],
      ...['本期到期', '本期按时', '本期超期', '本期逾期'].map((header) => number(header)),
      ...['累计到期', '累计按时', '累计超期', '累计待核验', '累计逾期'].map((header) => number(header)),
      ...['按时率（%）', '平均逾期（天）', '本期督办', '累计督办'].map((header) => number(header, 12)),
    ],
    rows: units.map((each) => [
      ...[each.rank, each.unit.name, each.tasks],
      ...[each.span.due, each.span.onTime, each.span.late, each.span.overdue],
      ...[each.toDate.due, each.toDate.onTime, each.toDate.late, each.toDate.submitted, each.toDate.overdue],
      each.rank === null ? null : rounded((100 * each.toDate.onTime) / (each.toDate.due - each.toDate.submitted)),
      ...[each.rank === null ? null : rounded(each.meanLateMs / DAY_MS), each.escalated, each.escalatedToDate],
    ]),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function placesOf({ best, worst }: ReportData): readonly string[] {
  const names = (units: ReportData['best']) => (units.length === 0 ? '无' : units.map(({ name }) => name).join('、'));
  return [`完成情况靠前的：${names(best)}。`, `完成情况靠后的：${names(worst)}。`, RULE];
}

function stepsTable({ escalations }: ReportData): ReportTable {
  return {
    ...{ heading: '本期督办', note: null, none: '本期没有督办。' },
    columns: [text('级次', 10), text('方式', 14), number('次数')],
    rows: escalations.steps.map(({ step, action, count }) => [`第${step}级`, ACTION_NAMES[action], count]),
  };
}

const OVERDUE = {
  heading: '逾期未完成的任务',
  note: '逾期久者在前；不足一天的按一天计。',
  none: '没有逾期未完成的任务。',
};
const CIRCULAR = {
  heading: '列入通报的事项',
  note: '督办到最后一级仍未完成的，按月列入通报。',
  none: '没有列入通报的事项。',
};

function tasksTable(
  tasks: readonly NamedTask[],
  words: Pick<ReportTable, 'heading' | 'note' | 'none'>,
  { calendar }: Structure,
): ReportTable {
  return {
    ...words,
    columns: [
      ...[number('序号', 7), text('工作任务', 40), text('牵头单位', 24), text('完成时限', 14)],
      ...[number('逾期（天）', 12), number('进度（%）', 12), number('督办次数')],
    ],
    rows: tasks.map(({ seq, title, leadUnits, dueAt, lateMs, percent, escalations }) => [
      ...[seq, title, leadUnits.map(({ name }) => name).join('、')],
      // 24:00 closes the day before.
      dueAt === null ? null : calendar.dateOf(dueAt - 1),
      ...[Math.ceil(lateMs / DAY_MS), percent, escalations],
    ]),
  };
}
