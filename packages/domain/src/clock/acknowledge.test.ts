import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/incident-expectations.ts';
import { IncidentRun } from '../../test-support/incident-run.ts';
import type { ExistingIncident } from '../incident/state.ts';
import { INCIDENT_CLOCK } from '../incident/wake.ts';
import { acknowledge, resolve } from './acknowledge.ts';
import { ended } from './limit.ts';

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
    expect(resolve(settled, { type: 'ResolveEscalation', escalationId, outcome: '' }, context)).toEqual([]);
  });
});

describe('a resolution', () => {
  it('is recorded, and leaves the ladder to climb', () => {
    const resolution = { type: 'ResolveEscalation', escalationId, outcome: '已责成首报' } as const;
    expect(resolve(escalated(), resolution, context)).toStrictEqual([
      { type: 'EscalationResolved', at: now, by: 'p-xwb-head', escalationId, outcome: '已责成首报' },
    ]);
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    run.giveAt('xwb-head', now, resolution);
    expect(run.incident.escalations).toMatchObject([{ status: 'resolved' }]);
    expect(run.nextWakeAt).toBe(at('2023-03-10T11:00'));
  });
});
