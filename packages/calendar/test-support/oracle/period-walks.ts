import { toNextDate, toPreviousDate } from './counting-walks.ts';
import type { World } from './world.ts';

/** Names the period a date lies in: dates of one period have the same name, neighbouring periods differ. */
export type PeriodName = (year: number, month: number, day: number) => number;

export const periods = {
  tenDays: (_year, _month, day) => (day <= 10 ? 1 : day <= 20 ? 2 : 3),
  month: (_year, month) => month,
  quarter: (_year, month) => (month <= 3 ? 1 : month <= 6 ? 2 : month <= 9 ? 3 : 4),
  halfYear: (_year, month) => (month <= 6 ? 1 : 2),
  year: (year) => year,
} as const satisfies Record<string, PeriodName>;

function partsOf(date: string): readonly [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
}

function dateAt({ minutes }: World, minute: number): string {
  return minutes.dates[minutes.day[minute] as number] as string;
}

/** The first minute of the period after the minute's. */
function toNextPeriod(world: World, from: number, period: PeriodName): number {
  const current = period(...partsOf(dateAt(world, from)));
  let minute = toNextDate(world, from);
  while (period(...partsOf(dateAt(world, minute))) === current) minute = toNextDate(world, minute);
  return minute;
}

export function slowlyFindEnd(world: World, minute: number, period: PeriodName): string {
  return dateAt(world, toNextPeriod(world, minute, period) - 1);
}

export function slowlyFindNextMonth(world: World, minute: number): string {
  return dateAt(world, toNextPeriod(world, minute, periods.month));
}

export function slowlyAddMonths(world: World, from: number, months: number): string {
  const wanted = partsOf(dateAt(world, from))[2];
  let minute = from;
  if (months === 0) return dateAt(world, minute);
  for (let left = months; left > 0; left -= 1) minute = toNextPeriod(world, minute, periods.month);
  let found = dateAt(world, minute);
  while (partsOf(found)[2] < wanted) {
    minute = toNextDate(world, minute);
    const date = dateAt(world, minute);
    if (partsOf(date)[2] === 1) break;
    found = date;
  }
  return found;
}

export function slowlyCountDays(world: World, from: number, days: number): string {
  let minute = from;
  for (let left = days; left > 0; left -= 1) minute = toNextDate(world, minute);
  return dateAt(world, minute);
}

/** Sunday is 7. */
function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** The week of the date: its Monday, and how many Thursdays of the year of its Thursday there were until then. */
export function slowlyFindWeek(world: World, from: number) {
  let minute = from;
  while (weekday(dateAt(world, minute)) !== 1) minute = toPreviousDate(world, minute);
  const monday = dateAt(world, minute);
  for (let left = 3; left > 0; left -= 1) minute = toNextDate(world, minute);
  const [year] = partsOf(dateAt(world, minute));
  let week = 0;
  for (; partsOf(dateAt(world, minute))[0] === year; minute = toPreviousDate(world, minute)) {
    if (weekday(dateAt(world, minute)) === 4) week += 1;
  }
  const key = `${year}-W${week < 10 ? '0' : ''}${week}`;
  return { weekday: weekday(dateAt(world, from)), week: { year, week }, key, monday };
}
