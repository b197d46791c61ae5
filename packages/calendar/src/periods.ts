import {
  addDays,
  dateOfDayNumber,
  dayNumberOf,
  dayNumberOfDate,
  daysInMonth,
  type PlainDate,
  pad,
  parsePlainDate,
} from './plain-date.ts';

const maxMonths = 1_200;
const maxDays = 3_660;

function lastOfMonth(year: number, month: number): PlainDate {
  return dateOfDayNumber(dayNumberOf(year, month, daysInMonth(year, month)));
}

export function endOfTenDays(date: PlainDate): PlainDate {
  const { year, month, day } = parsePlainDate(date);
  if (day > 20) return lastOfMonth(year, month);
  return `${pad(year, 4)}-${pad(month, 2)}-${day > 10 ? 20 : 10}`;
}

export function endOfMonth(date: PlainDate): PlainDate {
  const { year, month } = parsePlainDate(date);
  return lastOfMonth(year, month);
}

export function endOfQuarter(date: PlainDate): PlainDate {
  const { year, month } = parsePlainDate(date);
  return lastOfMonth(year, Math.ceil(month / 3) * 3);
}

export function endOfHalfYear(date: PlainDate): PlainDate {
  const { year, month } = parsePlainDate(date);
  return lastOfMonth(year, month <= 6 ? 6 : 12);
}

export function endOfYear(date: PlainDate): PlainDate {
  return lastOfMonth(parsePlainDate(date).year, 12);
}

export function startOfNextMonth(date: PlainDate): PlainDate {
  return dateOfDayNumber(dayNumberOfDate(endOfMonth(date)) + 1);
}

export function addMonths(date: PlainDate, months: number): PlainDate {
  if (!Number.isInteger(months) || months < 0 || months > maxMonths) {
    throw new RangeError(`Months must be a whole number from 0 to ${maxMonths}: ${months}`);
  }
  const { year, month, day } = parsePlainDate(date);
  const monthsFromYear = month - 1 + months;
  const targetYear = year + Math.floor(monthsFromYear / 12);
  const targetMonth = (monthsFromYear % 12) + 1;
  return dateOfDayNumber(dayNumberOf(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth))));
}

export function withinDays(date: PlainDate, days: number): PlainDate {
  if (!(days >= 0 && days <= maxDays)) throw new RangeError(`Days must be from 0 to ${maxDays}: ${days}`);
  return addDays(date, days);
}
