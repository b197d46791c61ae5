import { loadCounty, readCountyFiles, toImportBundle } from '@duban/gazette';

/**
 * What every duty of the gazette comes to from the day its last document but one was issued to the year's end, as its
 * entry in the gazette's own files tells: a walk over the days, with no help from the product's periods, calendar or
 * ladders.
 */
export const FIRST = '2023-05-30';
export const LAST = '2023-12-31';
export const OPENED = `${FIRST}T08:00:00+08:00`;
export const YEAR_ENDS = midnight('2024-01-01');
/** When the ladder of what was missed at the year's end has been climbed, and its digests are out. */
export const LADDERS_END = '2024-01-09T08:30:00+08:00';

// What the files say.

export const entries = new Map(
  readCountyFiles('luxi').documents.flatMap(({ document, partOf, duties }) =>
    duties.map((duty) => [duty.code, { ...duty, documentNumber: document?.number ?? partOf ?? '' }] as const),
  ),
);
type Entry = typeof entries extends Map<string, infer T> ? T : never;
export const bundle = toImportBundle(loadCounty('luxi'));

/** First and last day of a document's duties where the entry prints none: its date, and the last year it has tasks for. */
const STANDS: Readonly<Record<string, readonly [from: string, until: string]>> = {
  '泸办〔2023〕5号': ['2023-05-08', '2025-12-31'],
  '泸办〔2023〕6号': ['2023-05-22', '2023-12-31'],
  '泸办通〔2023〕18号': ['2023-04-24', '2023-12-31'],
  '泸办通〔2023〕19号': ['2023-04-24', '2023-12-31'],
  '泸办通〔2023〕24号': ['2023-05-12', '2025-12-31'],
  '泸政办发〔2023〕5号': ['2023-05-15', '2023-12-31'],
  '泸政办发〔2023〕7号': ['2023-05-30', '2023-12-31'],
  '泸政办函〔2023〕24号': ['2023-04-25', '2023-12-31'],
  '泸政办函〔2023〕29号': ['2023-05-29', '2024-12-31'],
  '泸政办函〔2023〕33号': ['2023-05-30', '2025-12-31'],
  '泸政办函〔2023〕35号': ['2023-06-02', '2023-12-31'],
};

/** Who answers for a duty, by how its code begins; null: no group does, and the unit that asks hears of it. */
const ANSWERING: readonly (readonly [begins: string, group: string | null, requester: string])[] = [
  ['luban-5.', 'minzu-tuanjie-lingdao-xiaozu', 'xianwei-tongzhanbu'],
  ['luban-6.', 'shipin-anquan-lingdao-xiaozu', 'shichang-jianguan-ju'],
  ['lubantong-18.', null, 'xianwei-ban'],
  ['lubantong-24.', 'jiaotong-wanzhang-lingdao-xiaozu', 'jiaojing-dadui'],
  ['zhengbanfa-5.zongti-', 'fazhan-liuzhang-zong-zhihui-zhongxin', 'xian-zhengfu-duchashi'],
  ['zhengbanfa-5.fangfan-', 'fangfan-huajie-fengxian-zujizhang-zhuanban', 'caizheng-ju'],
  ['zhengbanfa-5.minsheng-', 'zhongdian-minsheng-baozhangzhang-zhuanban', 'renshe-ju'],
  ['zhengbanfa-5.anquan-', 'anquan-shengchan-fanshenzhang-zhuanban', 'yingji-guanli-ju'],
  ['zhengbanfa-5.youhua-', 'youhua-fazhan-huanjing-chijiuzhang-zhuanban', 'youhua-yingshang-huanjing-zhuanban'],
  ['zhengbanfa-5.fayuan-', 'youhua-fazhan-huanjing-chijiuzhang-zhuanban', 'youhua-yingshang-huanjing-zhuanban'],
  ['zhengbanfa-7.', 'sansong-gongzuo-zhuanban', 'youhua-yingshang-huanjing-zhuanban'],
  ['zhengbanhan-24.', null, 'xian-zhengfu-ban'],
  ['zhengbanhan-29.', 'chengxiang-keyun-lingdao-xiaozu', 'xian-zhengfu-ban'],
  ['zhengbanhan-33.', 'quanmin-chuangye-lingdao-xiaozu', 'renshe-ju'],
  ['zhengbanhan-35.', 'feiqi-qiche-zhili-zhuanban', 'xian-zhengfu-ban'],
];

