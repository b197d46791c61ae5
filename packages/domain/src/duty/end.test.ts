import { describe, expect, it } from 'vitest';
import { climbed, DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import { dutyLight } from './state.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });

describe('the end', () => {
  it('comes with the last day of a campaign; what is undone is missed, its ladder goes on, and it can still be done', () => {
    const run = opened({ period: { every: 'campaign' }, until: '2023-06-30', quota: { count: 30, unit: '户' } });
    report(run, '2023-06-05T10:00', 20);
    const last = run.until('2023-07-01T00:00');
    expect(told(last).slice(-3)).toEqual(['LimitMissed campaign', 'Escalated campaign', 'DutyEnded']);
    expect(run.duty).toMatchObject({ status: 'ended', endedAt: at('2023-07-01T00:00'), current: null });
    expect(dutyLight(run.duty)).toBe('red');
    expect(climbed(run.until('2023-12-31T00:00'))).toEqual([
      'campaign 1 2023-07-05T00:00 post:first-deputy',
      'campaign 2 2023-07-10T00:00 post:mayor unit:dcs',
    ]);
    expect(report(run, '2023-08-01T10:00', 4)).toMatchObject([{ complete: false, behind: false }]);
    expect(report(run, '2023-08-02T10:00', 6)).toMatchObject([{ complete: true }]);
    expect([run.turns, dutyLight(run.duty), run.nextWakeAt]).toEqual([['campaign late'], 'blue', null]);
    expect(() => report(run, '2023-08-03T10:00')).toThrow(expect.objectContaining({ code: 'wrong_status' }));
  });

  it('is quiet when all is done', () => {
    const run = opened({ period: { every: 'campaign' }, until: '2023-06-30' });
    report(run, '2023-06-05T10:00');
    expect(told(run.until('2023-12-31T00:00'))).toEqual(['DutyEnded']);
    expect([dutyLight(run.duty), run.nextWakeAt]).toEqual(['blue', null]);
  });

  it('lies days after the last period whose day comes before it', () => {
    const run = opened({ until: '2023-06-13' });
    report(run, '2023-05-30T10:00');
    run.until('2023-06-06T00:00');
    report(run, '2023-06-06T10:00');
    expect(run.duty.current).toMatchObject({ key: '2023-W23', last: true });
    expect(told(run.until('2023-12-31T00:00'))).toEqual(['DutyEnded']);
    expect(run.duty.endedAt).toBe(at('2023-06-14T00:00'));
  });

  it('comes before a last day that was moved off days off', () => {
    const run = opened({ period: { every: 'quarter' }, from: '2023-07-01', until: '2023-09-30', shift: 'next' });
    run.until('2023-10-01T00:00');
    expect([run.duty.status, run.turns, dutyLight(run.duty)]).toEqual(['ended', ['2023-Q3 running'], 'yellow']);
    expect(run.until('2023-10-07T23:59')).toEqual([]);
    expect(report(run, '2023-10-07T23:59')).toMatchObject([{ period: '2023-Q3', lateByMs: 0 }]);
    expect([run.turns, run.nextWakeAt]).toEqual([['2023-Q3 met'], null]);
  });

  it.each(['removed', 'withdrawn'] as const)('when it is %s stops everything at once', (cause) => {
    const run = opened();
    run.until('2023-06-02T00:00');
    run.give('jj-director', '2023-06-02T10:00', { type: 'EndDuty', cause, reason: '并入月报' });
    expect(run.events.at(-1)).toMatchObject({ type: 'DutyEnded', cause, reason: '并入月报' });
    expect([run.turns, run.nextWakeAt, dutyLight(run.duty)]).toEqual([
      ['2023-W22 missed', '2023-W23 void'],
      null,
      'grey',
    ]);
    expect(run.duty.escalations.map(({ status }) => status)).toEqual(['resolved']);
    expect(() => report(run, '2023-06-02T11:00')).toThrow(expect.objectContaining({ code: 'wrong_status' }));
    expect(run.give('jj-director', '2023-06-02T12:00', { type: 'EndDuty', cause, reason: null })).toEqual([]);
  });

  it('leaves what was missed, until it is withdrawn', () => {
    const run = opened({ until: '2023-05-31' });
    run.until('2023-06-02T00:00');
    run.give('jj-director', '2023-06-02T10:00', { type: 'EndDuty', cause: 'withdrawn', reason: '重复' });
    expect([run.duty.endedAt, run.nextWakeAt, dutyLight(run.duty)]).toEqual([at('2023-06-01T00:00'), null, 'blue']);
  });
});
