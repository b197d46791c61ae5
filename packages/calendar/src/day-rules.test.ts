import { describe, expect, test } from 'vitest';
import { createCalendar, SHIFT_RULES } from './index.ts';

const calendar = createCalendar({ timeZone: 'Asia/Shanghai' });

/** The dates of an inclusive range. */
function days(from: string, to: string): string[] {
  const found: string[] = [];
  for (let date = from; date <= to; date = calendar.addDays(date, 1)) found.push(date);
  return found;
}

describe('working days before a date', () => {
  test.each([
    [
      '提前2个工作日 over the Spring Festival, the make-up day counted (泸办通〔2023〕19号 三(三))',
      '2026-02-24',
      2,
      ['2026-02-13', '2026-02-14'],
      days('2026-02-15', '2026-02-23'),
    ],
    ['one, onto the make-up day', '2026-02-24', 1, ['2026-02-14'], days('2026-02-15', '2026-02-23')],
    ['of a day off', '2023-10-03', 1, ['2023-09-28'], days('2023-09-29', '2023-10-02')],
    ['of a weekend', '2023-09-03', 2, ['2023-08-31', '2023-09-01'], ['2023-09-02']],
    ['of the first day after one', '2023-09-04', 1, ['2023-09-01'], ['2023-09-02', '2023-09-03']],
    ['of an ordinary day', '2023-09-14', 2, ['2023-09-12', '2023-09-13'], []],
    ['after make-up days', '2023-10-09', 2, ['2023-10-07', '2023-10-08'], []],
    ['over New Year', '2024-01-02', 1, ['2023-12-29'], days('2023-12-30', '2024-01-01')],
    ['onto the leap day', '2024-03-01', 1, ['2024-02-29'], []],
    [
      'over the make-up Sunday before May Day',
      '2025-05-06',
      2,
      ['2025-04-29', '2025-04-30'],
      days('2025-05-01', '2025-05-05'),
    ],
  ])('%s: %s - %i', (_name, date, count, counted, skipped) => {
    const expected = { date: counted[0], counted, skipped, provisional: false };
    expect(calendar.workingDayBefore(date, count)).toEqual(expected);
  });

  test.each([
    ['2026-12-29', 1, false],
    ['2026-12-30', 1, true],
    ['2027-01-04', 1, true],
    ['2031-05-07', 1, true],
  ])('provisional, %s - %i: %s', (date, count, provisional) => {
    expect(calendar.workingDayBefore(date, count).provisional).toBe(provisional);
  });

  test.each([0, 1_001, 1.5, -1, Number.NaN])('%d days are refused', (count) => {
    expect(() => calendar.workingDayBefore('2026-02-24', count)).toThrow(RangeError);
  });
});

describe('a duty that falls on a day off', () => {
  const nationalDay = days('2023-09-29', '2023-10-06');

  test.each([
    ['2023-10-01', 'keep', '2023-10-01', []],
    ['2023-10-01', 'next', '2023-10-07', nationalDay.slice(2)],
    ['2023-10-01', 'previous', '2023-09-28', nationalDay.slice(0, 3)],
    ['2023-10-07', 'next', '2023-10-07', []],
    ['2023-10-07', 'previous', '2023-10-07', []],
    ['2023-12-31', 'next', '2024-01-02', ['2023-12-31', '2024-01-01']],
    ['2024-01-01', 'previous', '2023-12-29', days('2023-12-30', '2024-01-01')],
    ['2023-06-25', 'next', '2023-06-25', []],
    ['2023-06-24', 'next', '2023-06-25', ['2023-06-24']],
    ['2024-05-11', 'previous', '2024-05-11', []],
  ] as const)('%s, %s: %s', (date, rule, moved, skipped) => {
    expect(calendar.shift(date, rule)).toEqual({ date: moved, skipped, provisional: false });
  });

  test.each([
    ['2026-12-27', 'next', '2026-12-28', false],
    ['2026-12-30', 'next', '2026-12-30', true],
    ['2027-01-02', 'previous', '2027-01-01', true],
    ['2027-01-02', 'next', '2027-01-04', true],
    ['2027-01-02', 'keep', '2027-01-02', false],
  ] as const)('%s, %s: %s, provisional %s', (date, rule, moved, provisional) => {
    expect(calendar.shift(date, rule)).toMatchObject({ date: moved, provisional });
  });

  test.each(SHIFT_RULES)('a date that does not exist is refused, %s', (rule) => {
    expect(() => calendar.shift('2023-02-29', rule)).toThrow(RangeError);
  });
});

describe('what a notice may still change', () => {
  test.each([
    ['2026-12-01', '2026-12-28', false],
    ['2026-12-01', '2026-12-29', true],
    ['2025-12-31', '2025-12-31', false],
    ['2027-03-01', '2027-03-01', true],
    ['2003-12-31', '2004-01-01', true],
    ['2027-03-02', '2027-03-01', false],
  ])('%s to %s: %s', (from, to, provisional) => {
    expect(calendar.isProvisional(from, to)).toBe(provisional);
  });
});
