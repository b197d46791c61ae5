import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as } from '../../test-support/fixtures.ts';
import { minutes, refusal, running, TEN } from '../../test-support/incident-expectations.ts';
import { FIRE, IncidentRun, signal, VISIT } from '../../test-support/incident-run.ts';
import type { IncidentEvent } from './events.ts';
import { incidentAggregate } from './index.ts';
import { DEFAULT_PACE } from './pace.ts';

describe('a signal', () => {
  it('opens an incident that waits for its unit’s first report', () => {
    const heard = signal({ occurredAt: TEN, receivedAt: minutes(2), level: 'general' });
    const opened: IncidentEvent = {
      ...{ type: 'IncidentOpened', at: minutes(3), by: 'p-officer', incidentId: 'incident_1' },
      signal: { source: '119', number: 'A-1' },
      ...{ kind: FIRE, unit: 'kgx', title: '民房火灾', text: '群众报警', level: 'general', occurredAt: TEN },
      ...{ knownAt: null, receivedAt: minutes(2), startsAt: null, completedAt: null, ownDueAt: null },
      pace: DEFAULT_PACE,
      limits: [running('first_report', 'first_report', minutes(3), { from: TEN, amount: 40, remind: 20 })],
    };
    specify(incidentAggregate, [])
      .when(heard, as('officer', minutes(3)))
      .yields(opened);
    const spec = specify(incidentAggregate, [opened]);
    expect(spec.state).toMatchObject({ status: 'awaiting_report', version: 1, lateByMs: null });
    spec.when(heard, as('officer', minutes(5))).yieldsNothing();
  });

  it.each([
    ['when it happened', { occurredAt: TEN, knownAt: minutes(5), receivedAt: minutes(8) }, 40],
    ['when its unit knew, where nobody knows more', { knownAt: minutes(5), receivedAt: minutes(8) }, 45],
    ['when it came in, where that is all there is', { receivedAt: minutes(8) }, 48],
    ['the moment it is entered, where nothing is said', {}, 50],
  ])('counts from %s', (_, given, due) => {
    const run = new IncidentRun();
    run.giveAt('officer', minutes(10), signal(given));
    expect(run.limit('first_report').dueAt).toBe(minutes(due));
  });

  it.each([
    ['of a visit', { kind: VISIT, startsAt: minutes(9_999) }, 'not_allowed', '/kind'],
    ['about a unit that is not there', { unit: 'nobody' }, 'unknown_reference', '/unit'],
    ['of what has not happened yet', { occurredAt: minutes(11) }, 'invalid_due', '/occurredAt'],
    ['known in the future', { knownAt: minutes(11) }, 'invalid_due', '/knownAt'],
    ['received in the future', { receivedAt: minutes(11) }, 'invalid_due', '/receivedAt'],
    ['known before it happened', { occurredAt: minutes(2), knownAt: minutes(1) }, 'invalid_due', '/knownAt'],
    ['received before it happened', { occurredAt: minutes(2), receivedAt: minutes(1) }, 'invalid_due', '/occurredAt'],
  ] as const)('%s is refused', (_, given, code, pointer) => {
    const run = new IncidentRun();
    expect(() => run.giveAt('officer', minutes(10), signal(given))).toThrow(refusal(code, pointer));
  });
});
