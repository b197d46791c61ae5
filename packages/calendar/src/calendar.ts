import { type CivilCalendar, civilCalendar } from './civil-calendar.ts';
import {
  addWorkingDays,
  addWorkingMinutes,
  type Counted,
  createLocalClock,
  nextWorkingInstant,
  spansOf,
  type WorkingSpan,
  workingDaysBefore,
} from './counting.ts';
import { type DateCounted, type Shifted, type ShiftRule, shift, workingDayBefore } from './day-rules.ts';
import { type HolidayTable, lastPublishedYear, stateCouncilHolidays } from './holidays.ts';
import { formatInstant, type Instant } from './instant.ts';
import { type HolidayNotice, withNotices } from './notices.ts';
import { dayNumberOfDate, minuteMs, type PlainDate, parsePlainDate } from './plain-date.ts';
import { createWorkingDays, type LocalDay } from './working-days.ts';
import { defaultWorkingHours, type HoursSpan, parseWorkingHours } from './working-hours.ts';
import { type WorkingTime, workingMinutesBetween } from './working-time.ts';
import { zoneOf } from './zone.ts';

/**
 * Working days and hours of one jurisdiction. Pure: the answers depend on the arguments, the
 * options and the runtime's time zone data only.
 *
 * A local time that clocks skip is the moment of their change; one they repeat is its first
 * occurrence. Every function throws RangeError for dates that do not exist and for instants outside
 * the years 0001 to 9999.
 */
export interface Calendar extends CivilCalendar {
  /** IANA name, `Asia/Shanghai`. */
  readonly timeZone: string;
  dateOf(at: Instant): PlainDate;
  /** The first instant of that day: 00:00, or later where clocks skip midnight. */
  startOfDay(date: PlainDate): Instant;
  /** 24:00 of that day, which is the start of the next: a due day's deadline. */
  endOfDay(date: PlainDate): Instant;
  /** By the notice and the local days; Monday to Friday where the year's notice is unknown. */
  isWorkingDay(date: PlainDate): boolean;
  /** Whether the State Council's notice of the date's year is known. */
  isPublished(date: PlainDate): boolean;
  /** The last year whose notice is known, 0 when none is. */
  lastPublishedYear(): number;
  /**
   * Whether a notice still to come may change a day of that inclusive range, false for an empty one:
   * a day lies in a year without its notice, or in the last three days of the year before such a year.
   */
  isProvisional(from: PlainDate, to: PlainDate): boolean;
  /** 国庆节, 国庆节调休上班, or the local day's name; null on an ordinary day. */
  dayName(date: PlainDate): string | null;
  /**
   * That many working days later, time of day kept. From a day off it counts from 00:00 of the next
   * working day.
   *
   * @param days - 0 to 1000. 0 gives the instant itself, or 00:00 of the next working day.
   */
  addWorkingDays(at: Instant, days: number): Counted;
  /**
   * That many working days earlier, time of day kept. Midnight is 24:00 of the day before; from a
   * day off it counts from 24:00 of the last working day.
   *
   * @param days - 0 to 1000.
   */
  workingDaysBefore(at: Instant, days: number): Counted;
  /**
   * The first instant by which that many minutes of working time have passed: the end of a span
   * rather than the start of the next.
   *
   * @param minutes - 0 to 1,000,000, fractions to the millisecond. 0 gives the instant itself.
   */
  addWorkingMinutes(at: Instant, minutes: number): Counted;
  /** The instant itself inside working hours, else the next opening. */
  nextWorkingInstant(at: Instant): Instant;
  isWorkingTime(at: Instant): boolean;
  /**
   * The working time between two instants, to explain a clock.
   *
   * @throws RangeError when `from` is after `to`, or more than 3660 days before it.
   */
  workingMinutesBetween(from: Instant, to: Instant): WorkingTime;
  /**
   * The n-th working day strictly before the date, whether or not the date itself is one: what must
   * be reported 提前2个工作日 (泸办通〔2023〕19号 三(三)) is due at the end of that day.
   *
   * @param days - 1 to 1000.
   */
  workingDayBefore(date: PlainDate, days: number): DateCounted;
  /** Where a duty that falls on a day off goes; a working day stays. */
  shift(date: PlainDate, rule: ShiftRule): Shifted;
  /** Minutes that local clocks are ahead of UTC at that instant. */
  offsetMinutes(at: Instant): number;
  /** RFC 3339 with the zone's offset, to the second; milliseconds only when they are not zero. */
  format(at: Instant): string;
  /** The working spans of that date, ascending; none on a day off. */
  spans(date: PlainDate): readonly WorkingSpan[];
}

export interface CalendarOptions {
  /** IANA name, `Asia/Shanghai`. */
  readonly timeZone: string;
  /** 08:00-12:00 and 14:30-17:30 by default. */
  readonly workingHours?: readonly HoursSpan[];
  /** Of two entries for one date the later counts. */
  readonly localDays?: readonly LocalDay[];
  /** The State Council's by default. */
  readonly holidays?: HolidayTable;
  /** Laid over the table, see {@link withNotices}. */
  readonly notices?: readonly HolidayNotice[];
}

/**
 * The calendar of a jurisdiction. Tables are built on first use, a year at a time: keep the
 * calendar rather than make one per question.
 *
 * @throws RangeError for an unknown time zone, wrong working hours or notices, or local days that do
 * not exist.
 */
export function createCalendar(options: CalendarOptions): Calendar {
  const holidays = withNotices(options.holidays ?? stateCouncilHolidays, options.notices ?? []);
  const hours = parseWorkingHours(options.workingHours ?? defaultWorkingHours);
  const days = createWorkingDays(holidays, options.localDays ?? []);
  const zone = zoneOf(options.timeZone);
  const clock = createLocalClock(zone, days);
  let lastPublished: number | null = null;
  return {
    ...civilCalendar,
    timeZone: options.timeZone,
    dateOf: (at) => days.dateOf(clock.dayOf(at)),
    startOfDay: (date) => clock.startOf(dayNumberOfDate(date)),
    endOfDay: (date) => clock.startOf(dayNumberOfDate(date) + 1),
    isWorkingDay: (date) => days.isWorking(dayNumberOfDate(date)),
    isPublished: (date) => holidays.isPublished(parsePlainDate(date).year),
    lastPublishedYear: () => {
      lastPublished ??= lastPublishedYear(holidays);
      return lastPublished;
    },
    isProvisional: (from, to) => days.isProvisional(dayNumberOfDate(from), dayNumberOfDate(to)),
    dayName: (date) => days.nameOf(dayNumberOfDate(date)),
    addWorkingDays: (at, count) => addWorkingDays(clock, at, count),
    workingDaysBefore: (at, count) => workingDaysBefore(clock, at, count),
    addWorkingMinutes: (at, minutes) => addWorkingMinutes(clock, hours, at, minutes),
    nextWorkingInstant: (at) => nextWorkingInstant(clock, hours, at),
    isWorkingTime: (at) => nextWorkingInstant(clock, hours, at) === at,
    workingMinutesBetween: (from, to) => workingMinutesBetween(clock, hours, from, to),
    workingDayBefore: (date, count) => workingDayBefore(days, date, count),
    shift: (date, rule) => shift(days, date, rule),
    offsetMinutes: (at) => zone.offsetAt(at) / minuteMs,
    format: (at) => formatInstant(at, zone.offsetAt(at)),
    spans: (date) => spansOf(clock, hours, dayNumberOfDate(date)),
  };
}
