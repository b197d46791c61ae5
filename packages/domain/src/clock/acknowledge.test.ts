import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/incident-expectations.ts';
import { IncidentRun } from '../../test-support/incident-run.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import type { ExistingIncident } from '../incident/state.ts';
import { INCIDENT_CLOCK } from '../incident/wake.ts';
import { TASK_CLOCK } from '../task/wake.ts';
import { acknowledge, resolve } from './acknowledge.ts';
import type { Clocked } from './item.ts';
import { ended } from './limit.ts';
import type { ClockRules } from './wake.ts';

const escalationId = 'escalation_incident_1-1';
const now = at('2023-03-10T10:45');
const context = as('xwb-head', now);
const asked = { type: 'AcknowledgeEscalation', escalationId, note: null, until: null } as const;

function escalated(): ExistingIncident {
  const run = IncidentRun.signalled();
  run.until('2023-03-10T10:40');
  return run.incident;
}

describe('an acknowledgement', () => {
  it('holds as long as the policy allows, or as asked', () => {
    const said = { type: 'EscalationAcknowledged', at: now, by: 'p-xwb-head', escalationId, limitId: 'first_report' };
    expect(acknowledge(escalated(), asked, INCIDENT_CLOCK, context)).toStrictEqual([
      { ...said, note: null, holdUntil: at('2023-03-10T11:00') },
    ]);
    const until = at('2023-03-10T10:50');
    expect(acknowledge(escalated(), { ...asked, until, note: '在核实' }, INCIDENT_CLOCK, context)).toStrictEqual([
      { ...said, note: '在核实', holdUntil: until },
    ]);
  });

  it.each([
    ['gone', []],
    ['ended', escalated().limits.map((limit) => ended(limit, 'met'))],
  ])('of a limit that is %s holds nothing', (_, limits) => {
    const gone = { ...escalated(), limits };
    expect(acknowledge(gone, asked, INCIDENT_CLOCK, context)).toMatchObject([{ holdUntil: now }]);
    const until = at('2023-03-10T10:50');
    expect(() => acknowledge(gone, { ...asked, until }, INCIDENT_CLOCK, context)).toThrow(
      refusal('hold_too_long', '/until'),
    );
  });

  it('is not asked for when it is settled', () => {
    const { escalations, ...incident } = escalated();
    const settled = { ...incident, escalations: escalations.map((one) => ({ ...one, status: 'resolved' as const })) };
    expect(() => acknowledge(settled, asked, INCIDENT_CLOCK, context)).toThrow(refusal('wrong_status'));
    expect(resolve(settled, { type: 'ResolveEscalation', escalationId, outcome: '' }, INCIDENT_CLOCK, context)).toEqual(
      [],
    );
  });
});

describe('a resolution', () => {
  it('is recorded, and leaves the ladder to climb', () => {
    const resolution = { type: 'ResolveEscalation', escalationId, outcome: '已责成首报' } as const;
    expect(resolve(escalated(), resolution, INCIDENT_CLOCK, context)).toStrictEqual([
      { type: 'EscalationResolved', at: now, by: 'p-xwb-head', escalationId, outcome: '已责成首报' },
    ]);
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    run.giveAt('xwb-head', now, resolution);
    expect(run.incident.escalations).toMatchObject([{ status: 'resolved' }]);
    expect(run.nextWakeAt).toBe(at('2023-03-10T11:00'));
  });
});

describe('whom an escalation is about', () => {
  const task = TaskRun.assigned('2023-06-01T10:00');
  task.until('2023-09-01T00:00');
  const resolving = { type: 'ResolveEscalation', outcome: '已处理' } as const;
  const acts = <T extends Clocked>(item: T, id: string, rules: ClockRules<T>, post: string) => {
    const when = as(post, at('2023-09-01T10:00'));
    return [
      () => acknowledge(item, { ...asked, escalationId: id }, rules, when),
      () => resolve(item, { ...resolving, escalationId: id }, rules, when),
    ];
  };

  it.each([
    ['staff of the lead unit', 'kgx-head', true],
    ['the office’s director, of another unit', 'jj-director', false],
    ['a leader', 'mayor', false],
    ['supervision', 'inspector', false],
  ])('of a task: %s', (_, post, refused) => {
    for (const act of acts(task.task, 'escalation_safety-1-1', TASK_CLOCK, post)) {
      if (refused) expect(act).toThrow(refusal('own_escalation'));
      else expect(act()).toHaveLength(1);
    }
  });

  it('cannot, though they direct the office that it was addressed to', () => {
    const own = { ...task.task, leadUnits: ['jj'] };
    for (const act of acts(own, 'escalation_safety-1-1', TASK_CLOCK, 'jj-director')) {
      expect(act).toThrow(refusal('own_escalation'));
    }
    expect(acts(own, 'escalation_safety-1-1', TASK_CLOCK, 'first-deputy')[0]?.()).toHaveLength(1);
  });

  it('of what an office owes, are its seats and not the lead unit', () => {
    const limits = task.task.limits.map((limit) => ({ ...limit, kind: 'verification' as const }));
    const verifying = { ...task.task, limits };
    for (const act of acts(verifying, 'escalation_safety-1-1', TASK_CLOCK, 'jj-deputy')) {
      expect(act).toThrow(refusal('own_escalation'));
    }
    expect(acts(verifying, 'escalation_safety-1-1', TASK_CLOCK, 'mayor')[0]?.()).toHaveLength(1);
  });

  it('of an incident, are the unit’s people; the offices it is filed with are not', () => {
    const own = { ...escalated(), unit: 'xwb' };
    expect(() => acknowledge(own, asked, INCIDENT_CLOCK, context)).toThrow(refusal('own_escalation'));
    expect(acknowledge(own, asked, INCIDENT_CLOCK, as('zfb-head', now))).toHaveLength(1);
  });
});
