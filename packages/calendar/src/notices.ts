import type { HolidayTable } from './holidays.ts';
import { isPlainDate, type PlainDate } from './plain-date.ts';

/** A date that a notice names. */
export interface NoticeDay {
  readonly date: PlainDate;
  /** The holiday, 春节. */
  readonly name: string;
}

/** The State Council's notice of one year, entered as data before the library knows it. */
export interface HolidayNotice {
  readonly year: number;
  /** Where it was published, 国办发明电〔2025〕7号. */
  readonly source: string;
  /** Weekends within a holiday may be named or left out. */
  readonly daysOff: readonly NoticeDay[];
  readonly makeUpDays: readonly NoticeDay[];
}

/** What the notices say of a date. */
interface NamedDay {
  readonly dayOff: string | null;
  readonly makeUpDay: string | null;
}

// New Year's days off and make-up days reach back into the year before, so far to the 29th; no
// other holiday comes near.
const newYearDays = '12-25';

const yearOf = (date: PlainDate) => Number(date.slice(0, 4));
const isNewYearDay = (date: PlainDate) => date.slice(5) >= newYearDays;

function assertNotice({ year, daysOff, makeUpDays }: HolidayNotice): void {
  if (!(Number.isInteger(year) && year >= 1 && year <= 9999)) throw new RangeError(`Not a notice's year: ${year}`);
  for (const { date } of [...daysOff, ...makeUpDays]) {
    if (!isPlainDate(date)) throw new RangeError(`Not a date (YYYY-MM-DD): ${date}`);
    if (yearOf(date) !== year && !(yearOf(date) === year - 1 && isNewYearDay(date))) {
      throw new RangeError(`The notice of ${year} cannot name ${date}`);
    }
  }
  const off = new Set(daysOff.map(({ date }) => date));
  const both = makeUpDays.find(({ date }) => off.has(date));
  if (both !== undefined) throw new RangeError(`The notice of ${year} names ${both.date} as a day off and as working`);
}

function namedDays(notices: Iterable<HolidayNotice>): ReadonlyMap<PlainDate, NamedDay> {
  const named = new Map<PlainDate, NamedDay>();
  for (const { daysOff, makeUpDays } of notices) {
    for (const { date, name } of daysOff) named.set(date, { dayOff: name, makeUpDay: null });
    for (const { date, name } of makeUpDays) {
      named.set(date, { dayOff: null, makeUpDay: name.endsWith('班') ? name : `${name}调休上班` });
    }
  }
  return named;
}

/**
 * The table with notices laid over it. A notice makes its year known; for a year that the table
 * knows it replaces the table's days, since what a county enters is newer than a library. Of two
 * notices for one year the later in the list counts; of two years' notices naming one date, the
 * later year's.
 *
 * The table's days from 25 December on come from the next year's notice: replacing a year leaves
 * them alone, replacing the next year replaces them.
 *
 * @throws RangeError when a year is not 1 to 9999, a date does not exist or lies neither in the
 * notice's year nor in the seven days before it, or a date is both off and a make-up day.
 */
export function withNotices(table: HolidayTable, notices: readonly HolidayNotice[]): HolidayTable {
  if (notices.length === 0) return table;
  for (const notice of notices) assertNotice(notice);
  const byYear = new Map(notices.map((notice) => [notice.year, notice]));
  const named = namedDays([...byYear.values()].sort((one, other) => one.year - other.year));

  function isReplaced(date: PlainDate): boolean {
    const year = yearOf(date);
    return byYear.has(isNewYearDay(date) ? year + 1 : year);
  }

  function dayOf(date: PlainDate): NamedDay {
    const found = named.get(date);
    if (found !== undefined) return found;
    if (isReplaced(date)) return { dayOff: null, makeUpDay: null };
    return { dayOff: table.dayOff(date), makeUpDay: table.makeUpDay(date) };
  }

  return {
    isPublished: (year) => byYear.has(year) || table.isPublished(year),
    dayOff: (date) => dayOf(date).dayOff,
    makeUpDay: (date) => dayOf(date).makeUpDay,
  };
}
