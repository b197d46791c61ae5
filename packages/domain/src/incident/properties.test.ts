import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEN } from '../../test-support/incident-expectations.ts';
import {
  besides,
  correcting,
  FACTS,
  IncidentRun,
  KNOWN,
  opening,
  reporting,
  signal,
  VISIT,
} from '../../test-support/incident-run.ts';
import { isActive, type Limit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { Policy } from '../escalation/policy.ts';
import type { IncidentCommand } from './commands.ts';
import type { IncidentEvent, IncidentOpened } from './events.ts';
import { incidentAggregate } from './index.ts';
import { LEVELS, REPORT_MODES } from './reports.ts';
import { incidentLight } from './state.ts';
import { INCIDENT_CLOCK } from './wake.ts';

interface Given {
  readonly person: string;
  readonly command: (run: IncidentRun, now: number) => IncidentCommand;
}
type Step = readonly [minutes: number, what: Given | 'wake' | 'on time'];

const person = fc.constantFrom('kgx-head', 'xwb-head', 'zfb-head');
const number = fc.integer({ min: 1, max: 2 });
const escalationId = fc.integer({ min: 1, max: 6 }).map((n) => `escalation_incident_1-${n}`);
const level = fc.constantFrom(...LEVELS);
/** Mostly nothing is said; else that many minutes before now, or in the future. */
const ago = fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, fc.integer({ min: -2, max: 90 }));
const before = (now: number, minutes: number | null) => (minutes === null ? null : now - minutes * 60_000);

function given<T>(
  said: fc.Arbitrary<T>,
  command: (said: T, now: number, run: IncidentRun) => IncidentCommand,
): fc.Arbitrary<Given> {
  return fc.tuple(person, said).map(([by, words]) => ({ person: by, command: (run, now) => command(words, now, run) }));
}

const reports = fc.record({
  stage: fc.constantFrom('next', 'next', 'next', 'next', 'first', 'follow_up', 'final'),
  facts: fc.constantFrom(FACTS, KNOWN, KNOWN, KNOWN, {}),
  mode: fc.constantFrom(...REPORT_MODES),
  level: fc.option(level),
  ...{ receivedAt: ago, occurredAt: ago, knownAt: ago },
});
/** The stage that is due, so that lives get somewhere. */
function stageOf(stage: string, { incident }: IncidentRun): 'first' | 'follow_up' | 'final' {
  if (stage === 'next') return incident.reports.length === 0 ? 'first' : 'follow_up';
  return stage as 'first' | 'follow_up' | 'final';
}

const command: fc.Arbitrary<Given> = fc.oneof(
  given(fc.constantFrom(signal(), opening({ occurredAt: TEN })), (again) => again),
  {
    weight: 5,
    arbitrary: given(reports, ({ stage, receivedAt, occurredAt, knownAt, ...said }, now, run) =>
      reporting(stageOf(stage, run), {
        ...said,
        receivedAt: before(now, receivedAt),
        occurredAt: before(now, occurredAt),
        knownAt: before(now, knownAt),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: given(fc.record({ report: number, ago, trend: fc.constantFrom('好转', '恶化') }), (said, now) =>
      correcting({ ...said, before: KNOWN, after: { trend: said.trend }, occurredAt: before(now, said.ago) }),
    ),
  },
  given(level, (to) => ({ type: 'ChangeLevel', level: to, reason: '' })),
  given(fc.constant(''), (text) => ({ type: 'ExplainLateness', text })),
  given(fc.constant(''), (text) => ({ type: 'RequestUpward', to: '', text })),
  {
    weight: 3,
    arbitrary: given(fc.tuple(number, fc.integer({ max: 4, min: 0 })), ([n, doubt]) => ({
      ...{ type: 'ReviewUpward', number: n, office: null, approved: doubt > 0, note: null },
    })),
  },
  given(number, (n) => ({ type: 'SendUpward', number: n })),
  given(escalationId, (id) => ({ type: 'AcknowledgeEscalation', escalationId: id, note: null, until: null })),
  given(escalationId, (id) => ({ type: 'ResolveEscalation', escalationId: id, outcome: '' })),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.integer({ min: 0, max: 5_000 })),
    fc.oneof({ weight: 5, arbitrary: command }, fc.constant('wake' as const), fc.constant('on time' as const)),
  ),
  { minLength: 5, maxLength: 40, size: 'max' },
);

function live(run: IncidentRun, lived: readonly Step[]): void {
  let now = TEN;
  for (const [minutes, what] of lived) {
    if (what === 'on time') now = Math.max(now, run.nextWakeAt ?? now);
    else now += minutes * 60_000 + 17;
    const late = run.incident.lateByMs;
    if (what === 'wake' || what === 'on time') checkWake(run, now);
    else tryCommand(run, now, what);
    expect(run.incident.lateByMs ?? 0, 'lateness never shrinks').toBeGreaterThanOrEqual(late ?? 0);
    checkState(run);
  }
  checkWake(run, now);
}

function checkWake(run: IncidentRun, now: number): void {
  run.wakeAt(now);
  expect(run.wakeAt(now), 'the same wake again').toEqual([]);
  if (run.nextWakeAt !== null) expect(run.nextWakeAt).toBeGreaterThan(now);
  const { calendar } = run.structure;
  const recomputed = incidentAggregate.recompute?.(run.state, { now, calendar, structure: run.structure });
  expect(recomputed, 'counted again by the same calendar').toEqual([]);
}

function tryCommand(run: IncidentRun, now: number, what: Given): void {
  const closed = run.incident.status === 'closed';
  try {
    const events = run.giveAt(what.person, now, what.command(run, now));
    if (closed) for (const { type } of events) expect(AFTER_CLOSING).toContain(type);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.messageZh).toMatch(/。$/);
  }
}

