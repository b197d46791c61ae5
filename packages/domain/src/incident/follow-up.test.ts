import { describe, expect, it } from 'vitest';
import { at } from '../../test-support/fixtures.ts';
import { minutes, refusal, running, toUnit } from '../../test-support/incident-expectations.ts';
import { FACTS, IncidentRun, KNOWN, reporting, VISIT } from '../../test-support/incident-run.ts';
import type { IncidentEvent } from './events.ts';
import { incidentLight } from './state.ts';

/** Ids and states of the limits there are. */
const limits = ({ incident }: IncidentRun) => incident.limits.map(({ id, status }) => `${id} ${status}`);
const level = (to: 'general' | 'large' | 'major' | 'extraordinary') =>
  ({ type: 'ChangeLevel', level: to, reason: '伤亡扩大' }) as const;

describe('follow-ups', () => {
  it('are owed until the final report, each counting from the one before', () => {
    const run = IncidentRun.reported({}, { level: 'large' });
    const [event] = run.giveAt('kgx-head', minutes(600), reporting('follow_up'));
    expect(event).toStrictEqual({
      ...{ type: 'ReportReceived', at: minutes(600), by: 'p-kgx-head', number: 2, stage: 'follow_up', mode: 'written' },
      ...{ receivedAt: minutes(600), occurredAt: minutes(0), knownAt: null, facts: FACTS, level: null },
      ...{ dueAt: null, lateByMs: 0, reportedTo: [] },
      limits: [running('follow_up:2', 'follow_up', minutes(600), { amount: 720, remind: 30 })],
      filedWith: [toUnit('xwb'), toUnit('zfb')],
    } satisfies IncidentEvent);
    expect(limits(run)).toEqual(['follow_up:1 met', 'follow_up:2 running']);
    run.giveAt('kgx-head', minutes(700), reporting('final'));
    expect(limits(run)).toEqual(['follow_up:1 met', 'follow_up:2 met']);
    expect(run.incident).toMatchObject({ status: 'closed', closedAt: minutes(700) });
    expect([run.nextWakeAt, incidentLight(run.incident)]).toEqual([null, 'blue']);
  });

  it('say what has changed, and less than a first report', () => {
    const run = IncidentRun.reported();
    const { time: _t, place: _p, source: _s, cause: _c, ...facts } = FACTS;
    expect(run.giveAt('kgx-head', minutes(30), reporting('follow_up', { facts }))).toHaveLength(1);
    const { trend: _, ...less } = facts;
    const give = () => run.giveAt('kgx-head', minutes(31), reporting('follow_up', { facts: less }));
    expect(give).toThrow(refusal('facts_missing', '/facts/trend'));
  });

  it('that come late settle what was escalated', () => {
    const run = IncidentRun.reported({}, { level: 'extraordinary' });
    run.until('2023-03-10T12:40');
    expect(incidentLight(run.incident)).toBe('red');
    run.giveAt('kgx-head', minutes(170), reporting('follow_up'));
    expect(run.incident.escalations.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    expect(run.nextWakeAt).toBe(minutes(170 + 120 - 30));
  });
});

describe('the final report', () => {
  it('may follow the first at once, and leaves nothing unknown', () => {
    const run = IncidentRun.reported();
    const give = (facts: object) => () => run.giveAt('kgx-head', minutes(30), reporting('final', { facts }));
    expect(give(FACTS)).toThrow(refusal('facts_missing', '/facts/cause'));
    expect(give({ ...KNOWN, losses: null })).toThrow(refusal('facts_missing', '/facts/losses'));
    give(KNOWN)();
    expect(run.incident.reports.map(({ stage }) => stage)).toEqual(['first', 'final']);
  });

  it('is made in writing, and so leaves no writing owed', () => {
    const run = IncidentRun.reported({}, { mode: 'phone' });
    const give = (mode: 'phone' | 'oral' | 'written') => () =>
      run.giveAt('kgx-head', minutes(30), reporting('final', { mode }));
    expect(give('phone')).toThrow(refusal('wrong_mode', '/mode'));
    expect(give('oral')).toThrow(refusal('wrong_mode', '/mode'));
    give('written')();
    expect(limits(run)).toEqual(['written_report:1 met', 'follow_up:1 met']);
  });

  it('is the last', () => {
    const run = IncidentRun.reported();
    run.giveAt('kgx-head', minutes(30), reporting('final'));
    for (const stage of ['first', 'follow_up', 'final'] as const) {
      expect(() => run.giveAt('kgx-head', minutes(31), reporting(stage))).toThrow(refusal('wrong_status'));
    }
    expect(() => run.giveAt('xwb-head', minutes(31), level('major'))).toThrow(refusal('wrong_status'));
  });
});

describe('a report by phone or word of mouth', () => {
  it.each(['phone', 'oral'] as const)('by %s owes a written one, which a written follow-up is', (mode) => {
    const run = IncidentRun.reported({}, { mode, level: 'large' });
    expect(limits(run)).toEqual(['written_report:1 running', 'follow_up:1 running']);
    run.giveAt('kgx-head', minutes(60), reporting('follow_up'));
    expect(limits(run)).toEqual(['written_report:1 met', 'follow_up:1 met', 'follow_up:2 running']);
  });

  it('followed by another leaves the first one’s limit as it is, overdue or not', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'large' });
    run.giveAt('kgx-head', minutes(60), reporting('follow_up', { mode: 'phone' }));
    expect(limits(run)).toEqual(['written_report:1 running', 'follow_up:1 met', 'follow_up:2 running']);
    expect(run.limit('written_report:1').dueAt).toBe(minutes(140));
    run.until('2023-03-10T12:20');
    run.giveAt('kgx-head', minutes(145), reporting('follow_up', { mode: 'oral' }));
    expect(run.limit('written_report:1')).toMatchObject({ status: 'overdue', next: { step: 1 } });
  });

  it('owes writing again once what was owed has been written', () => {
    const run = IncidentRun.reported({}, { mode: 'phone' });
    run.giveAt('kgx-head', minutes(60), reporting('follow_up'));
    run.giveAt('kgx-head', minutes(90), reporting('follow_up', { mode: 'phone' }));
    expect(limits(run).slice(-2)).toEqual(['written_report:3 running', 'follow_up:3 running']);
  });

  it('of a matter that does not go on is done with once it lies there in writing', () => {
    const startsAt = at('2023-03-20T09:00');
    const run = IncidentRun.reported({ kind: VISIT, startsAt, occurredAt: null }, { mode: 'phone' });
    expect(run.incident.status).toBe('reported');
    expect(limits(run)).toEqual(['written_report:1 running']);
    run.giveAt('kgx-head', minutes(60), reporting('follow_up', { mode: 'phone' }));
    expect(run.incident.status).toBe('reported');
    run.giveAt('kgx-head', minutes(90), reporting('follow_up'));
    expect(run.incident.status).toBe('closed');
    expect(limits(run)).toEqual(['written_report:1 met']);
  });
});

