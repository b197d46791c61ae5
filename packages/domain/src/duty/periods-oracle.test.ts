import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEEKLY } from '../../test-support/duty-run.ts';
import { STRUCTURE } from '../../test-support/fixtures.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';
import { firstPeriodAfter, periodFollowing, periodNamed, periodsOf } from './periods.ts';

const { calendar } = STRUCTURE;
const DAY_MS = 86_400_000;
type Terms = Pick<DutyDefinition, 'period' | 'shift' | 'from' | 'until'>;

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const timeOf = (date: string) =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8)));

/** The turn a day belongs to, by the civil calendar alone. */
function turnOf({ every }: DutyPeriod, time: number): string {
  const day = new Date(time);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  switch (every) {
    case 'day':
      return dateOf(time);
    case 'week': {
      // The week's Thursday says whose week it is, and which: the days before it in its year, in sevens.
      const thursday = time + (4 - (day.getUTCDay() || 7)) * DAY_MS;
      const inYear = new Date(thursday).getUTCFullYear();
      let week = 1;
      for (let before = thursday - 7 * DAY_MS; new Date(before).getUTCFullYear() === inYear; before -= 7 * DAY_MS)
        week += 1;
      return `${inYear}-W${String(week).padStart(2, '0')}`;
    }
    case 'ten_days':
      return `${dateOf(time).slice(0, 7)}-T${date <= 10 ? 1 : date <= 20 ? 2 : 3}`;
    case 'month':
      return dateOf(time).slice(0, 7);
    case 'quarter':
      return `${year}-Q${month <= 3 ? 1 : month <= 6 ? 2 : month <= 9 ? 3 : 4}`;
    case 'half_year':
      return `${year}-H${month <= 6 ? 1 : 2}`;
    case 'year':
      return String(year);
    default:
      return 'campaign';
  }
}

/** Whether a day is the printed one of its turn; days that a month lacks are looked for on its last. */
function isPrinted(period: DutyPeriod, time: number): boolean | null {
  const day = new Date(time);
  const isLast = new Date(time + DAY_MS).getUTCDate() === 1;
  const isDay = (wanted: number | null) =>
    wanted === null ? isLast : day.getUTCDate() === wanted || (isLast && day.getUTCDate() < wanted);
  switch (period.every) {
    case 'day':
      return true;
    case 'week':
      return period.weekday === null ? null : (day.getUTCDay() || 7) === period.weekday;
    case 'month':
      return period.day === null ? null : isDay(period.day);
    case 'year':
      return period.month === null ? null : day.getUTCMonth() + 1 === period.month && isDay(period.day);
    default:
      return null;
  }
}

function moved(time: number, shift: Terms['shift']): number {
  let to = time;
  while (shift !== 'keep' && !calendar.isWorkingDay(dateOf(to))) to += shift === 'next' ? DAY_MS : -DAY_MS;
  return to;
}

/** Walks every day of the duty and of the weeks around it. */
function walked({ period, shift, from, until }: Terms): readonly string[] {
  const due = new Map<string, number>();
  const begins = new Map<string, string>();
  const around = period.every === 'campaign' ? 0 : 400 * DAY_MS;
  for (let time = timeOf(from) - around; time <= timeOf(until); time += DAY_MS) {
    const turn = turnOf(period, time);
    if (time >= timeOf(from) && !begins.has(turn)) begins.set(turn, dateOf(time));
    if (isPrinted(period, time) ?? true) due.set(turn, time);
  }
  const found: string[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const [turn, time] of due) {
    const to = moved(time, shift);
    const falls = to < time && (to < timeOf(from) || to <= before);
    before = to;
    if (time < timeOf(from) || falls || (period.every === 'day' && to !== time)) continue;
    const first = begins.get(turn) ?? '';
    found.push(`${turn} ${first < dateOf(to) ? first : dateOf(to)} ${dateOf(to)}`);
  }
  return found;
}

const nullable = (max: number) => fc.option(fc.integer({ min: 1, max }));
const period: fc.Arbitrary<DutyPeriod> = fc.oneof(
  ...(['day', 'ten_days', 'quarter', 'half_year', 'campaign'] as const).map((every) => fc.constant({ every })),
  nullable(7).map((weekday) => ({ every: 'week' as const, weekday })),
  nullable(31).map((day) => ({ every: 'month' as const, day })),
  fc.tuple(nullable(12), nullable(31)).map(([month, day]) => ({ every: 'year' as const, month, day })),
);
const terms: fc.Arbitrary<Terms> = fc
  .tuple(period, fc.constantFrom<Terms['shift'][]>('keep', 'next', 'previous'), fc.nat(3_000), fc.nat(900))
  .map(([every, shift, start, days]) => {
    const from = timeOf('2019-01-01') + start * DAY_MS;
    return { period: every, shift, from: dateOf(from), until: dateOf(from + days * DAY_MS) };
  });

describe('the periods of any duty', () => {
  it('are those that a walk through its days finds', () => {
    fc.assert(
      fc.property(terms, (duty) => {
        const periods = [...periodsOf(duty, calendar)];
        expect(periods.map(({ key, from, dueOn }) => `${key} ${from} ${dueOn}`)).toEqual(walked(duty));
        for (const [index, { key, dueAt }] of periods.entries()) {
          expect(periodNamed(duty, key, calendar)).toEqual(periods[index]);
          expect(periodFollowing(duty, key, calendar)).toEqual(periods[index + 1] ?? null);
          for (const at of [dueAt - 1, dueAt]) {
            expect(firstPeriodAfter(duty, at, calendar)).toEqual(periods.find((one) => one.dueAt > at) ?? null);
          }
        }
      }),
      { numRuns: 150, seed: 433_122 },
    );
  });

  it('of ten years of every day have keys of their own, ascending, and are stepped through in no time', () => {
    const duty = { ...WEEKLY, period: { every: 'day' as const }, from: '2020-01-01', until: '2029-12-31' };
    const keys = [...periodsOf(duty, calendar)].map(({ key }) => key);
    expect(keys).toHaveLength(3_653);
    expect(keys).toEqual([...new Set(keys)].sort());
    let [key, days]: [string | undefined, number] = [keys[0], 0];
    for (; key !== undefined; days += 1) key = periodFollowing(duty, key, calendar)?.key;
    expect(days).toBe(3_653);
  });
});
