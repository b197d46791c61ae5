import { describe, expect, it } from 'vitest';
import { DONE, DutyRun } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/refusal.ts';
import { expectedBy } from './state.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, differs: Partial<typeof DONE> = {}) =>
  run.give('kgx-head', when, { ...DONE, ...differs });
const refused = (...given: Parameters<typeof report>) => refusal(() => report(...given));

describe('a quota', () => {
  const visits = () =>
    opened({ period: { every: 'month', day: null }, from: '2023-06-01', quota: { count: 20, unit: '户' } });

  it('is counted towards, and complete once', () => {
    const run = visits();
    expect(report(run, '2023-06-02T10:00', { count: 12 })).toMatchObject([{ complete: false }]);
    expect(run.duty.periods).toMatchObject([{ done: 12, status: 'running', metAt: null }]);
    expect(report(run, '2023-06-05T10:00', { count: 9 })).toMatchObject([{ complete: true }]);
    expect(run.duty.periods).toMatchObject([{ done: 21, status: 'met', metAt: at('2023-06-05T10:00') }]);
    expect(run.until('2023-06-30T23:59')).toEqual([]);
  });

  it('may be exceeded while the period runs', () => {
    const run = visits();
    report(run, '2023-06-05T10:00', { count: 20 });
    expect(report(run, '2023-06-06T10:00', { count: 3, period: '2023-06' })).toMatchObject([{ complete: true }]);
    expect(report(run, '2023-06-07T10:00', { count: 2 })).toHaveLength(1);
    expect(run.duty).toMatchObject({
      fulfilments: 3,
      periods: [{ done: 25, status: 'met', metAt: at('2023-06-05T10:00') }],
    });
    run.until('2023-07-01T00:00');
    expect(refused(run, '2023-07-01T08:00', { period: '2023-06' })).toBe('already_answered');
  });

  it('once its last period is over, is not counted on', () => {
    const run = opened({ quota: { count: 1, unit: '次' }, until: '2023-06-06' });
    report(run, '2023-05-30T10:00');
    run.until('2023-06-02T00:00');
    expect(run.duty.status).toBe('active');
    expect(refused(run, '2023-06-02T10:00')).toBe('already_answered');
  });

  it('of a figure is not: it is reported once', () => {
    const run = opened({ quota: { count: 1, unit: '次' }, indicator: '走访户数' });
    report(run, '2023-05-30T10:00', { value: 7 });
    expect(refused(run, '2023-05-30T10:01', { value: 8 })).toBe('already_answered');
  });

  it('is counted early, where the month’s last has been told of', () => {
    const run = opened({ period: { every: 'month', day: 25 }, from: '2023-06-01', quota: { count: 2, unit: '次' } });
    report(run, '2023-06-20T10:00', { count: 2 });
    run.until('2023-06-26T00:00');
    expect(report(run, '2023-06-28T10:00')).toMatchObject([{ period: '2023-07', complete: false, behind: false }]);
  });

  it('left undone is made up for in parts', () => {
    const run = visits();
    report(run, '2023-06-05T10:00', { count: 15 });
    run.until('2023-07-01T00:00');
    expect(report(run, '2023-07-03T10:00', { period: '2023-06', count: 2 })).toMatchObject([{ complete: false }]);
    expect(run.turns).toEqual(['2023-06 missed', '2023-07 running']);
    expect(report(run, '2023-07-04T10:00', { period: '2023-06', count: 3 })).toMatchObject([{ complete: true }]);
    expect(run.turns).toEqual(['2023-06 late', '2023-07 running']);
  });

  it('expects an even pace, exactly', () => {
    const [from, dueAt] = [at('2023-05-30T00:00'), at('2033-05-30T00:00')];
    const running = { key: 'campaign', from, to: dueAt, dueAt, last: true };
    for (const quota of [1, 3, 7, 20, 999, 20_000]) {
      const third = from + Math.ceil((dueAt - from) / 3);
      expect(expectedBy(quota, running, third)).toBe(Math.floor(quota / 3));
      expect([from - 1, from, dueAt, dueAt + 1].map((when) => expectedBy(quota, running, when))).toEqual([
        0,
        0,
        quota,
        quota,
      ]);
    }
  });
});