describe('a rise in level', () => {
  it('shortens the clocks in force, counting from now', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'general' });
    const [event] = run.giveAt('xwb-head', minutes(40), level('extraordinary'));
    const shorter = { from: minutes(40), remind: 0 };
    expect(event).toStrictEqual({
      ...{ type: 'LevelChanged', at: minutes(40), by: 'p-xwb-head', from: 'general', to: 'extraordinary' },
      reason: '伤亡扩大',
      limits: [
        running('written_report:1', 'written_report', minutes(20), { ...shorter, amount: 60, remind: 20 }),
        running('follow_up:1', 'follow_up', minutes(20), { ...shorter, amount: 120, remind: 30 }),
      ],
    } satisfies IncidentEvent);
    expect(run.incident.level).toBe('extraordinary');
    expect(run.nextWakeAt).toBe(minutes(80));
    expect(run.giveAt('xwb-head', minutes(41), level('extraordinary')), 'the same again').toEqual([]);
  });

  it('in a report shortens what survives it, and what begins with it', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'general' });
    run.giveAt('kgx-head', minutes(50), reporting('follow_up', { mode: 'phone', level: 'major' }));
    expect(run.limit('written_report:1').dueAt).toBe(minutes(110));
    expect(run.limit('follow_up:2').dueAt).toBe(minutes(290));
  });

  it('says nothing of what has been met', () => {
    const run = IncidentRun.reported({}, { level: 'general' });
    run.giveAt('kgx-head', minutes(30), reporting('follow_up'));
    const [event] = run.giveAt('xwb-head', minutes(40), level('major'));
    expect(event).toMatchObject({ limits: [{ id: 'follow_up:2', dueAt: minutes(280) }] });
  });

  it('never makes a clock longer, nor does a fall', () => {
    const unknown = IncidentRun.reported({}, { mode: 'phone' });
    unknown.giveAt('xwb-head', minutes(30), level('general'));
    expect(unknown.limit('written_report:1').dueAt).toBe(minutes(140));
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'major' });
    // 115 minutes are left of the follow-up: 120 would be more.
    run.giveAt('xwb-head', minutes(145), level('extraordinary'));
    expect(run.limit('follow_up:1').dueAt).toBe(minutes(260));
    const [fall] = run.giveAt('xwb-head', minutes(150), level('general'));
    expect(fall).toMatchObject({ from: 'extraordinary', to: 'general', limits: [] });
    expect(run.limit('follow_up:1').dueAt).toBe(minutes(260));
  });

  it('leaves the ladder of what is missed alone, and a first report’s forty minutes', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'large' });
    run.until('2023-03-10T12:20');
    const before = run.limit('written_report:1');
    run.giveAt('xwb-head', minutes(141), level('extraordinary'));
    expect(run.limit('written_report:1')).toEqual(before);
    const waiting = IncidentRun.signalled();
    waiting.giveAt('xwb-head', minutes(1), level('extraordinary'));
    expect(waiting.limit('first_report').dueAt).toBe(minutes(40));
  });
});
