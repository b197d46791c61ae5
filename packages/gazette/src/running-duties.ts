import type { DutyDefinition, DutyMode, DutyPeriod } from '@duban/domain';
import type { Bundle } from './bundle.ts';
import { type Duty, deskOf, leaderOf, ledBy, type Owners, ownersOf, type Subject } from './duty-owners.ts';

/** A value and what had to be decided to get it. */
interface Decided<T> {
  readonly value: T;
  readonly notes: readonly string[];
}

/**
 * Every duty of the gazette so that it runs: with an owner, a requester, a period, a first and a last day. Where the
 * document is silent the definition's notes say what was taken instead (导入说明：…).
 * @throws Error for a duty that nobody can own or that ends before it begins
 */
export function runningDuties(county: Bundle): DutyDefinition[] {
  return county.duties.flatMap((duty): DutyDefinition[] => {
    const led = ledBy(county, duty);
    if (led === null) return [definitionOf(county, duty)];
    const { rule, subjects, leaders } = led;
    if (subjects.length === 0) return [definitionOf(county, duty, leaders)];
    const phrases = [...rule.subjects, ...rule.highRiskSubjects];
    return subjects.map((subject) => {
      const owners = { owners: [leaderOf(subject)], notes: leaders.notes };
      return ofSubject(definitionOf(county, duty, owners), subject, phrases, rule.onSite);
    });
  });
}

/** One subject's share of a duty. */
function ofSubject(
  duty: DutyDefinition,
  subject: Subject,
  phrases: readonly string[],
  onSite: { readonly text: string; readonly sourceLines: readonly [number, number] },
): DutyDefinition {
  const mustVisit = subject.highRisk && duty.kind === 'supervision' && duty.mode !== 'on_site';
  return {
    ...duty,
    code: `${duty.code}.${subject.code.slice(subject.code.indexOf('.') + 1)}`,
    title: `${duty.title}：${subject.name}`,
    counterparties: duty.counterparties.map((text) => (phrases.includes(text) ? subject.name : text)),
    mode: mustVisit ? 'on_site' : duty.mode,
    subject: subject.code,
    notes: mustVisit
      ? [...duty.notes, `导入说明：“${onSite.text}”（${onSite.sourceLines.join('-')}行），本主体督导须在现场。`]
      : duty.notes,
  };
}

function definitionOf(county: Bundle, duty: Duty, leaders?: Owners): DutyDefinition {
  const desk = deskOf(county, duty);
  const owned = leaders ?? ownersOf(county, duty, desk);
  const from = startOf(county, duty);
  const until = endOf(county, duty);
  if (until.value < from.value) throw new Error(`${duty.code} ends on ${until.value}, before ${from.value}`);
  const period = periodOf(county, duty);
  const mode = modeOf(duty.mode);
  const asked = county.dutyRules.indicators.find(({ duties }) => duties.includes(duty.code));
  return {
    ...{ code: duty.code, kind: duty.kind, title: duty.title, text: duty.text },
    basis: { documentNumber: duty.documentNumber, lines: duty.sourceLines },
    ...{ group: desk.group, requester: desk.requester, owners: owned.owners },
    counterparties: duty.counterpartiesText,
    period: period.value,
    shift: 'keep',
    quota: duty.quota,
    mode: mode.value,
    subject: null,
    indicator: asked?.name ?? null,
    ...{ from: from.value, until: until.value },
    policy: 'default-duty',
    notes: [
      ...duty.notes,
      ...[owned, desk, period, mode, from, until].flatMap(({ notes }) => notes),
      ...(asked === undefined ? [] : [`导入说明：${asked.note}`]),
    ],
  };
}

function startOf({ documents, dutyRules }: Bundle, { from, documentNumber }: Duty): Decided<string> {
  if (from !== null) return { value: from, notes: [] };
  const issuedOn = documents.find(({ number }) => number === documentNumber)?.issuedOn ?? null;
  if (issuedOn === null) return decided(dutyRules.defaults.from, dutyRules.defaults.fromNote);
  return decided(issuedOn, `起始日原文没有写，自成文日期（${issuedOn}）起。`);
}

