import { describe, expect, it } from 'vitest';
import { WEEKLY } from '../../test-support/duty-run.ts';
import { at, STRUCTURE } from '../../test-support/fixtures.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';
import { occasionDueAt, periodNamed, periodsOf } from './periods.ts';

const { calendar } = STRUCTURE;
const duty = (period: DutyPeriod, from: string, until: string, shift: DutyDefinition['shift'] = 'keep') => ({
  ...{ ...WEEKLY, period, from, until, shift },
});
/** Each period as `key first..last due`. */
const listed = (...terms: Parameters<typeof duty>) =>
  [...periodsOf(duty(...terms), calendar)].map(({ key, from, to, dueOn }) => `${key} ${from}..${to} ${dueOn}`);

const week = (weekday: number | null): DutyPeriod => ({ every: 'week', weekday });
const month = (day: number | null): DutyPeriod => ({ every: 'month', day });

describe('a day off', () => {
  const dueDays = (...terms: Parameters<typeof duty>) =>
    [...periodsOf(duty(...terms), calendar)].map(({ key, dueOn }) => `${key} ${dueOn}`);

  it.each<[DutyDefinition['shift'], string[]]>([
    ['keep', ['2023-W39 2023-09-29', '2023-W40 2023-10-06', '2023-W41 2023-10-13']],
    // Saturday the 7th is a make-up day.
    ['next', ['2023-W39 2023-10-07', '2023-W40 2023-10-07', '2023-W41 2023-10-13']],
    // Before both Fridays lies the 28th: the second has no day of its own to be done on.
    ['previous', ['2023-W39 2023-09-28', '2023-W41 2023-10-13']],
  ])('over National Day 2023, every Friday: %s', (shift, expected) => {
    expect(dueDays(week(5), '2023-09-25', '2023-10-15', shift)).toEqual(expected);
  });

  it.each<[DutyDefinition['shift'], string[]]>([
    ['keep', ['2026-W07 2026-02-15', '2026-W08 2026-02-22', '2026-W09 2026-03-01']],
    ['next', ['2026-W07 2026-02-24', '2026-W08 2026-02-24', '2026-W09 2026-03-02']],
    // Saturdays the 14th and 28th are make-up days.
    ['previous', ['2026-W07 2026-02-14', '2026-W09 2026-02-28']],
  ])('over the Spring Festival of 2026, every week: %s', (shift, expected) => {
    expect(dueDays(week(null), '2026-02-09', '2026-03-01', shift)).toEqual(expected);
  });

  it('of a duty of every day falls away where days move: the working days are left', () => {
    const days = (shift: DutyDefinition['shift']) =>
      listed({ every: 'day' }, '2023-09-27', '2023-10-09', shift).map((line) => line.slice(0, 10));
    expect(days('keep')).toHaveLength(13);
    expect(days('next')).toEqual(['2023-09-27', '2023-09-28', '2023-10-07', '2023-10-08', '2023-10-09']);
    expect(days('previous')).toEqual(days('next'));
  });

  it('moves back over New Year, and never to before the duty', () => {
    expect(listed(month(1), '2023-12-01', '2024-01-31', 'previous')).toEqual([
      '2023-12 2023-12-01..2023-12-31 2023-12-01',
      // Done before the month begins: it runs on that day.
      '2024-01 2023-12-29..2024-01-31 2023-12-29',
    ]);
    expect(listed(month(1), '2024-01-01', '2024-01-31', 'previous')).toEqual([]);
  });

  it('may be moved beyond the last day of the duty', () => {
    expect(listed({ every: 'quarter' }, '2023-07-01', '2023-09-30', 'next')).toEqual([
      '2023-Q3 2023-07-01..2023-09-30 2023-10-07',
    ]);
  });

  it('is provisional as long as its year’s notice is to come', () => {
    const last = calendar.lastPublishedYear();
    const provisional = (inYear: number, shift: DutyDefinition['shift']) =>
      periodNamed(duty(month(15), `${inYear}-06-01`, `${inYear}-06-30`, shift), `${inYear}-06`, calendar)?.provisional;
    expect(provisional(last, 'next')).toBe(false);
    expect(provisional(last + 1, 'next')).toBe(true);
    expect(provisional(last + 1, 'keep'), 'no notice moves it').toBe(false);
  });
});

describe('what has happened', () => {
  const event = (withinDays: number | null, shift: DutyDefinition['shift'] = 'keep') =>
    duty({ every: 'event', event: '调整', withinDays }, '2023-05-30', '2023-12-31', shift);

  it('is reported within so many days, the day itself not counted; moved off a day off; or by the duty’s end', () => {
    expect(occasionDueAt(event(7), '2023-09-24', calendar)).toBe(at('2023-10-02T00:00'));
    expect(occasionDueAt(event(7, 'next'), '2023-09-24', calendar)).toBe(at('2023-10-08T00:00'));
    expect(occasionDueAt(event(0), '2023-06-05', calendar)).toBe(at('2023-06-06T00:00'));
    expect(occasionDueAt(event(null), '2023-06-05', calendar)).toBeNull();
  });
});
