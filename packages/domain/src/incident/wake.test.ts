import { describe, expect, it } from 'vitest';
import { at, vacant } from '../../test-support/fixtures.ts';
import { refusal, toUnit } from '../../test-support/incident-expectations.ts';
import { besides, IncidentRun, opening, reporting, told, types } from '../../test-support/incident-run.ts';
import { incidentLight } from './state.ts';

const OFFICES = 'unit:xwb unit:zfb';
const acknowledge = (number: number, until: string | null = null) =>
  ({
    type: 'AcknowledgeEscalation',
    escalationId: `escalation_incident_1-${number}`,
    note: '正在核实',
    until: until === null ? null : at(until),
  }) as const;

describe('an incident nobody reports', () => {
  it('reminds at 20 minutes, escalates at 40, climbs at 60 and 90: to the millisecond, and never before', () => {
    const run = IncidentRun.signalled();
    for (const minute of ['10:20', '10:40', '11:00', '11:30']) {
      const due = at(`2023-03-10T${minute}`);
      expect(run.nextWakeAt).toBe(due);
      expect(run.wakeAt(due - 1)).toEqual([]);
      expect(run.wakeAt(due)).not.toEqual([]);
      expect(run.wakeAt(due), 'the same wake again').toEqual([]);
    }
    expect(told(run.events)).toEqual([
      '03-10 10:20 first_report remind unit:kgx',
      `03-10 10:40 first_report 0 ${OFFICES}`,
      '03-10 11:00 first_report 1 post:second-deputy',
      '03-10 11:30 first_report 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
    expect(run.nextWakeAt).toBeNull();
  });

  it('says all of it in its events', () => {
    const run = IncidentRun.signalled();
    const dueAt = at('2023-03-10T10:40');
    expect(run.until('2023-03-10T10:40')).toStrictEqual([
      {
        ...{ type: 'UnitReminded', at: at('2023-03-10T10:20'), limitId: 'first_report', dueAt },
        ...{ workingDaysBefore: null, minutesBefore: 20, urgent: true },
        recipients: [toUnit('kgx')],
      },
      {
        ...{ type: 'LimitMissed', at: dueAt, limitId: 'first_report', dueAt },
        steps: [dueAt, at('2023-03-10T11:00'), at('2023-03-10T11:30')],
        next: { step: 0, at: dueAt },
      },
      {
        ...{ type: 'Escalated', at: dueAt, escalationId: 'escalation_incident_1-1', limitId: 'first_report', step: 0 },
        ...{ stepDueAt: dueAt, dueAt, action: 'escalate', urgent: true },
        recipients: [toUnit('xwb'), toUnit('zfb')],
        next: { step: 1, at: at('2023-03-10T11:00') },
      },
    ]);
  });

  it.each(['2023-03-10T23:50', '2023-10-01T03:00', '2023-12-31T23:30', '2024-02-28T23:30'])(
    'knows no night, holiday or month end: %s',
    (when) => {
      const events = IncidentRun.signalled({}, when).until('2024-03-01T00:00');
      const run = IncidentRun.signalled({}, when);
      const since = run.until('2024-03-01T00:00').map(({ at: instant }) => (instant - at(when)) / 60_000);
      expect(since).toEqual([20, 40, 40, 60, 90]);
      expect(events.filter((event) => 'urgent' in event && !event.urgent)).toEqual([]);
    },
  );

  it('stops climbing with the first report, and settles what was escalated', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T11:00');
    run.give('kgx-head', '2023-03-10T11:10', reporting('first'));
    expect(run.limit('first_report')).toMatchObject({ status: 'met', next: null });
    expect(run.incident.escalations.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    expect(told(run.until('2023-03-10T20:00'))).toEqual([]);
  });
});

describe('after an outage', () => {
  it('takes one step a wake, five minutes apart', () => {
    const run = IncidentRun.signalled();
    expect(types(run.wake('2023-03-10T13:00'))).toEqual(['LimitMissed', 'Escalated']);
    run.until('2023-03-10T14:00');
    expect(told(run.events)).toEqual([
      `03-10 13:00 first_report 0 ${OFFICES}`,
      '03-10 13:05 first_report 1 post:second-deputy',
      '03-10 13:10 first_report 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
  });

  it('falls back into step where it can', () => {
    const run = IncidentRun.signalled();
    run.wake('2023-03-10T10:50');
    expect(run.nextWakeAt).toBe(at('2023-03-10T11:00'));
  });

  it('counts from the signal where it came too late to be in time', () => {
    const run = IncidentRun.signalled({ occurredAt: at('2023-03-10T09:00') });
    expect(run.limit('first_report').dueAt).toBe(at('2023-03-10T09:40'));
    run.wake('2023-03-10T10:00');
    run.until('2023-03-10T12:00');
    expect(told(run.events)).toEqual([
      `03-10 10:00 first_report 0 ${OFFICES}`,
      '03-10 10:20 first_report 1 post:second-deputy',
      '03-10 10:50 first_report 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
  });
});

describe('an acknowledgement', () => {
  it('holds fifteen minutes at the most, then the ladder goes on', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    const hold = (until: string) => () => run.give('xwb-head', '2023-03-10T10:45', acknowledge(1, until));
    expect(hold('2023-03-10T11:00:00.001')).toThrow(refusal('hold_too_long', '/until'));
    expect(hold('2023-03-10T10:45')).toThrow(refusal('hold_too_long', '/until'));
    run.give('xwb-head', '2023-03-10T10:45', acknowledge(1));
    expect(run.give('zfb-head', '2023-03-10T10:46', acknowledge(1)), 'acknowledged twice').toEqual([]);
    const resumed = run.until('2023-03-10T11:00');
    expect(types(resumed)).toEqual(['LadderResumed']);
    expect(resumed).toMatchObject([{ at: at('2023-03-10T11:00'), pause: { fromStep: 1, reason: 'acknowledged' } }]);
    expect(told(run.until('2023-03-10T13:00'))).toEqual([
      '03-10 11:15 first_report 1 post:second-deputy',
      '03-10 11:45 first_report 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
  });

  it('comes too late once the report is in', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    run.give('kgx-head', '2023-03-10T10:41', reporting('first'));
    expect(() => run.give('xwb-head', '2023-03-10T10:42', acknowledge(1))).toThrow(refusal('wrong_status'));
    expect(() => run.give('xwb-head', '2023-03-10T10:42', acknowledge(9))).toThrow(refusal('not_found'));
  });
});

describe('a vacancy', () => {
  it.each([
    [['second-deputy'], 'post:secretary'],
    [['second-deputy', 'secretary'], 'post:mayor'],
    [['second-deputy', 'secretary', 'mayor'], 'post:clerk'],
    [['second-deputy', 'secretary', 'mayor', 'clerk'], 'administrators'],
  ])('of %s goes to the next seat at once', (posts, mailbox) => {
    const run = IncidentRun.signalled({}, undefined, vacant(...posts));
    const events = run.until('2023-03-10T11:00');
    expect(told(events).at(-1)).toBe(`03-10 11:00 first_report 1 ${mailbox}`);
    expect(run.incident.escalations.at(-1)?.detoured).toBe(true);
  });

  it('among the main leaders leaves nobody told twice', () => {
    const run = IncidentRun.signalled({}, undefined, vacant('secretary'));
    const told90 = told(run.until('2023-03-10T11:30')).at(-1);
    expect(told90).toBe('03-10 11:30 first_report 2 post:mayor unit:dcs unit:xwdcs');
  });

  it('tells the main leader where no leader is in charge of a unit', () => {
    const run = IncidentRun.signalled({ unit: 'zhen' });
    expect(told(run.until('2023-03-10T11:00')).at(-1)).toBe('03-10 11:00 first_report 1 post:secretary');
  });
});

describe('a national limit beside the county’s', () => {
  it('is marked when it is missed and climbs no ladder of its own', () => {
    const run = IncidentRun.signalled({ kind: besides({ minutes: 60 }) });
    run.until('2023-03-10T13:00');
    expect(run.limit('parallel:guowuyuan-493')).toMatchObject({ status: 'overdue', steps: [], next: null });
    expect(told(run.events)).toHaveLength(4);
  });

  it('begins the one ladder when it is the stricter', () => {
    const run = IncidentRun.signalled({ kind: besides({ minutes: 30 }) });
    run.until('2023-03-10T13:00');
    expect(told(run.events)).toEqual([
      '03-10 10:20 first_report remind unit:kgx',
      `03-10 10:30 parallel:guowuyuan-493 0 ${OFFICES}`,
      '03-10 10:50 parallel:guowuyuan-493 1 post:second-deputy',
      '03-10 11:20 parallel:guowuyuan-493 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
  });

  it('of the same instant leaves the word to the county’s own, and both end with the report', () => {
    const kind = besides({ code: 'a', minutes: 40 }, { code: 'b', minutes: 40 });
    const run = IncidentRun.signalled({ kind });
    expect(types(run.wake('2023-03-10T10:40'))).toEqual(['LimitMissed', 'Escalated', 'LimitMissed', 'LimitMissed']);
    run.give('kgx-head', '2023-03-10T10:41', reporting('first'));
    expect(run.incident.limits.slice(0, 3).map(({ status }) => status)).toEqual(['met', 'met', 'met']);
  });

  it('does not run until a person has confirmed it, and counts from its own instant', () => {
    const kind = besides({ verified: false }, { code: 'known', from: 'knownAt', minutes: 60 });
    const run = IncidentRun.signalled({ kind, occurredAt: at('2023-03-10T09:50'), knownAt: at('2023-03-10T09:55') });
    expect(run.incident.limits.map(({ id, dueAt }) => [id, dueAt])).toEqual([
      ['first_report', at('2023-03-10T10:30')],
      ['parallel:known', at('2023-03-10T10:55')],
    ]);
  });
});

describe('what is owed after the first report', () => {
  it('is reminded and climbs the same ladder, day and night', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'major' });
    run.until('2023-03-10T12:10');
    expect(told(run.events)).toEqual([
      '03-10 11:00 written_report:1 remind unit:kgx',
      `03-10 11:20 written_report:1 0 ${OFFICES}`,
      '03-10 11:40 written_report:1 1 post:second-deputy',
      '03-10 12:10 written_report:1 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
    expect(told(run.until('2023-03-10T14:20'))).toEqual([
      '03-10 13:50 follow_up:1 remind unit:kgx',
      `03-10 14:20 follow_up:1 0 ${OFFICES}`,
    ]);
  });

  it('goes on after closing while a late report is not explained: yellow, then red, then blue', () => {
    const run = new IncidentRun();
    run.give('kgx-head', '2023-03-10T11:00', opening({ occurredAt: at('2023-03-10T10:00') }));
    run.give('kgx-head', '2023-03-10T11:30', reporting('final'));
    expect([run.incident.status, incidentLight(run.incident)]).toEqual(['closed', 'yellow']);
    expect(told(run.until('2023-03-20T12:00'))).toEqual([
      '03-13 11:00 explanation remind unit:kgx',
      `03-14 11:00 explanation 0 ${OFFICES}`,
      '03-17 11:00 explanation 1 post:second-deputy unit:dcs unit:xwdcs',
    ]);
    expect(incidentLight(run.incident)).toBe('red');
    run.give('kgx-head', '2023-03-20T13:00', { type: 'ExplainLateness', text: '山区无信号' });
    expect(run.incident).toMatchObject({ explained: true, escalations: [{}, { status: 'resolved' }, {}] });
    expect([run.nextWakeAt, incidentLight(run.incident)]).toEqual([null, 'blue']);
  });
});

it('wakes nothing that has not been opened', () => {
  const run = new IncidentRun();
  expect(run.wake('2023-03-10T10:00')).toEqual([]);
  expect(run.recompute('2023-03-10T10:00')).toEqual([]);
});