function endOf({ tasks, dutyRules }: Bundle, { until, untilText, documentNumber }: Duty): Decided<string> {
  if (until !== null) return { value: until, notes: [] };
  const end = dutyRules.ends.find((each) => each.documentNumber === documentNumber && each.untilText === untilText);
  if (end !== undefined) return decided(end.until, end.note);
  const last = tasks.flatMap((task) => (task.documentNumber === documentNumber ? (task.due ?? []) : [])).sort();
  const year = last.at(-1)?.slice(0, 4);
  if (year === undefined) return decided(dutyRules.defaults.until, dutyRules.defaults.untilNote);
  return decided(`${year}-12-31`, `止期原文没有写，到本文件任务的最后一年年底（${year}-12-31）。`);
}

function periodOf(county: Bundle, { period, documentNumber }: Duty): Decided<DutyPeriod> {
  switch (period.every) {
    case 'event': {
      const { within, ...rest } = period;
      const withinDays = within === null ? null : daysOf(within);
      return {
        value: { ...rest, withinDays },
        notes: withinDays === null ? [noDays(county, documentNumber, within)] : [],
      };
    }
    case 'week':
      return { value: period, notes: dueDay(period.weekday === null ? '每周，没有写星期几' : null) };
    case 'month':
      return { value: period, notes: dueDay(period.day === null ? '每月，没有写哪一天' : null) };
    case 'quarter':
      return { value: period, notes: dueDay('每季度，没有写哪一天') };
    case 'half_year':
      return { value: period, notes: dueDay('每半年，没有写哪一天') };
    case 'year':
      return { value: period, notes: dueDay(period.month === null ? '每年，没有写哪一天' : null) };
    case 'campaign':
    case 'unspecified':
      return { value: period, notes: [] };
  }
}

/** No document says what becomes of a day that is a day off: it stays. */
function dueDay(silent: string | null): string[] {
  const kept = '导入说明：到期日遇休息日怎么办，原文没有写，不顺延。';
  return silent === null ? [kept] : [`导入说明：原文只写${silent}，按周期最后一天到期。`, kept];
}

function noDays({ incidentKinds }: Bundle, documentNumber: string, within: string | null): string {
  if (within === null) return '导入说明：每次发生后多少天内完成，原文没有写，以止期为限。';
  const incident = incidentKinds.some(({ source }) => source.documentNumber === documentNumber);
  return incident
    ? `导入说明：时限印为“${within}”，由重大事项报告计时，这里只以止期为限。`
    : `导入说明：时限印为“${within}”，不是一个确定的天数，以止期为限。`;
}

const DIGITS = '〇一二三四五六七八九十';

/** The days of a printed limit such as `7日内` or `在完成后一周内`; null for one that is no single number of days. */
export function daysOf(within: string): number | null {
  const found = [...within.matchAll(/(\d+|[一两二三四五六七八九十]+)(?:日|天|(周|星期))[以之]?内/gu)];
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return null;
  const [, digits = '', week] = only;
  const count = /\d/.test(digits) ? Number(digits) : DIGITS.indexOf(digits.replace('两', '二'));
  return count < 1 ? null : count * (week === undefined ? 1 : 7);
}

/** One of several ways that a document offers binds nobody to it. */
function modeOf(printed: string | null): Decided<DutyMode> {
  const ways = printed?.split('、') ?? [];
  const [onSite, written] = [/现场|实地|靠前/, /书面/];
  const open: Decided<DutyMode> = { value: 'any', notes: [] };
  if (ways.length === 0) return open;
  if (ways.every((way) => onSite.test(way))) return { value: 'on_site', notes: [] };
  if (ways.every((way) => written.test(way))) return { value: 'written', notes: [] };
  const one = ways.some((way) => onSite.test(way) || written.test(way));
  return one ? decided('any', `原文列出几种方式（${printed}），不限定哪一种。`) : open;
}

function decided<T>(value: T, note: string): Decided<T> {
  return { value, notes: [`导入说明：${note}`] };
}
