import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import { behindAt, dutyLight, expectedBy } from './state.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });

describe('a quota', () => {
  const visits = () =>
    opened({ period: { every: 'month', day: null }, from: '2023-06-01', quota: { count: 20, unit: '户' } });

  it('is behind at the instant at which an even pace would have done one more, and no longer when it has caught up', () => {
    const run = visits();
    const third = at('2023-06-01T00:00') + (30 * 86_400_000 * 3) / 20;
    report(run, '2023-06-01T10:00', 2);
    expect(run.nextWakeAt).toBe(third);
    expect(run.wakeAt(third - 1)).toEqual([]);
    expect(run.wakeAt(third)).toMatchObject([{ type: 'DutyFellBehind', period: '2023-06', done: 2, expected: 3 }]);
    expect([dutyLight(run.duty), behindAt(run.duty)]).toEqual(['yellow', null]);
    expect(report(run, '2023-06-12T10:00', 2)).toMatchObject([{ behind: true, complete: false }]);
    expect(report(run, '2023-06-12T11:00', 4)).toMatchObject([{ behind: false }]);
    expect(dutyLight(run.duty)).toBe('green');
    expect(told(run.until('2023-06-20T00:00'))).toEqual(['DutyFellBehind 2023-06']);
  });

  it('once enough has been done is never behind', () => {
    const run = visits();
    report(run, '2023-06-01T10:00', 20);
    expect(told(run.until('2023-07-01T00:00'))).toEqual(['PeriodOpened 2023-07']);
    expect(run.duty.behind).toBe(false);
  });

  it('of thirds of a millisecond neither sleeps on nor wakes for nothing', () => {
    for (const count of [3, 7, 11, 13, 9_999]) {
      const run = opened({ period: { every: 'campaign' }, until: '2033-05-27', quota: { count, unit: '次' } });
      const first = run.nextWakeAt ?? 0;
      const paces = [first - 1, first].map((when) => run.duty.current && expectedBy(count, run.duty.current, when));
      expect(paces).toEqual([0, 1]);
      expect(run.wakeAt(first - 1)).toEqual([]);
      expect(run.wakeAt(first)).toMatchObject([{ type: 'DutyFellBehind', expected: 1 }]);
      expect(run.nextWakeAt).toBeGreaterThan(first);
    }
  });

  it('that is missed is red and wakes for no pace any more', () => {
    const run = opened({ period: { every: 'month', day: 15 }, until: '2023-06-30', quota: { count: 4, unit: '次' } });
    run.until('2023-06-16T00:00');
    expect([dutyLight(run.duty), run.duty.behind, run.turns]).toEqual(['red', false, ['2023-06 missed']]);
    run.until('2023-06-29T00:00');
    expect(run.nextWakeAt, 'its last day').toBe(at('2023-07-01T00:00'));
  });
});
