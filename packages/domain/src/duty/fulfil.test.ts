import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { as, at } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/refusal.ts';
import { dutyAggregate } from './index.ts';
import { dutyLight } from './state.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, differs: Partial<typeof DONE> = {}) =>
  run.give('kgx-head', when, { ...DONE, ...differs });
const refused = (...given: Parameters<typeof report>) => refusal(() => report(...given));

describe('a report', () => {
  it('is made in one call, for the period that runs', () => {
    const run = opened();
    const now = at('2023-05-31T23:59');
    specify(dutyAggregate, run.events)
      .when(DONE, as('kgx-head', now))
      .yields({
        ...{ type: 'DutyFulfilled', at: now, by: 'p-kgx-head', number: 1, period: '2023-W22', mode: 'any' },
        ...{ noChange: false, text: '已办。', count: 1, value: null, answeredBy: null },
        ...{ complete: true, lateByMs: 0, behind: false },
      });
    report(run, '2023-05-31T23:59');
    expect(run.turns).toEqual(['2023-W22 met']);
    expect(run.limit('2023-W22')).toMatchObject({ status: 'met', next: null });
    expect(dutyLight(run.duty)).toBe('green');
  });

  it('that nothing has changed is one, too', () => {
    const run = opened();
    expect(report(run, '2023-05-30T10:00', { noChange: true, text: null, count: 0 })).toMatchObject([
      { noChange: true, count: 1, complete: true },
    ]);
  });

  it('is made once: the next is not taken for it before its days begin', () => {
    const run = opened();
    report(run, '2023-05-30T10:00');
    expect(refused(run, '2023-05-30T10:01')).toBe('already_answered');
    run.until('2023-06-01T00:00');
    expect(run.turns).toEqual(['2023-W22 met', '2023-W23 running']);
    // Thursday: W23 is asked for from Monday on.
    expect(refused(run, '2023-06-01T08:00')).toBe('already_answered');
    expect(() => report(run, '2023-06-01T08:00')).toThrow('To report 2023-W23 before it begins, name it in period.');
    expect(refused(run, '2023-06-01T08:00', { period: '2023-W22' })).toBe('already_answered');
    expect(told(report(run, '2023-06-01T08:00', { period: '2023-W23' }))).toEqual(['DutyFulfilled 2023-W23']);
  });

  it('names a period that is open', () => {
    const run = opened();
    expect(refused(run, '2023-05-30T10:00', { period: '2023-W23' })).toBe('unknown_reference /period');
    expect(() => report(run, '2023-05-30T10:00', { period: 'x' })).toThrow('open: 2023-W22.');
  });

  it('before the duty’s first day is for a period that is named', () => {
    const run = opened({ from: '2023-06-05' });
    expect(refused(run, '2023-05-31T10:00')).toBe('wrong_status /period');
    expect(() => report(run, '2023-05-31T10:00')).toThrow('2023-W23 begins on 2023-06-05.');
    expect(report(run, '2023-05-31T10:00', { period: '2023-W23' })).toMatchObject([{ complete: true, lateByMs: 0 }]);
  });
});

describe('a missed period', () => {
  it('is reported late, and its ladder ends', () => {
    const run = opened();
    run.until('2023-06-01T00:00');
    expect(dutyLight(run.duty)).toBe('red');
    // W23 runs, but its days have not begun: the report is the one that was missed.
    expect(report(run, '2023-06-02T10:00')).toMatchObject([
      { period: '2023-W22', complete: true, lateByMs: 34 * 3_600_000 },
    ]);
    expect(run.turns).toEqual(['2023-W22 late', '2023-W23 running']);
    expect(run.duty.escalations.map(({ status }) => status)).toEqual(['resolved']);
    expect(dutyLight(run.duty)).toBe('green');
  });

  it('gives way to the one whose days have begun, and is named then', () => {
    const run = opened();
    run.until('2023-06-05T00:00');
    expect(report(run, '2023-06-05T08:00')).toMatchObject([{ period: '2023-W23', lateByMs: 0 }]);
    expect(report(run, '2023-06-05T08:01')).toMatchObject([{ period: '2023-W22' }]);
    expect(run.turns).toEqual(['2023-W22 late', '2023-W23 met']);
  });

  it('of several is the last one', () => {
    const run = opened();
    run.until('2023-06-09T00:00');
    expect(report(run, '2023-06-09T08:00')).toMatchObject([{ period: '2023-W23' }]);
    expect(report(run, '2023-06-09T08:00')).toMatchObject([{ period: '2023-W22' }]);
    expect(refused(run, '2023-06-09T08:00')).toBe('already_answered');
  });

  it('is late at 24:00 exactly, and for the right period however late the wake', () => {
    const run = opened({ period: { every: 'week', weekday: null } });
    expect(told(report(run, '2023-06-05T00:00', { period: '2023-W22' }))).toEqual([
      ...['LimitMissed 2023-W22', 'Escalated 2023-W22', 'PeriodOpened 2023-W23', 'DutyFulfilled 2023-W22'],
    ]);
    expect(run.turns).toEqual(['2023-W22 late', '2023-W23 running']);
    const other = opened({ period: { every: 'week', weekday: null } });
    report(other, '2023-06-01T10:00');
    expect(told(report(other, '2023-06-05T00:01'))).toEqual(['PeriodOpened 2023-W23', 'DutyFulfilled 2023-W23']);
  });
});

describe('what must be so', () => {
  it.each([
    ['on_site', 'any', 'wrong_mode /mode'],
    ['on_site', 'written', 'wrong_mode /mode'],
    ['on_site', 'on_site', null],
    ['written', 'on_site', 'wrong_mode /mode'],
    ['written', 'written', null],
    ['any', 'written', null],
  ] as const)('required %s, done %s', (required, mode, expected) => {
    expect(refused(opened({ mode: required }), '2023-05-30T10:00', { mode })).toBe(expected);
  });

  it('is a figure, where one is asked for', () => {
    const run = opened({ indicator: '走访户数' });
    expect(refused(run, '2023-05-30T10:00')).toBe('facts_missing /value');
    expect(report(run, '2023-05-30T10:00', { value: 0 })).toMatchObject([{ value: 0, complete: true }]);
    expect(refused(opened({ indicator: '走访户数' }), '2023-05-30T10:00', { noChange: true })).toBeNull();
  });

  it('is a number that counts', () => {
    const run = opened({ quota: { count: 20, unit: '户' } });
    for (const count of [0, -1, Number.NaN]) {
      expect(refused(run, '2023-05-30T10:00', { count })).toBe('facts_missing /count');
    }
    expect(refused(run, '2023-05-30T10:00', { noChange: true })).toBe('facts_missing /noChange');
    expect(refused(opened({ quota: { count: 1, unit: '次' } }), '2023-05-30T10:00', { noChange: true })).toBeNull();
  });
});
