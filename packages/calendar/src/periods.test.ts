import { expect, test } from 'vitest';
import { createCalendar } from './index.ts';

const calendar = createCalendar({ timeZone: 'Asia/Shanghai' });

test.each([
  ['2023-05-01', '2023-05-10', '2023-05-31', '2023-06-30', '2023-06-30', '2023-12-31'],
  ['2023-05-10', '2023-05-10', '2023-05-31', '2023-06-30', '2023-06-30', '2023-12-31'],
  ['2023-05-11', '2023-05-20', '2023-05-31', '2023-06-30', '2023-06-30', '2023-12-31'],
  ['2023-09-20', '2023-09-20', '2023-09-30', '2023-09-30', '2023-12-31', '2023-12-31'],
  ['2023-09-21', '2023-09-30', '2023-09-30', '2023-09-30', '2023-12-31', '2023-12-31'],
  ['2023-02-28', '2023-02-28', '2023-02-28', '2023-03-31', '2023-06-30', '2023-12-31'],
  ['2024-02-21', '2024-02-29', '2024-02-29', '2024-03-31', '2024-06-30', '2024-12-31'],
  ['2100-02-21', '2100-02-28', '2100-02-28', '2100-03-31', '2100-06-30', '2100-12-31'],
  ['2024-06-30', '2024-06-30', '2024-06-30', '2024-06-30', '2024-06-30', '2024-12-31'],
  ['2024-07-01', '2024-07-10', '2024-07-31', '2024-09-30', '2024-12-31', '2024-12-31'],
  ['2023-12-31', '2023-12-31', '2023-12-31', '2023-12-31', '2023-12-31', '2023-12-31'],
  ['0001-01-01', '0001-01-10', '0001-01-31', '0001-03-31', '0001-06-30', '0001-12-31'],
  ['9999-12-31', '9999-12-31', '9999-12-31', '9999-12-31', '9999-12-31', '9999-12-31'],
])('of %s the 旬 ends %s, the month %s, the quarter %s, the half %s, the year %s', (date, ...ends) => {
  const { endOfTenDays, endOfMonth, endOfQuarter, endOfHalfYear, endOfYear } = calendar;
  expect([endOfTenDays, endOfMonth, endOfQuarter, endOfHalfYear, endOfYear].map((end) => end(date))).toEqual(ends);
});

test.each([
  ['the measures of 泸办通〔2023〕18号, 自印发之日起3个月内', '2023-04-24', 3, '2023-07-24'],
  ['onto the leap day', '2023-11-30', 3, '2024-02-29'],
  ['past it', '2022-11-30', 3, '2023-02-28'],
  ['from the leap day', '2024-02-29', 12, '2025-02-28'],
  ['from leap day to leap day', '2024-02-29', 48, '2028-02-29'],
  ['a month without the 31st', '2023-08-31', 1, '2023-09-30'],
  ['over New Year', '2023-12-31', 1, '2024-01-31'],
  ['to December', '2023-01-15', 11, '2023-12-15'],
  ['none', '2023-01-31', 0, '2023-01-31'],
  ['a century', '2000-02-29', 1_200, '2100-02-28'],
])('%s: %s + %i months is %s', (_name, date, months, result) => {
  expect(calendar.addMonths(date, months)).toBe(result);
});

test.each([
  ['7日内, the day of the event not counted', '2023-05-15', 7, '2023-05-22'],
  ['the same day', '2023-05-15', 0, '2023-05-15'],
  ['over the leap day', '2024-02-27', 3, '2024-03-01'],
  ['over holidays, which count', '2026-02-14', 10, '2026-02-24'],
  ['ten years', '2020-01-01', 3_660, '2030-01-08'],
])('%s: %s + %i days is %s', (_name, date, days, result) => {
  expect(calendar.withinDays(date, days)).toBe(result);
});

test.each<[string, () => unknown]>([
  ['a date that does not exist', () => calendar.endOfMonth('2023-02-29')],
  ['months below zero', () => calendar.addMonths('2023-01-01', -1)],
  ['too many months', () => calendar.addMonths('2023-01-01', 1_201)],
  ['half a month', () => calendar.addMonths('2023-01-01', 0.5)],
  ['a month after the last year', () => calendar.addMonths('9999-12-01', 1)],
  ['days below zero', () => calendar.withinDays('2023-01-01', -1)],
  ['too many days', () => calendar.withinDays('2023-01-01', 3_661)],
  ['half a day', () => calendar.withinDays('2023-01-01', 0.5)],
  ['no number of days', () => calendar.withinDays('2023-01-01', Number.NaN)],
])('%s is refused', (_name, attempt) => {
  expect(attempt).toThrow(RangeError);
});
