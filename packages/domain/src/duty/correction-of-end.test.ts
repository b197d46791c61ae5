import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told, WEEKLY } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';

const week = (weekday: number | null): DutyPeriod => ({ every: 'week', weekday });
const month: DutyPeriod = { every: 'month', day: null };

const opened = (differs: Partial<DutyDefinition> = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });
const correct = (run: DutyRun, when: string, differs: Partial<DutyDefinition> = {}) =>
  run.give('clerk', when, { type: 'CorrectDuty', definition: { ...WEEKLY, ...differs } });
const limits = (run: DutyRun) => run.duty.limits.map(({ id, status }) => `${id.slice(7)} ${status}`);

describe('another end', () => {
  it('shortens the period that runs, and lengthens it', () => {
    const run = opened({ period: month });
    correct(run, '2023-05-30T10:00', { period: month, until: '2023-05-30' });
    expect([run.limit('2023-05').dueAt, run.duty.current?.last, run.duty.endsAt]).toEqual([
      ...[at('2023-05-31T00:00'), true, at('2023-05-31T00:00')],
    ]);
    correct(run, '2023-05-30T11:00', { period: month });
    expect([run.limit('2023-05').dueAt, run.duty.current?.last]).toEqual([at('2023-06-01T00:00'), false]);
    expect(run.turns).toEqual(['2023-05 running']);
  });

  it('that is past lets what runs fall away; the duty ends', () => {
    const run = opened({ period: month });
    run.until('2023-06-01T00:00');
    correct(run, '2023-06-20T10:00', { period: month, until: '2023-06-15' });
    expect([run.turns, run.duty.current]).toEqual([['2023-05 missed', '2023-06 void'], null]);
    expect(told(run.until('2023-06-20T10:00')).slice(-1)).toEqual(['DutyEnded']);
    expect(run.duty.status).toBe('ended');
  });

  it('that is later lets a duty that had ended go on with the next period', () => {
    const run = opened({ period: month, until: '2023-05-31' });
    run.until('2023-06-05T00:00');
    expect(run.duty.status).toBe('ended');
    correct(run, '2023-06-05T10:00', { period: month, until: '2023-12-31' });
    expect(run.duty).toMatchObject({ status: 'active', endedAt: null, endsAt: at('2024-01-01T00:00') });
    expect(run.turns).toEqual(['2023-05 missed', '2023-06 running']);
    expect(run.nextWakeAt).not.toBeNull();
  });

  it('does not ask again for a period it makes longer that was missed before', () => {
    const run = opened({ period: { every: 'quarter' }, until: '2023-05-31' });
    run.until('2023-06-05T00:00');
    correct(run, '2023-06-05T10:00', { period: { every: 'quarter' } });
    expect(run.turns).toEqual(['2023-Q2 missed', '2023-Q3 running']);
  });

  it('that stays past changes the words of an ended duty alone', () => {
    const run = opened({ period: { every: 'quarter' }, from: '2023-04-01', until: '2023-06-30' });
    report(run, '2023-05-30T10:00');
    run.until('2023-07-05T00:00');
    correct(run, '2023-07-05T10:00', { period: { every: 'quarter' }, until: '2023-06-30', title: '改名' });
    expect(run.duty).toMatchObject({ status: 'ended', terms: { title: '改名' }, wordingVersion: run.duty.version });
    expect([run.turns, run.nextWakeAt]).toEqual([['2023-Q2 met'], null]);
  });

  it('that stays past leaves owed what was moved beyond it', () => {
    const quarter = { period: { every: 'quarter' }, shift: 'next', from: '2023-07-01', until: '2023-09-30' } as const;
    const run = opened(quarter);
    run.until('2023-10-03T10:00');
    expect(correct(run, '2023-10-03T10:00', { ...quarter, title: '改名' })).toMatchObject([
      { period: null, limit: null },
    ]);
    expect([run.duty.status, run.turns, run.nextWakeAt]).toEqual([
      'ended',
      ['2023-Q3 running'],
      at('2023-10-08T00:00'),
    ]);
  });

  it('and beginning: a period before it falls away', () => {
    const run = opened();
    correct(run, '2023-05-30T10:00', { from: '2023-07-01' });
    expect(run.turns).toEqual(['2023-W22 void', '2023-W27 running']);
    correct(run, '2023-05-30T11:00', { from: '2023-12-30', until: '2023-12-31' });
    expect([run.turns.at(-1), run.duty.current]).toEqual(['2023-W27 void', null]);
    expect(() => report(run, '2023-06-01T10:00')).toThrow(expect.objectContaining({ code: 'wrong_status' }));
    expect(told(run.until('2024-01-31T00:00'))).toEqual(['DutyEnded']);
  });
});

describe('two periods that run side by side', () => {
  const sundays = { period: week(null), shift: 'next', from: '2026-02-09', until: '2026-03-15' } as const;
  const run = () => {
    const both = DutyRun.opened('2026-02-10T09:00', sundays);
    both.until('2026-02-17T00:00');
    return both;
  };

  it('both are complete when less is asked for than has been done of them', () => {
    const quota = (count: number) => ({ ...sundays, quota: { count, unit: '次' } });
    const both = DutyRun.opened('2026-02-10T09:00', quota(3));
    both.until('2026-02-17T00:00');
    for (const period of ['2026-W07', '2026-W08']) both.give('kgx-head', '2026-02-17T09:00', { ...DONE, period });
    correct(both, '2026-02-17T10:00', quota(1));
    expect(both.turns).toEqual(['2026-W07 met', '2026-W08 met']);
  });

  it('both go on under other words, and the former falls away under other periods', () => {
    const words = run();
    correct(words, '2026-02-17T10:00', { ...sundays, title: '改名' });
    expect(words.turns).toEqual(['2026-W07 running', '2026-W08 running']);
    const other = run();
    correct(other, '2026-02-17T10:00', { ...sundays, period: month });
    expect(other.turns).toEqual(['2026-W07 void', '2026-W08 void', '2026-02 running']);
  });

  it('run again with what had been done of each', () => {
    const quota = { ...sundays, quota: { count: 3, unit: '次' } };
    const both = DutyRun.opened('2026-02-10T09:00', quota);
    both.until('2026-02-17T00:00');
    for (const period of ['2026-W07', '2026-W08']) both.give('kgx-head', '2026-02-17T09:00', { ...DONE, period });
    correct(both, '2026-02-17T10:00', { ...quota, period: month });
    correct(both, '2026-02-17T11:00', quota);
    expect(told(both.wake('2026-02-17T11:00'))).toContain('PeriodOpened 2026-W08');
    expect(both.duty.periods).toMatchObject([
      { key: '2026-W07', done: 1, status: 'running' },
      { key: '2026-W08', done: 1, status: 'running' },
      { key: '2026-02', status: 'void' },
    ]);
  });

  it('the one whose due day lies beyond an end that is past is owed still', () => {
    const quarters = { period: { every: 'quarter' }, shift: 'next', from: '2023-07-01' } as const;
    const run = opened(quarters);
    run.until('2023-10-03T10:00');
    expect(run.turns).toEqual(['2023-Q3 running', '2023-Q4 running']);
    correct(run, '2023-10-03T10:00', { ...quarters, until: '2023-09-30' });
    expect([run.turns, limits(run)]).toEqual([
      ['2023-Q3 running', '2023-Q4 void'],
      ['2023-Q3 running', '2023-Q4 void'],
    ]);
    expect(told(run.wake('2023-10-03T10:00'))).toEqual(['DutyEnded']);
    expect(run.nextWakeAt).toBe(at('2023-10-08T00:00'));
  });
});
