import { describe, expect, it } from 'vitest';
import { WEEKLY } from '../../test-support/duty-run.ts';
import { at, STRUCTURE } from '../../test-support/fixtures.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';
import { firstPeriodAfter, periodFollowing, periodNamed, periodsOf } from './periods.ts';

const { calendar } = STRUCTURE;
const duty = (period: DutyPeriod, from: string, until: string, shift: DutyDefinition['shift'] = 'keep') => ({
  ...{ ...WEEKLY, period, from, until, shift },
});
/** Each period as `key first..last due`. */
const listed = (...terms: Parameters<typeof duty>) =>
  [...periodsOf(duty(...terms), calendar)].map(({ key, from, to, dueOn }) => `${key} ${from}..${to} ${dueOn}`);

const week = (weekday: number | null): DutyPeriod => ({ every: 'week', weekday });
const month = (day: number | null): DutyPeriod => ({ every: 'month', day });
const year = (inMonth: number | null, day: number | null): DutyPeriod => ({ every: 'year', month: inMonth, day });

describe('each kind of period', () => {
  it.each<[string, Parameters<typeof duty>, string[]]>([
    [
      'a day, Feb 29 among them',
      [{ every: 'day' }, '2024-02-28', '2024-03-01'],
      ['2024-02-28', '2024-02-29', '2024-03-01'].map((day) => `${day} ${day}..${day} ${day}`),
    ],
    [
      'a week on Wednesday, from a Tuesday on; the last has its Wednesday beyond the end',
      [week(3), '2023-05-30', '2023-06-13'],
      ['2023-W22 2023-05-30..2023-06-04 2023-05-31', '2023-W23 2023-06-05..2023-06-11 2023-06-07'],
    ],
    [
      'a week that begins after its weekday',
      [week(3), '2023-06-01', '2023-06-07'],
      ['2023-W23 2023-06-05..2023-06-07 2023-06-07'],
    ],
    [
      'a week without a weekday: its Sunday, and the last day of the duty',
      [week(null), '2023-06-01', '2023-06-13'],
      [
        '2023-W22 2023-06-01..2023-06-04 2023-06-04',
        '2023-W23 2023-06-05..2023-06-11 2023-06-11',
        '2023-W24 2023-06-12..2023-06-13 2023-06-13',
      ],
    ],
    [
      'week 53, which runs into another year',
      [week(5), '2026-12-21', '2027-01-08'],
      [
        '2026-W52 2026-12-21..2026-12-27 2026-12-25',
        '2026-W53 2026-12-28..2027-01-03 2027-01-01',
        '2027-W01 2027-01-04..2027-01-08 2027-01-08',
      ],
    ],
    [
      'ten days, the last of February eight or nine',
      [{ every: 'ten_days' }, '2024-02-15', '2024-03-05'],
      [
        '2024-02-T2 2024-02-15..2024-02-20 2024-02-20',
        '2024-02-T3 2024-02-21..2024-02-29 2024-02-29',
        '2024-03-T1 2024-03-01..2024-03-05 2024-03-05',
      ],
    ],
    [
      'the 31st, or the last day of a short month',
      [month(31), '2023-01-15', '2023-04-30'],
      [
        '2023-01 2023-01-15..2023-01-31 2023-01-31',
        '2023-02 2023-02-01..2023-02-28 2023-02-28',
        '2023-03 2023-03-01..2023-03-31 2023-03-31',
        '2023-04 2023-04-01..2023-04-30 2023-04-30',
      ],
    ],
    [
      'the 23rd: of the first month past, of the last beyond the end',
      [month(23), '2023-05-30', '2023-07-22'],
      ['2023-06 2023-06-01..2023-06-30 2023-06-23'],
    ],
    [
      'a month without a day',
      [month(null), '2023-05-30', '2023-06-15'],
      ['2023-05 2023-05-30..2023-05-31 2023-05-31', '2023-06 2023-06-01..2023-06-15 2023-06-15'],
    ],
    [
      'a quarter',
      [{ every: 'quarter' }, '2023-05-30', '2023-10-10'],
      [
        '2023-Q2 2023-05-30..2023-06-30 2023-06-30',
        '2023-Q3 2023-07-01..2023-09-30 2023-09-30',
        '2023-Q4 2023-10-01..2023-10-10 2023-10-10',
      ],
    ],
    [
      'half a year',
      [{ every: 'half_year' }, '2023-05-30', '2024-01-31'],
      [
        '2023-H1 2023-05-30..2023-06-30 2023-06-30',
        '2023-H2 2023-07-01..2023-12-31 2023-12-31',
        '2024-H1 2024-01-01..2024-01-31 2024-01-31',
      ],
    ],
    [
      'a year, on Feb 29 or the last of February',
      [year(2, 29), '2023-01-01', '2024-12-31'],
      ['2023 2023-01-01..2023-12-31 2023-02-28', '2024 2024-01-01..2024-12-31 2024-02-29'],
    ],
    ['a year, in a month', [year(11, null), '2023-01-01', '2023-12-31'], ['2023 2023-01-01..2023-12-31 2023-11-30']],
    [
      'a year without a day',
      [year(null, null), '2023-05-30', '2023-12-31'],
      ['2023 2023-05-30..2023-12-31 2023-12-31'],
    ],
    ['a campaign', [{ every: 'campaign' }, '2023-05-30', '2023-12-31'], ['campaign 2023-05-30..2023-12-31 2023-12-31']],
    ['an event: none by itself', [{ every: 'event', event: '调整', withinDays: 7 }, '2023-05-30', '2023-12-31'], []],
    ['unspecified: none', [{ every: 'unspecified' }, '2023-05-30', '2023-12-31'], []],
  ])('%s', (_, terms, expected) => {
    expect(listed(...terms)).toEqual(expected);
  });

  it('falls due at 24:00 of its day', () => {
    expect(periodNamed(WEEKLY, '2023-W22', calendar)?.dueAt).toBe(at('2023-06-01T00:00'));
  });
});

