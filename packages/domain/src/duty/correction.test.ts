import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told, WEEKLY } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';
import { dutyLight } from './state.ts';

const week = (weekday: number | null): DutyPeriod => ({ every: 'week', weekday });
const month: DutyPeriod = { every: 'month', day: null };
const visits = (count: number) => ({ period: month, from: '2023-06-01', quota: { count, unit: '户' } });

const opened = (differs: Partial<DutyDefinition> = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });
const correct = (run: DutyRun, when: string, differs: Partial<DutyDefinition> = {}) =>
  run.give('clerk', when, { type: 'CorrectDuty', definition: { ...WEEKLY, ...differs } });
const limits = (run: DutyRun) => run.duty.limits.map(({ id, status }) => `${id.slice(7)} ${status}`);

describe('a correction', () => {
  it('of words leaves the period and its limit as they are', () => {
    const run = opened();
    run.until('2023-05-31T12:00');
    const before = run.limit('2023-W22');
    expect(correct(run, '2023-05-31T12:00', { title: '改名' })).toMatchObject([
      { type: 'DutyCorrected', by: 'p-clerk', period: run.duty.current, limit: null, endsAt: at('2024-01-01T00:00') },
    ]);
    expect(run.duty).toMatchObject({ terms: { title: '改名' }, wordingVersion: run.duty.version, limits: [before] });
    expect(dutyLight(run.duty), 'it has been reminded of').toBe('yellow');
  });

  it('moves the due day of the period that runs', () => {
    const run = opened();
    correct(run, '2023-05-30T10:00', { period: week(5) });
    expect(limits(run)).toEqual(['2023-W22 running']);
    expect(run.limit('2023-W22').dueAt).toBe(at('2023-06-03T00:00'));
    expect(told(run.until('2023-06-03T00:00'))).toEqual([
      ...['UnitReminded 2023-W22', 'LimitMissed 2023-W22', 'Escalated 2023-W22', 'PeriodOpened 2023-W23'],
    ]);
  });

  it('asks for nothing again that has been reported, whatever its day now', () => {
    const run = opened();
    report(run, '2023-05-30T09:30');
    expect(correct(run, '2023-05-30T10:00', { period: week(5) })).toMatchObject([{ limit: null }]);
    expect([run.turns, limits(run)]).toEqual([['2023-W22 met'], ['2023-W22 met']]);
    expect(run.duty.periods).toMatchObject([{ dueAt: at('2023-06-03T00:00'), metAt: at('2023-05-30T09:30') }]);
    expect(told(run.until('2023-06-03T00:00'))).toEqual(['PeriodOpened 2023-W23']);
    // W24 runs already when the day moves on to the week before.
    report(run, '2023-06-05T10:00');
    run.until('2023-06-10T00:00');
    correct(run, '2023-06-10T10:00', { period: week(null) });
    expect(run.turns).toEqual(['2023-W22 met', '2023-W23 met', '2023-W24 running']);
    expect(run.duty.periods.at(-1)?.dueAt).toBe(at('2023-06-19T00:00'));
  });

  it('leaves what was missed as it is, and its ladder climbing', () => {
    const run = opened();
    run.until('2023-06-01T12:00');
    correct(run, '2023-06-01T12:00', { period: week(5) });
    expect([run.turns, limits(run)]).toEqual([
      ['2023-W22 missed', '2023-W23 running'],
      ['2023-W22 overdue', '2023-W23 running'],
    ]);
    expect(told(run.until('2023-06-05T00:00'))).toEqual(['Escalated 2023-W22']);
  });

  it('leaves the last one missed, though it would have had days more', () => {
    const run = opened({ until: '2023-06-13' });
    run.until('2023-06-08T12:00');
    expect(run.duty.current).toMatchObject({ key: '2023-W23', last: true });
    correct(run, '2023-06-08T12:00', { period: week(5) });
    expect(run.turns).toEqual(['2023-W22 missed', '2023-W23 missed', '2023-W24 running']);
  });

  it('finds missed what had passed, though nothing had woken the duty', () => {
    const run = opened();
    expect(told(correct(run, '2023-06-01T00:01', { period: month }))).toEqual([
      ...['LimitMissed 2023-W22', 'Escalated 2023-W22', 'PeriodOpened 2023-W23', 'DutyCorrected'],
    ]);
    expect(run.turns).toEqual(['2023-W22 missed', '2023-W23 void', '2023-06 running']);
  });

  it('to another kind of period lets the running one fall away', () => {
    const run = opened();
    correct(run, '2023-05-30T10:00', { period: { every: 'quarter' } });
    expect([run.turns, limits(run)]).toEqual([['2023-W22 void', '2023-Q2 running'], ['2023-Q2 running']]);
    correct(run, '2023-05-30T11:00');
    expect([run.turns, limits(run)]).toEqual([['2023-W22 running', '2023-Q2 void'], ['2023-W22 running']]);
  });

  it('to none that the calendar opens, and back', () => {
    const event: DutyPeriod = { every: 'event', event: '调整', withinDays: 7 };
    const run = opened();
    correct(run, '2023-05-30T10:00', { period: event });
    expect([run.turns, run.duty.current, run.nextWakeAt]).toEqual([['2023-W22 void'], null, at('2024-01-01T00:00')]);
    run.give('kgx-head', '2023-06-05T10:00', { type: 'OpenOccasion', occasion: '调离', on: '2023-06-05' });
    correct(run, '2023-06-05T11:00', { period: { ...event, withinDays: 3 } });
    expect(run.turns.at(-1), 'what has happened is owed as it was told').toBe('2023-06-05#2 running');
    correct(run, '2023-06-06T10:00');
    expect(run.turns).toEqual(['2023-W22 void', '2023-06-05#2 void', '2023-W23 running']);
  });

  it('lets a period that fell away run again with what had been done of it', () => {
    const run = opened(visits(20));
    report(run, '2023-06-02T10:00', 12);
    correct(run, '2023-06-05T10:00', { ...visits(20), period: { every: 'quarter' } });
    correct(run, '2023-06-05T11:00', visits(20));
    expect(run.duty.periods).toMatchObject([
      { key: '2023-06', done: 12, status: 'running' },
      { key: '2023-Q2', done: 0, status: 'void' },
    ]);
  });
});

