import {
  type DayNumber,
  dateOfDayNumber,
  dayNumberOf,
  dayNumberOfDate,
  type PlainDate,
  pad,
  weekdayOf,
  yearMonthDayOf,
} from './plain-date.ts';

/** A week of ISO 8601: Monday to Sunday, of the year its Thursday lies in. */
export interface IsoWeek {
  /** Differs from the date's year for up to three days on either side of New Year. */
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
}

const keyPattern = /^(\d{4})-W(\d{2})$/;

function weekOfDay(day: DayNumber): IsoWeek {
  const thursday = day - weekdayOf(day) + 4;
  const { year } = yearMonthDayOf(thursday);
  return { year, week: Math.floor((thursday - dayNumberOf(year, 1, 1)) / 7) + 1 };
}

export function isoWeekOf(date: PlainDate): IsoWeek {
  return weekOfDay(dayNumberOfDate(date));
}

export function isoWeekKey(date: PlainDate): string {
  const { year, week } = isoWeekOf(date);
  return `${pad(year, 4)}-W${pad(week, 2)}`;
}

export function startOfIsoWeek(key: string): PlainDate | null {
  const match = keyPattern.exec(key);
  if (match === null) return null;
  const year = Number(match[1]);
  const week = Number(match[2]);
  // 4 January lies in the first week of every year.
  const fourth = dayNumberOf(year, 1, 4);
  const monday = fourth - weekdayOf(fourth) + 1 + (week - 1) * 7;
  const found = weekOfDay(monday);
  return year >= 1 && found.year === year && found.week === week ? dateOfDayNumber(monday) : null;
}