/** The entry a definition was made of: one subject's share of it has the subject's code behind its own. */
export function entryOf(code: string): Entry {
  const entry = entries.get(code) ?? entries.get(code.slice(0, code.lastIndexOf('.')));
  if (entry === undefined) throw new Error(`${code} stands in no file.`);
  return entry;
}

export function standing({ documentNumber, from, until }: Entry): readonly [from: string, until: string] {
  const [first, last] = STANDS[documentNumber] ?? ['', ''];
  return [from ?? first, until ?? last];
}

// Days, by hand. 国办发明电〔2022〕16号 and the first day of 国办发明电〔2023〕7号.

const OFF = new Set([
  ...['2023-06-22', '2023-06-23', '2023-06-24'],
  ...['2023-09-29', '2023-09-30', '2023-10-01', '2023-10-02', '2023-10-03', '2023-10-04', '2023-10-05', '2023-10-06'],
  '2024-01-01',
]);
const MADE_UP = new Set(['2023-06-25', '2023-10-07', '2023-10-08']);

function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
/** 1 Monday to 7 Sunday. */
function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}
function isWorking(day: string): boolean {
  return MADE_UP.has(day) || (weekdayOf(day) <= 5 && !OFF.has(day));
}
function midnight(day: string): string {
  return `${day}T00:00:00+08:00`;
}
/** The nth working day from a day on, which is the 0th when it is one. */
function workingDay(day: string, nth: number): string {
  let [found, left] = [day, nth];
  for (; !isWorking(found) || left > 0; found = dayAfter(found)) if (isWorking(found)) left -= 1;
  return found;
}
function lastWorkingDay(day: string): string {
  let found = day;
  while (!isWorking(found)) found = dayAfter(found, -1);
  return found;
}

// When it falls due.

function dueDays(entry: Entry): readonly string[] {
  const [from, until] = standing(entry);
  const days: string[] = [];
  for (let day = FIRST; day <= LAST; day = dayAfter(day)) {
    if (day >= from && day <= until && fallsDue(entry.period, day, until)) days.push(day);
  }
  return days;
}

/** A day that is printed stands; without one a period ends on its last day, or with the duty. */
function fallsDue(period: Entry['period'], day: string, until: string): boolean {
  const [, month, date] = day.split('-').map(Number) as [number, number, number];
  const endsMonth = dayAfter(day).endsWith('-01');
  switch (period.every) {
    case 'week':
      return period.weekday === null ? weekdayOf(day) === 7 || day === until : weekdayOf(day) === period.weekday;
    case 'month':
      return period.day === null ? endsMonth || day === until : date === period.day;
    case 'quarter':
      return (endsMonth && month % 3 === 0) || day === until;
    case 'half_year':
      return (endsMonth && month % 6 === 0) || day === until;
    case 'year':
      return period.month === null ? (month === 12 && date === 31) || day === until : isDay(period, month, date);
    case 'campaign':
      return day === until;
    case 'event':
    case 'unspecified':
      return false;
  }
}

function isDay(period: { month: number | null; day: number | null }, month: number, date: number): boolean {
  return period.month === month && period.day === date;
}

// Who is told.

type Group = (typeof bundle.groups)[number];
const groups = new Map(bundle.groups.map((group) => [group.code, group]));
const unitOfPost = new Map(bundle.posts.map(({ code, unit }) => [code, unit]));
const heads = new Map(bundle.posts.filter(({ head }) => head).map(({ code, unit }) => [unit, code]));
/** All appointments of the gazette begin before the story does, or end before it. */
const held = new Set(bundle.appointments.filter(({ to }) => (to ?? null) === null).map(({ post }) => post));
const isHeld = (post: string | null | undefined): post is string => post != null && held.has(post);

function told(seats: readonly (string | null | undefined)[], otherwise: () => string): string {
  const post = seats.find(isHeld);
  return post === undefined ? otherwise() : `post:${post}`;
}
const hostHead = ({ office }: Group) => (office === null ? null : heads.get(office.hostUnit));
const administrator = () => told(['xian-zhengfu-ban.zhuren'], () => 'administrators');
function above({ parent }: Group): string {
  const group = groups.get(parent ?? '');
  return group === undefined ? administrator() : office(group);
}
function office(group: Group): string {
  if (group.office === null) return above(group);
  return told([group.office.director, group.office.deputyDirector, hostHead(group)], () => above(group));
}
const deputy = (group: Group) =>
  told([group.firstDeputy, ...group.deputies, group.leader, hostHead(group)], () => above(group));