describe('another quota', () => {
  it('keeps what has been done of it, and counts the pace anew', () => {
    const run = opened(visits(20));
    report(run, '2023-06-02T10:00', 12);
    correct(run, '2023-06-05T10:00', visits(30));
    expect(run.duty.periods).toMatchObject([{ done: 12, status: 'running' }]);
    expect(run.nextWakeAt).toBe(at('2023-06-14T00:00'));
    expect(run.wake('2023-06-14T00:00')).toMatchObject([{ type: 'DutyFellBehind', done: 12, expected: 13 }]);
    correct(run, '2023-06-14T10:00', visits(20));
    expect([run.duty.behind, dutyLight(run.duty)]).toEqual([false, 'green']);
  });

  it('of more than was done is told as falling behind', () => {
    const run = opened(visits(20));
    report(run, '2023-06-12T10:00', 12);
    correct(run, '2023-06-13T10:00', visits(60));
    expect(told(run.wake('2023-06-13T10:00'))).toEqual(['DutyFellBehind 2023-06']);
  });

  it('of no more than has been done completes the period', () => {
    const run = opened(visits(20));
    report(run, '2023-06-02T10:00', 12);
    correct(run, '2023-06-05T10:00', visits(10));
    expect([run.turns, limits(run)]).toEqual([['2023-06 met'], ['2023-06 met']]);
    expect(run.duty.periods[0]?.metAt).toBe(at('2023-06-05T10:00'));
  });

  it('of no more than was done too late leaves it missed, until it is said', () => {
    const run = opened({ ...visits(20), indicator: '户数' });
    run.give('kgx-head', '2023-06-02T10:00', { ...DONE, count: 12, value: 12 });
    run.until('2023-07-01T00:00');
    correct(run, '2023-07-03T10:00', { ...visits(10), indicator: '户数' });
    expect(run.turns).toEqual(['2023-06 missed', '2023-07 running']);
    const fact = { type: 'AnswerByFact', period: '2023-06', value: 12, answeredBy: 'duty_other' } as const;
    expect(run.give('clerk', '2023-07-03T11:00', fact)).toMatchObject([{ count: 0, complete: true }]);
    expect(run.duty.periods).toMatchObject([{ done: 12, status: 'late' }, { done: 0 }]);
  });

  it('of no more than has been done completes an occasion', () => {
    const event = {
      period: { every: 'event', event: '调整', withinDays: 7 },
      quota: { count: 3, unit: '次' },
    } as const;
    const run = opened(event);
    run.give('kgx-head', '2023-06-05T10:00', { type: 'OpenOccasion', occasion: '调离', on: '2023-06-05' });
    report(run, '2023-06-05T11:00');
    correct(run, '2023-06-05T12:00', { ...event, quota: { count: 1, unit: '次' } });
    expect([run.turns, limits(run)]).toEqual([['2023-06-05#1 met'], ['2023-06-05#1 met']]);
  });

  it('of more than was enough asks for the rest', () => {
    const run = opened(visits(10));
    report(run, '2023-06-02T10:00', 10);
    correct(run, '2023-06-05T10:00', visits(20));
    expect([run.turns, limits(run)]).toEqual([['2023-06 running'], ['2023-06 running']]);
    expect(report(run, '2023-06-05T11:00', 10)).toMatchObject([{ complete: true }]);
  });
});