describe('finding a period', () => {
  const terms = duty(week(3), '2023-05-30', '2023-12-31');

  it('takes the first that falls due after an instant', () => {
    expect(firstPeriodAfter(terms, at('2023-06-01T00:00') - 1, calendar)?.key).toBe('2023-W22');
    expect(firstPeriodAfter(terms, at('2023-06-01T00:00'), calendar)?.key).toBe('2023-W23');
    expect(firstPeriodAfter(terms, at('2022-01-01T00:00'), calendar)?.key).toBe('2023-W22');
    expect(firstPeriodAfter(terms, at('2023-12-28T00:00'), calendar)).toBeNull();
  });

  it('takes one that was moved beyond its own days while it is not due', () => {
    const moved = duty(week(null), '2026-01-01', '2026-12-31', 'next');
    expect(firstPeriodAfter(moved, at('2026-02-24T12:00'), calendar)?.key).toBe('2026-W07');
    expect(firstPeriodAfter(moved, at('2026-02-25T00:00'), calendar)?.key).toBe('2026-W09');
  });

  it('knows no key of another kind, and none that is no date', () => {
    const kinds: DutyPeriod[] = [
      ...[{ every: 'day' } as const, week(3), { every: 'ten_days' } as const, month(5), { every: 'quarter' } as const],
      ...[{ every: 'half_year' } as const, year(null, null), { every: 'campaign' } as const],
    ];
    const named = kinds.map((kind) => [...periodsOf(duty(kind, '2023-01-01', '2023-12-31'), calendar)][0]?.key ?? '');
    for (const [index, kind] of kinds.entries()) {
      const own = duty(kind, '2023-01-01', '2023-12-31');
      for (const [other, key] of named.entries()) {
        expect(periodNamed(own, key, calendar)?.key ?? null).toBe(index === other ? key : null);
      }
      for (const key of [
        '',
        'x',
        '2023-W99',
        '2023-13',
        '2023-02-T4',
        '2023-02-30',
        '2023-Q5',
        '2023-H3',
        '2023-06-05#1',
      ]) {
        expect(periodNamed(own, key, calendar)).toBeNull();
        expect(periodFollowing(own, key, calendar)).toBeNull();
      }
    }
  });

  it('knows none beyond the duty’s days', () => {
    const quarters = duty({ every: 'quarter' }, '2023-07-15', '2023-09-20');
    expect(['2023-Q2', '2023-Q3', '2023-Q4'].map((key) => periodNamed(quarters, key, calendar)?.dueOn)).toEqual([
      ...[undefined, '2023-09-20', undefined],
    ]);
  });

  it('follows to the end, and up to the last year there is', () => {
    expect(periodFollowing(terms, '2023-W51', calendar)?.key).toBe('2023-W52');
    expect(periodFollowing(terms, '2023-W52', calendar)).toBeNull();
    const endless = duty(month(null), '2023-05-30', '9999-12-31');
    expect(periodFollowing(endless, '9999-11', calendar)?.key).toBe('9999-12');
    expect(periodFollowing(endless, '9999-12', calendar)).toBeNull();
  });
});
