/** A date of the civil calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export type PlainDate = string;

/** Days since 1970-01-01, on no particular clock. Date arithmetic happens on these. */
export type DayNumber = number;

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

export interface YearMonthDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @param month - 1 to 12; any other has 0 days. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

/**
 * The day number of a year, month and day of the proleptic Gregorian calendar.
 *
 * Years are counted from March so that the leap day comes last; 719468 is the distance from
 * 0000-03-01 to 1970-01-01.
 */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468;
}

/** The inverse of {@link dayNumberOf}. */
export function yearMonthDayOf(dayNumber: DayNumber): YearMonthDay {
  const fromMarch = dayNumber + 719_468;
  const era = Math.floor(fromMarch / 146_097);
  const dayOfEra = fromMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

const firstDayNumber = dayNumberOf(1, 1, 1);
const lastDayNumber = dayNumberOf(9999, 12, 31);

/** @throws RangeError outside the years 0001 to 9999, NaN included. */
export function assertDayNumber(dayNumber: DayNumber): DayNumber {
  if (!(dayNumber >= firstDayNumber && dayNumber <= lastDayNumber)) {
    throw new RangeError('The date is outside the years 0001 to 9999');
  }
  return dayNumber;
}

/** Monday 1 to Sunday 7. 1970-01-01 was a Thursday. */
export function weekdayOf(dayNumber: DayNumber): number {
  return ((((dayNumber + 3) % 7) + 7) % 7) + 1;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

function read(text: string): YearMonthDay | null {
  const match = datePattern.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return { year, month, day };
}

/** Whether the text is a date that exists: 2024-02-29 is one, 2023-02-29 and 2023-2-9 are not. */
export function isPlainDate(text: string): boolean {
  return read(text) !== null;
}

/** @throws RangeError when the text is not a date that exists. */
export function parsePlainDate(text: PlainDate): YearMonthDay {
  const parsed = read(text);
  if (parsed === null) throw new RangeError(`Not a date (YYYY-MM-DD): ${text}`);
  return parsed;
}

/** @throws RangeError when the text is not a date that exists. */
export function dayNumberOfDate(date: PlainDate): DayNumber {
  const { year, month, day } = parsePlainDate(date);
  return dayNumberOf(year, month, day);
}

export function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** @throws RangeError outside the years 0001 to 9999. */
export function dateOfDayNumber(dayNumber: DayNumber): PlainDate {
  const { year, month, day } = yearMonthDayOf(assertDayNumber(dayNumber));
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** @param days - whole days, negative ones go back. */
export function addDays(date: PlainDate, days: number): PlainDate {
  if (!Number.isInteger(days)) throw new RangeError(`Not a whole number of days: ${days}`);
  return dateOfDayNumber(dayNumberOfDate(date) + days);
}
