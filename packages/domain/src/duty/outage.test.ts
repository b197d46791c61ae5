import { describe, expect, it } from 'vitest';
import { climbed, DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import { DEFAULT_DUTY_POLICY } from '../escalation/defaults.ts';
import { TURNS_ASKED_FOR } from './remembering.ts';
import { MOST_TURNS_A_WAKE } from './wake.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });

describe('after an outage', () => {
  it('each period that passed is missed, one step each; the one that runs is open', () => {
    const run = opened();
    const events = run.wake('2023-06-20T10:00');
    expect(told(events)).toEqual([
      ...['LimitMissed 2023-W22', 'Escalated 2023-W22'],
      ...['PeriodOpened 2023-W23', 'LimitMissed 2023-W23', 'Escalated 2023-W23'],
      ...['PeriodOpened 2023-W24', 'LimitMissed 2023-W24', 'Escalated 2023-W24'],
      'PeriodOpened 2023-W25',
    ]);
    expect(run.wake('2023-06-20T10:00'), 'the same wake again').toEqual([]);
    expect(run.turns).toEqual(['2023-W22 missed', '2023-W23 missed', '2023-W24 missed', '2023-W25 running']);
    // An hour of working time lies between two steps of one ladder; those opened late count from now.
    expect(run.nextWakeAt).toBe(at('2023-06-20T11:00'));
    expect(climbed(run.until('2023-06-20T23:59'))).toEqual([
      '2023-W22 1 2023-06-20T11:00 post:first-deputy',
      '2023-W22 2 2023-06-20T12:00 post:mayor unit:dcs',
    ]);
  });

  it('takes one step of each ladder, though its policy leaves no gap between them', () => {
    const run = opened({ ladder: { ...DEFAULT_DUTY_POLICY, minimumGap: { unit: 'minutes', amount: 0 } } });
    expect(climbed(run.wake('2023-06-20T10:00'))).toEqual(
      ['2023-W22', '2023-W23', '2023-W24'].map((key) => `${key} 0 2023-06-20T10:00 post:jj-director`),
    );
  });

  it('of months, the next wake goes on where one has stopped', () => {
    const run = opened({ period: { every: 'day' } });
    run.wake('2023-12-31T10:00');
    expect(run.duty.periods).toHaveLength(MOST_TURNS_A_WAKE + 1);
    expect(run.nextWakeAt).toBeLessThan(at('2023-12-31T10:00'));
    for (let wakes = 1; wakes < 8; wakes += 1) run.wake('2023-12-31T10:00');
    expect(run.turns.slice(-2)).toEqual(['2023-12-30 missed', '2023-12-31 running']);
    expect(run.nextWakeAt).toBeGreaterThan(at('2023-12-31T10:00'));
    expect(new Set(run.duty.escalations.map(({ id }) => id)).size).toBe(run.duty.escalations.length);
  });

  it('of a period not reported though done, a report is for the one that runs', () => {
    const run = opened();
    report(run, '2023-05-30T10:00');
    expect(told(report(run, '2023-06-12T10:00'))).toEqual([
      ...['PeriodOpened 2023-W23', 'LimitMissed 2023-W23', 'Escalated 2023-W23'],
      ...['PeriodOpened 2023-W24', 'DutyFulfilled 2023-W24'],
    ]);
  });
});

describe('a duty nobody does', () => {
  it('is asked for its last sixty turns; of those before, once their ladder is climbed, nothing is left but that they were missed', () => {
    const run = opened({ period: { every: 'day' } });
    run.until('2023-09-30T00:00');
    expect(run.duty.periods).toHaveLength(124);
    expect(run.duty.limits).toHaveLength(TURNS_ASKED_FOR);
    expect(run.turns[0]).toBe('2023-05-30 missed');
    expect(() => run.give('kgx-head', '2023-09-30T10:00', { ...DONE, period: '2023-05-30' })).toThrow('is open');
    const open = new Set(
      run.duty.escalations.filter(({ status }) => status !== 'resolved').map(({ limitId }) => limitId),
    );
    expect([...open]).toEqual(run.duty.limits.slice(0, -1).map(({ id }) => id));
  });

  it('keeps a turn whose ladder still climbs, however long ago', () => {
    const [step] = DEFAULT_DUTY_POLICY.steps;
    const ladder = {
      ...DEFAULT_DUTY_POLICY,
      steps: step === undefined ? [] : [{ ...step, repeat: 'monthly' as const }],
    };
    const run = opened({ period: { every: 'day' }, ladder });
    run.until('2023-09-30T00:00');
    expect(run.duty.limits).toHaveLength(124);
  });
});
