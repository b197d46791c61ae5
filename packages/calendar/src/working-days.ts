import type { HolidayTable } from './holidays.ts';
import {
  assertDayNumber,
  type DayNumber,
  dateOfDayNumber,
  dayNumberOf,
  isPlainDate,
  type PlainDate,
  weekdayOf,
  yearMonthDayOf,
} from './plain-date.ts';

/** A jurisdiction's own day off (州庆) or working day; it goes before the State Council's notice. */
export interface LocalDay {
  readonly date: PlainDate;
  readonly working: boolean;
  readonly name: string;
}

/** As many as can be counted at once: four years of them. */
export const MAX_WORKING_DAYS = 1_000;

/** @throws RangeError unless the count is a whole number from `min` to 1000. */
export function assertWorkingDays(count: number, min: 0 | 1): void {
  if (!Number.isInteger(count) || count < min || count > MAX_WORKING_DAYS) {
    throw new RangeError(`Working days must be a whole number from ${min} to ${MAX_WORKING_DAYS}: ${count}`);
  }
}

/** Which days work, by day number; no clock and no zone. */
export interface WorkingDays {
  dateOf(day: DayNumber): PlainDate;
  isWorking(day: DayNumber): boolean;
  nameOf(day: DayNumber): string | null;
  /** The n-th working day after that day, n ≥ 1. */
  after(day: DayNumber, count: number): DayNumber;
  /** The n-th working day before that day, n ≥ 1. */
  before(day: DayNumber, count: number): DayNumber;
  /** The working days of an inclusive range, ascending; none when it is empty. */
  workingBetween(from: DayNumber, to: DayNumber): PlainDate[];
  /** The days off of an inclusive range, ascending; none when it is empty. */
  offBetween(from: DayNumber, to: DayNumber): PlainDate[];
  /** Whether a notice still to come may change a day of that inclusive range. */
  isProvisional(from: DayNumber, to: DayNumber): boolean;
}

/** Everything asked about one year, so that counting never walks days nor asks the table. */
interface Year {
  readonly first: DayNumber;
  readonly last: DayNumber;
  readonly dates: readonly PlainDate[];
  readonly names: readonly (string | null)[];
  /** Working days of the year before each index; one entry more than there are days. */
  readonly workingBefore: Uint16Array;
  /** Index in the year of its k-th working day. */
  readonly workingIndex: Uint16Array;
  readonly working: readonly PlainDate[];
  readonly off: readonly PlainDate[];
  /** Later days of the year may still change. */
  readonly settledUntil: DayNumber;
}

// Make-up and days off for New Year come from the next year's notice and have reached back to
// 29 December (2007, 2018).
const daysOpenToNextNotice = 3;

function dayKind(date: PlainDate, day: DayNumber, holidays: HolidayTable, local: LocalDay | undefined) {
  if (local !== undefined) return { working: local.working, name: local.name };
  const makeUp = holidays.makeUpDay(date);
  if (makeUp !== null) return { working: true, name: makeUp };
  const off = holidays.dayOff(date);
  if (off !== null) return { working: false, name: off };
  return { working: weekdayOf(day) <= 5, name: null };
}

function settledUntil(year: number, first: DayNumber, last: DayNumber, holidays: HolidayTable): DayNumber {
  if (!holidays.isPublished(year)) return first - 1;
  return holidays.isPublished(year + 1) ? last : last - daysOpenToNextNotice;
}

function buildYear(year: number, holidays: HolidayTable, localDays: ReadonlyMap<PlainDate, LocalDay>): Year {
  const first = dayNumberOf(year, 1, 1);
  const last = dayNumberOf(year, 12, 31);
  const dates: PlainDate[] = [];
  const names: (string | null)[] = [];
  const working: PlainDate[] = [];
  const off: PlainDate[] = [];
  const indexes: number[] = [];
  const workingBefore = new Uint16Array(last - first + 2);
  for (let day = first; day <= last; day += 1) {
    const date = dateOfDayNumber(day);
    const kind = dayKind(date, day, holidays, localDays.get(date));
    if (kind.working) indexes.push(day - first);
    (kind.working ? working : off).push(date);
    dates.push(date);
    names.push(kind.name);
    workingBefore[day - first + 1] = working.length;
  }
  return {
    first,
    last,
    dates,
    names,
    workingBefore,
    workingIndex: Uint16Array.from(indexes),
    working,
    off,
    settledUntil: settledUntil(year, first, last, holidays),
  };
}

