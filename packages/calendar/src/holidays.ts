import notices from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { type PlainDate, pad } from './plain-date.ts';

/** The State Council's yearly notices on holidays (国务院办公厅关于部分节假日安排的通知). */
export interface HolidayTable {
  /** Whether the notice of that year is known. */
  isPublished(year: number): boolean;
  /** The holiday a date off belongs to (国庆节), weekends within it included; null when the notices do not name the date. */
  dayOff(date: PlainDate): string | null;
  /** The name of a make-up working day (国庆节调休上班); null on any other date. */
  makeUpDay(date: PlainDate): string | null;
}

const daysOff: Readonly<Record<PlainDate, string>> = notices.holidays;

// 2006's notice makes 2005-12-31 a working day; the library quotes the sentence but lacks the row.
const makeUpDays: Readonly<Record<PlainDate, string>> = { '2005-12-31': "New Year's Day,元旦,1", ...notices.workdays };

/** The library's short names in the notices' own words. */
const fullNames: Readonly<Record<string, string>> = { 清明: '清明节', 端午: '端午节', 中秋: '中秋节' };

/** An entry reads `National Day,国庆节,3`. */
function chineseName(entry: string | undefined): string | null {
  const name = entry?.split(',')[1];
  return name === undefined ? null : (fullNames[name] ?? name);
}

/**
 * The notices since 2004, from the data file of the library chinese-days.
 *
 * Why this library: it lags the notices least, agrees with them, and offers its table as plain
 * data, so that nothing of its code runs. Its code generates the table at import by local-time
 * `Date`s (20 ms), answers for unknown years as if they were known, and its `findWorkday` reads
 * the clock. The data are 37 kB, 44 kB as esbuild escapes them, 3 kB compressed, and cost about
 * 1 ms to load; tyme4ts bundles to 218 kB and lacks two make-up days of 2013.
 *
 * Every notice gives National Day, and nothing of another year's notice falls on 1 October, so that
 * date tells whether a year is known: days of late December can come from the next year's notice.
 */
export const stateCouncilHolidays: HolidayTable = {
  isPublished: (year) => daysOff[`${pad(year, 4)}-10-01`] !== undefined,
  dayOff: (date) => chineseName(daysOff[date]),
  makeUpDay: (date) => {
    const holiday = chineseName(makeUpDays[date]);
    return holiday === null ? null : `${holiday}调休上班`;
  },
};

/** No notice is taken for a later year: each calendar that is made would look for one in thousands of years. */
export const LAST_NOTICEABLE_YEAR = 2199;

/** The last year whose notice is known; years before it may be unknown all the same. 0 when none is. */
export function lastPublishedYear(holidays: HolidayTable): number {
  let year = LAST_NOTICEABLE_YEAR;
  while (year > 0 && !holidays.isPublished(year)) year -= 1;
  return year;
}