const AFTER_CLOSING: readonly IncidentEvent['type'][] = [
  'ReportCorrected',
  'LatenessExplained',
  'UpwardRequested',
  'UpwardReviewed',
  'UpwardSent',
  'EscalationAcknowledged',
  'EscalationResolved',
];

const BY_CLOCK: readonly IncidentEvent['type'][] = ['UnitReminded', 'LimitMissed', 'Escalated', 'LadderResumed'];

function checkState(run: IncidentRun): void {
  const { limits, status, lateByMs, explained } = run.incident;
  const active = limits.filter(isActive);
  for (const limit of active) if (limit.status === 'overdue') expect(isHeardOf(run, limit), limit.id).toBe(true);
  if (active.some((limit) => limit.status === 'running')) expect(run.nextWakeAt).not.toBeNull();
  const owed = active.map(({ kind }) => kind);
  expect(owed.includes('first_report')).toBe(status === 'awaiting_report' && run.incident.signal !== null);
  expect(owed.includes('follow_up')).toBe(status === 'reported' && run.incident.kind.followsUp);
  if (status === 'closed') expect(owed).not.toContain('written_report');
  expect(owed.includes('explanation')).toBe((lateByMs ?? 0) > 0 && !explained);
  expect(incidentLight(run.incident) === 'blue').toBe(status === 'closed' && active.length === 0);
}

/** Something is still to come of it, its ladder has been climbed to the end, or another ladder speaks for it. */
function isHeardOf({ incident }: IncidentRun, limit: Limit): boolean {
  if (limit.next !== null || limit.hold !== null || INCIDENT_CLOCK.isCovered(incident, limit)) return true;
  const last = INCIDENT_CLOCK.policyOf(incident, limit).steps.length - 1;
  return incident.escalations.some(({ limitId, step }) => limitId === limit.id && step === last);
}

function check(run: IncidentRun): void {
  const { events, incident } = run;
  expect(events.reduce(incidentAggregate.evolve, incidentAggregate.initial)).toEqual(run.state);
  expect(incident.version).toBe(events.length);
  const escalated = events.flatMap((event) => (event.type === 'Escalated' ? [event] : []));
  expect(new Set(escalated.map(({ escalationId }) => escalationId)).size).toBe(escalated.length);
  const climbed = escalated
    .filter(({ step, limitId }) => !repeats(run, limitId, step))
    .map(({ limitId, step, action }) => `${limitId} ${step} ${action}`);
  expect(new Set(climbed).size, 'a step comes once').toBe(climbed.length);
  expect(new Set(incident.limits.map(({ id }) => id)).size).toBe(incident.limits.length);
  const closing = incident.reports.at(-1)?.version ?? events.length;
  if (incident.status === 'closed') {
    expect(events.slice(closing).every(({ type }) => AFTER_CLOSING.includes(type) || BY_CLOCK.includes(type))).toBe(
      true,
    );
  }
  for (const { number: n, status } of incident.upward) {
    const approving = events.flatMap((event) =>
      event.type === 'UpwardReviewed' && event.number === n && event.approved ? [event.office] : [],
    );
    if (status === 'sent') expect(approving.toSorted()).toEqual(['xwb', 'zfb']);
  }
}

function repeats({ incident }: IncidentRun, limitId: string, step: number): boolean {
  const limit = incident.limits.find(({ id }) => id === limitId);
  return limit !== undefined && INCIDENT_CLOCK.policyOf(incident, limit).steps[step]?.repeat === 'monthly';
}

/** A ladder that never runs out. */
function repeating(policy: Policy): Policy {
  const last = policy.steps.at(-1)!;
  return { ...policy, steps: [...policy.steps.slice(0, -1), { ...last, repeat: 'monthly' }] };
}

describe('any life of an incident', () => {
  it.each([
    ['a signal', () => IncidentRun.signalled()],
    [
      'a signal of unknown time, national limits beside',
      () => IncidentRun.signalled({ occurredAt: null, kind: besides({ minutes: 30 }, { code: 'b', minutes: 60 }) }),
    ],
    ['a report by phone', () => IncidentRun.reported({}, { mode: 'phone' }, '2023-03-10T10:00')],
    [
      'a late notice by phone',
      () => {
        const run = new IncidentRun();
        run.giveAt('kgx-head', TEN, opening({ kind: VISIT, startsAt: TEN }, { mode: 'phone' }));
        return run;
      },
    ],
  ])('begun by %s: is the fold of its events, and nothing of it is forgotten', (_, begin) => {
    fc.assert(
      fc.property(steps, (lived) => {
        const run = begin();
        live(run, lived);
        check(run);
      }),
      { numRuns: 150, seed: 433_122 },
    );
  });

  it('has a next wake whenever anything is overdue, on ladders that repeat', () => {
    const [opened] = IncidentRun.signalled().events as [IncidentOpened];
    const { ladder, calmLadder } = opened.pace;
    const pace = { ...opened.pace, ladder: repeating(ladder), calmLadder: repeating(calmLadder) };
    fc.assert(
      fc.property(steps, (lived) => {
        const run = IncidentRun.given({ ...opened, pace });
        live(run, lived);
        check(run);
        if (run.incident.limits.some(isActive)) expect(run.nextWakeAt).not.toBeNull();
      }),
      { numRuns: 150, seed: 433_100 },
    );
  });
});
