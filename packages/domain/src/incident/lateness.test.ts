import { describe, expect, it } from 'vitest';
import { at } from '../../test-support/fixtures.ts';
import { minutes, refusal, TEN, toPost, toUnit } from '../../test-support/incident-expectations.ts';
import { IncidentRun, opening, reporting, signal, types } from '../../test-support/incident-run.ts';
import { incidentLight } from './state.ts';

describe('what was received earlier than it was written down', () => {
  const receivedAt = minutes(39);

  it('counts from when an office received it', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    const [event, ...rest] = run.giveAt('xwb-head', minutes(55), reporting('first', { mode: 'phone', receivedAt }));
    expect(event).toMatchObject({ at: minutes(55), receivedAt, lateByMs: 0 });
    expect(rest).toEqual([]);
    // What is owed next counts from when it was written down: nobody could be reminded before.
    expect(run.limit('written_report:1').dueAt).toBe(minutes(175));
  });

  it.each([
    ['a unit’s own word', 'kgx-head', 'kgx', receivedAt, 'not_allowed', '/receivedAt'],
    ['an office’s word of its own report', 'xwb-head', 'xwb', receivedAt, 'not_allowed', '/receivedAt'],
    ['the future', 'xwb-head', 'kgx', minutes(56), 'invalid_due', '/receivedAt'],
    ['a call before it happened', 'xwb-head', 'kgx', minutes(-1), 'invalid_due', '/occurredAt'],
  ] as const)('is not taken from %s', (_, person, unit, received, code, pointer) => {
    const run = IncidentRun.signalled({ unit });
    const report = reporting('first', { mode: 'phone', receivedAt: received });
    expect(() => run.giveAt(person, minutes(55), report)).toThrow(refusal(code, pointer));
    const alone = opening({ unit, occurredAt: TEN }, { mode: 'phone', receivedAt: received });
    expect(() => new IncidentRun().giveAt(person, minutes(55), alone)).toThrow(refusal(code, pointer));
  });
});

describe('when it happened, in the unit’s own words', () => {
  const signalled = (given: object) => {
    const run = new IncidentRun();
    run.giveAt('officer', minutes(2), signal(given));
    return run;
  };

  it.each([
    ['earlier than the signal said: late by more', { occurredAt: minutes(-30) }, [minutes(-30), null], 35],
    ['later: no excuse', { occurredAt: minutes(1) }, [minutes(1), null], 5],
    ['the same, with when it was known', { occurredAt: TEN, knownAt: minutes(1) }, [TEN, minutes(1)], 5],
    ['nothing', {}, [TEN, null], 5],
  ] as const)('%s', (_, given, [occurredAt, knownAt], lateMinutes) => {
    const run = signalled({ occurredAt: TEN });
    const [event] = run.giveAt('kgx-head', minutes(45), reporting('first', given));
    expect(event).toMatchObject({ occurredAt, knownAt, lateByMs: lateMinutes * 60_000 });
    expect(run.incident).toMatchObject({ occurredAt, knownAt, lateByMs: lateMinutes * 60_000 });
  });

  it('where the signal did not know', () => {
    const run = signalled({});
    run.giveAt('kgx-head', minutes(41), reporting('first', { occurredAt: TEN, knownAt: minutes(1) }));
    expect(run.events[1]).toMatchObject({ occurredAt: TEN, dueAt: minutes(40), lateByMs: 60_000 });
  });

  it.each([
    ['after word of it had come in', { occurredAt: minutes(3) }, '/occurredAt'],
    ['in the future', { occurredAt: minutes(46) }, '/occurredAt'],
    ['known in the future', { knownAt: minutes(46) }, '/knownAt'],
    ['known before it happened', { knownAt: minutes(-1) }, '/knownAt'],
  ])('%s is refused', (_, given, pointer) => {
    const run = signalled({ occurredAt: TEN });
    expect(() => run.giveAt('kgx-head', minutes(45), reporting('first', given))).toThrow(
      refusal('invalid_due', pointer),
    );
  });

  it('is not changed by a follow-up, but by a correction', () => {
    const run = signalled({ occurredAt: TEN });
    run.giveAt('kgx-head', minutes(20), reporting('first', { knownAt: minutes(1) }));
    const give = (given: object) => () => run.giveAt('kgx-head', minutes(30), reporting('follow_up', given));
    expect(give({ occurredAt: minutes(-5) })).toThrow(refusal('wrong_status', '/occurredAt'));
    expect(give({ knownAt: minutes(-5) })).toThrow(refusal('wrong_status', '/knownAt'));
    expect(give({ occurredAt: TEN, knownAt: minutes(1) })()).toHaveLength(1);
  });
});

describe('a late first report', () => {
  it('is accepted, says by how much, asks for an explanation and is told to the offices', () => {
    const run = new IncidentRun();
    const [, received, informed] = run.giveAt('kgx-head', minutes(52), opening({ occurredAt: TEN }));
    expect(received).toMatchObject({ dueAt: minutes(40), lateByMs: 12 * 60_000 });
    expect(run.limit('explanation')).toMatchObject({
      dueAt: at('2023-03-14T10:52'),
      reminders: [{ at: at('2023-03-13T10:52'), workingDaysBefore: 1 }],
      counted: { from: minutes(52), delay: { unit: 'working_days', amount: 2 } },
    });
    expect(informed).toStrictEqual({
      ...{ type: 'Escalated', at: minutes(52), escalationId: 'escalation_incident_1-1', limitId: 'first_report' },
      ...{ step: 0, stepDueAt: minutes(40), dueAt: minutes(40), action: 'inform', urgent: true, next: null },
      recipients: [toUnit('xwb'), toUnit('zfb'), toPost('second-deputy', 'leader_in_charge')],
    });
    // Nobody is asked to do anything about it.
    expect(run.incident.escalations).toMatchObject([{ action: 'inform', status: 'resolved' }]);
    expect(incidentLight(run.incident)).toBe('yellow');
  });

  it('is told once: the ladder has spoken already', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    expect(types(run.giveAt('kgx-head', minutes(41), reporting('first')))).toEqual(['ReportReceived']);
    expect(run.limit('explanation').status).toBe('running');
  });

  it('is told though every wake was lost', () => {
    const run = IncidentRun.signalled();
    const events = run.giveAt('kgx-head', minutes(50), reporting('first'));
    expect(types(events)).toEqual(['ReportReceived', 'Escalated']);
  });

  it('is explained once it is made, and only when it was late', () => {
    const explain = { type: 'ExplainLateness', text: '山区无信号' } as const;
    const run = IncidentRun.signalled();
    expect(() => run.giveAt('kgx-head', minutes(45), explain)).toThrow(refusal('wrong_status'));
    run.giveAt('kgx-head', minutes(50), reporting('first'));
    const [event] = run.giveAt('kgx-head', minutes(55), explain);
    expect(event).toStrictEqual({ type: 'LatenessExplained', at: minutes(55), by: 'p-kgx-head', text: '山区无信号' });
    expect(run.limit('explanation').status).toBe('met');
    expect(() => IncidentRun.reported().giveAt('kgx-head', minutes(55), explain)).toThrow(refusal('wrong_status'));
  });
});