const leader = (group: Group) =>
  told([group.leader, group.firstDeputy, ...group.deputies, hostHead(group)], () => above(group));

/** The three steps of the ladder. */
function ladderOf(code: string): readonly (readonly string[])[] {
  const [, groupCode, requester] = ANSWERING.find(([begins]) => code.startsWith(begins)) ?? [];
  if (requester === undefined) throw new Error(`Nobody answers for ${code}.`);
  const group = groups.get(groupCode ?? '');
  const supervision = 'unit:xian-zhengfu-duchashi';
  if (group === undefined) return [[`unit:${requester}`], [administrator()], [administrator(), supervision]];
  return [[office(group)], [deputy(group)], [leader(group), supervision]];
}

/** Whoever holds the post; its unit while it is vacant. */
export function ownerOf(owner: string): string {
  const post = owner.startsWith('post:') ? owner.slice('post:'.length) : null;
  return post === null || isHeld(post) ? owner : `unit:${unitOfPost.get(post)}`;
}

// What is to be read back of one owner's share.

export interface Happened {
  readonly at: string;
  readonly type: string;
  readonly due: string | null;
  readonly step: number | null;
  readonly to: readonly string[];
}
export const happened = (at: string, type: string, more: Partial<Happened> = {}): Happened => ({
  ...{ at, type, due: null, step: null, to: [] },
  ...more,
});

export function expected(
  code: string,
  owner: string,
): { readonly due: readonly string[]; readonly events: Happened[] } {
  const entry = entryOf(code);
  const [from, until] = standing(entry);
  const days = dueDays(entry);
  const told = ownerOf(owner);
  const events = [happened(OPENED, 'DutyOpened')];
  // The next turn is opened when the one before has fallen due: the first stands in the opening itself.
  for (const day of days.slice(0, -1)) events.push(happened(midnight(dayAfter(day)), 'PeriodOpened'));
  if (until > LAST && days.length > 0) events.push(happened(YEAR_ENDS, 'PeriodOpened'));
  if (until <= LAST) events.push(happened(midnight(dayAfter(until)), 'DutyEnded'));
  for (const [index, day] of days.entries()) {
    const former = days[index - 1];
    events.push(...missed(code, day, former === undefined ? undefined : midnight(dayAfter(former)), told));
  }
  events.push(...behind(entry, days, from, until, told));
  events.push(...reporting(entry, days, until));
  return { due: days.map((day) => midnight(dayAfter(day))), events };
}

/** Reminded a working day before, missed at 24:00, and up the ladder: after 2 and 5 working days. */
function missed(code: string, day: string, before: string | undefined, owner: string): readonly Happened[] {
  const due = midnight(dayAfter(day));
  const last = lastWorkingDay(day);
  const reminded = midnight(dayAfter(lastWorkingDay(dayAfter(last, -1))));
  const steps = [due, ...[2, 5].map((days) => midnight(workingDay(dayAfter(day), days)))];
  return [
    // A turn is opened when the one before it has fallen due; in the long holidays that is too late for the day before.
    happened(before !== undefined && before > reminded ? before : reminded, 'UnitReminded', { due, to: [owner] }),
    happened(due, 'LimitMissed', { due }),
    ...ladderOf(code).map((to, step) => happened(steps[step] ?? '', 'Escalated', { due, step, to: [...new Set(to)] })),
  ];
}

/** Of a number to reach in each period nothing is done: the mark comes when an even pace would have done the first. */
function behind(
  entry: Entry,
  days: readonly string[],
  from: string,
  until: string,
  owner: string,
): readonly Happened[] {
  const { quota, period } = entry;
  if (quota === null || quota.count <= 1) return [];
  // A campaign that ends later is running still.
  const ends = period.every === 'campaign' && days.length === 0 ? [until] : days;
  return ends.map((day) => {
    const begins = period.every === 'campaign' ? from : `${day.slice(0, 8)}01`;
    const begun = Date.parse(midnight(begins < from ? from : begins));
    const first = begun + Math.ceil((Date.parse(midnight(dayAfter(day))) - begun) / quota.count);
    return happened(instant(Math.max(first, Date.parse(OPENED))), 'DutyFellBehind', { to: [owner] });
  });
}