/** Dates come from outside; a cache that reaches this size is dropped whole. */
const maxCachedYears = 64;

/** A lazy cache of years, by day number. */
function yearCache(holidays: HolidayTable, localDays: ReadonlyMap<PlainDate, LocalDay>): (day: DayNumber) => Year {
  const years = new Map<number, Year>();
  let latest: Year | null = null;
  return (day) => {
    if (latest !== null && day >= latest.first && day <= latest.last) return latest;
    const number = yearMonthDayOf(assertDayNumber(day)).year;
    let year = years.get(number);
    if (year === undefined) {
      year = buildYear(number, holidays, localDays);
      if (years.size >= maxCachedYears) years.clear();
      years.set(number, year);
    }
    latest = year;
    return year;
  };
}

function workingRank(year: Year, index: number): number {
  return year.workingBefore[index] as number;
}

function dayOfRank(year: Year, rank: number): DayNumber {
  return year.first + (year.workingIndex[rank] as number);
}

function counting(yearOf: (day: DayNumber) => Year): Pick<WorkingDays, 'after' | 'before'> {
  return {
    after: (day, count) => {
      let year = yearOf(day);
      let rank = workingRank(year, day - year.first + 1) + count - 1;
      while (rank >= year.working.length) {
        rank -= year.working.length;
        year = yearOf(year.last + 1);
      }
      return dayOfRank(year, rank);
    },
    before: (day, count) => {
      let year = yearOf(day);
      let rank = workingRank(year, day - year.first) - count;
      while (rank < 0) {
        year = yearOf(year.first - 1);
        rank += year.working.length;
      }
      return dayOfRank(year, rank);
    },
  };
}

/**
 * @throws RangeError when a local day's date does not exist. Its functions throw RangeError for
 * days outside the years 0001 to 9999.
 */
export function createWorkingDays(holidays: HolidayTable, localDays: readonly LocalDay[]): WorkingDays {
  for (const { date } of localDays) {
    if (!isPlainDate(date)) throw new RangeError(`Not a date (YYYY-MM-DD): ${date}`);
  }
  const yearOf = yearCache(holidays, new Map(localDays.map((day) => [day.date, day])));

  function overYears(from: DayNumber, to: DayNumber, visit: (year: Year, start: number, end: number) => void): void {
    for (let day = from; day <= to; ) {
      const year = yearOf(day);
      visit(year, day - year.first, Math.min(to, year.last) - year.first + 1);
      day = year.last + 1;
    }
  }

  return {
    ...counting(yearOf),
    dateOf: (day) => {
      const year = yearOf(day);
      return year.dates[day - year.first] as PlainDate;
    },
    isWorking: (day) => {
      const year = yearOf(day);
      return workingRank(year, day - year.first + 1) > workingRank(year, day - year.first);
    },
    nameOf: (day) => {
      const year = yearOf(day);
      return year.names[day - year.first] ?? null;
    },
    workingBetween: (from, to) => {
      let found: PlainDate[] = [];
      overYears(from, to, (year, start, end) => {
        const part = year.working.slice(workingRank(year, start), workingRank(year, end));
        found = found.length === 0 ? part : found.concat(part);
      });
      return found;
    },
    offBetween: (from, to) => {
      let found: PlainDate[] = [];
      overYears(from, to, (year, start, end) => {
        const part = year.off.slice(start - workingRank(year, start), end - workingRank(year, end));
        found = found.length === 0 ? part : found.concat(part);
      });
      return found;
    },
    isProvisional: (from, to) => {
      let provisional = false;
      overYears(from, to, (year, _start, end) => {
        provisional ||= year.first + end - 1 > year.settledUntil;
      });
      return provisional;
    },
  };
}
