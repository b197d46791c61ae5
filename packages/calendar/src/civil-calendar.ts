import { type IsoWeek, isoWeekKey, isoWeekOf, startOfIsoWeek } from './iso-week.ts';
import {
  addMonths,
  endOfHalfYear,
  endOfMonth,
  endOfQuarter,
  endOfTenDays,
  endOfYear,
  startOfNextMonth,
  withinDays,
} from './periods.ts';
import { addDays, dayNumberOfDate, type PlainDate, weekdayOf } from './plain-date.ts';

/**
 * Dates by the civil calendar alone: no zone, no notice, no day off. Every function throws
 * RangeError for dates that do not exist and for results outside the years 0001 to 9999.
 */
export interface CivilCalendar {
  /** @param n - whole days, negative ones go back. */
  addDays(date: PlainDate, n: number): PlainDate;
  /**
   * The last day of a limit of that many days: the day of the event does not count (民法典 201条).
   * 7日内 and 一周内 of an event on the 1st end on the 8th.
   *
   * @param days - whole days, 0 to 3660.
   */
  withinDays(date: PlainDate, days: number): PlainDate;
  /**
   * The same day of a later month, or that month's last day where it has no such day (民法典 202条):
   * 3 months from 2023-11-30 end on 2024-02-29.
   *
   * @param months - whole months, 0 to 1200.
   */
  addMonths(date: PlainDate, months: number): PlainDate;
  /** The last day of the date's 旬: the 10th, the 20th or the month's last. */
  endOfTenDays(date: PlainDate): PlainDate;
  /** The last day of the date's month. */
  endOfMonth(date: PlainDate): PlainDate;
  /** The last day of the date's quarter: 03-31, 06-30, 09-30 or 12-31. */
  endOfQuarter(date: PlainDate): PlainDate;
  /** The last day of the date's half of the year: 06-30 or 12-31. */
  endOfHalfYear(date: PlainDate): PlainDate;
  /** 12-31 of the date's year. */
  endOfYear(date: PlainDate): PlainDate;
  /** The first day of the month after the date's. */
  startOfNextMonth(date: PlainDate): PlainDate;
  /** Monday 1 to Sunday 7. */
  weekdayOf(date: PlainDate): number;
  isoWeekOf(date: PlainDate): IsoWeek;
  /** The week as `2023-W20`. */
  isoWeekKey(date: PlainDate): string;
  /**
   * The Monday of a week written as {@link CivilCalendar.isoWeekKey} writes it.
   *
   * @returns null when the text is anything else, or the year has no such week (2023-W53).
   */
  startOfIsoWeek(key: string): PlainDate | null;
}

export const civilCalendar: CivilCalendar = {
  addDays,
  withinDays,
  addMonths,
  endOfTenDays,
  endOfMonth,
  endOfQuarter,
  endOfHalfYear,
  endOfYear,
  startOfNextMonth,
  weekdayOf: (date) => weekdayOf(dayNumberOfDate(date)),
  isoWeekOf,
  isoWeekKey,
  startOfIsoWeek,
};