// What is reported (通报、总结).

/** Duties that circulate or sum up by the calendar: whose plans, and in whose name. */
const REPORTING: Readonly<Record<string, { plans: (code: string) => boolean; desk: string; leading: string }>> = {
  ...Object.fromEntries(
    ['zhengbanfa-5.zongti-yue-tongbao', 'zhengbanfa-5.zongti-ji-zongjie'].map((code) => [
      code,
      {
        plans: (plan: string) => documentOf(plan) === '泸政办发〔2023〕5号',
        desk: 'fazhan-liuzhang-zong-zhihui-zhongxin',
        leading: 'fazhan-liuzhang-lingdao-xiaozu',
      },
    ]),
  ),
  'zhengbanfa-5.youhua-yuanqu-yue-tongbao': ofPlan('luxi-2023-youhua', 'youhua-fazhan-huanjing-chijiuzhang-zhuanban'),
  'zhengbanfa-7.yue-tongbao': ofPlan('luxi-2023-sansong', 'sansong-gongzuo-zhuanban'),
  'lubantong-24.xiangzhen-tongbao-paiming': ofPlan('luxi-2023-jiaotong-wanzhang', 'jiaotong-wanzhang-lingdao-xiaozu'),
};

function ofPlan(only: string, group: string) {
  return { plans: (plan: string) => plan === only, desk: group, leading: group };
}
function documentOf(plan: string): string | undefined {
  return bundle.plans.find(({ code }) => code === plan)?.documentNumber;
}

const morningOf = (day: string) => `${lastWorkingDay(day)}T08:30:00+08:00`;

/** Planned as each turn opens, asked for on the morning of its last working day. */
function reporting(entry: Entry, days: readonly string[], until: string): readonly Happened[] {
  if (REPORTING[entry.code] === undefined) return [];
  const opened = [OPENED, ...days.slice(0, -1).map((day) => midnight(dayAfter(day)))];
  return [
    ...[...opened, ...(until > LAST ? [YEAR_ENDS] : [])].map((at) => happened(at, 'ReportScheduled')),
    ...days.map((day) => happened(morningOf(day), 'ReportAsked')),
  ];
}

/** Every report of the year, once whoever owes it, and the mailboxes it is sent to: there are no tasks, and no lead units. */
export function reportsIssued(): readonly {
  readonly id: string;
  readonly at: string;
  readonly to: readonly string[];
}[] {
  return Object.entries(REPORTING).flatMap(([code, { plans, desk, leading }]) =>
    bundle.plans
      .filter((plan) => plans(plan.code))
      .flatMap((plan) =>
        dueDays(entryOf(code)).map((day) => ({
          id: `report_${plan.code}:${code}:${turnOf(entryOf(code).period, day)}`,
          at: morningOf(day),
          to: code.includes('yuanqu')
            ? ['unit:gaoxinqu-guanweihui', office(groupNamed(desk))]
            : [
                ...new Set(
                  [desk, plan.group].map((each) => office(groupNamed(each))).concat(leadersOf(leading, plan.group)),
                ),
              ],
        })),
      ),
  );
}

function turnOf({ every }: Entry['period'], day: string): string {
  if (every === 'quarter') return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  return every === 'year' ? day.slice(0, 4) : day.slice(0, 7);
}

function groupNamed(code: string): Group {
  const group = groups.get(code);
  if (group === undefined) throw new Error(`There is no ${code}.`);
  return group;
}

function leadersOf(...codes: readonly string[]): string[] {
  return codes.flatMap((code) => {
    const { leader, firstDeputy, deputies } = groupNamed(code);
    return [leader, firstDeputy, ...deputies].flatMap((post) => (post == null ? [] : ownerOf(`post:${post}`)));
  });
}

function instant(at: number): string {
  const local = new Date(at + 8 * 3_600_000).toISOString();
  return `${local.slice(0, 19)}${local.slice(19, 23) === '.000' ? '' : local.slice(19, 23)}+08:00`;
}

export const order = (a: Happened, b: Happened) => key(a).localeCompare(key(b));
const key = ({ at, type, due, step }: Happened) => `${Date.parse(at)} ${type} ${due} ${step}`;
