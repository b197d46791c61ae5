import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../../test-support/fixtures.ts';
import { isActive } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { Policy } from '../escalation/policy.ts';
import type { ProblemCommand } from './commands.ts';
import { PROBLEM_TERMS } from './events.ts';
import { problemAggregate } from './index.ts';
import {
  decision,
  ProblemRun,
  registration,
  SATISFIED,
  SOLVE,
  TO_COUNTY,
  TO_PREFECTURE,
  UNSATISFIED,
} from './tests/problem-run.ts';
import { PROBLEM_CLOCK } from './wake.ts';

interface Given {
  readonly person: string;
  readonly command: (run: ProblemRun) => ProblemCommand;
}
type Step = readonly [hours: number, what: Given | 'wake' | 'on time'];

const of = (person: string, command: ProblemCommand) => fc.constant<Given>({ person, command: () => command });
const director = fc.constantFrom('jj-director', 'jj-deputy');
/** Mostly about the last of them, or hardly any would ever be the right one. */
const back = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 }));
const decide = (approved: boolean) =>
  fc.tuple(director, back).map(
    ([person, n]): Given => ({
      person,
      command: ({ problem }) => decision({ number: problem.moves.length - n, approved }),
    }),
  );
const escalated = (command: (escalationId: string) => ProblemCommand) =>
  back.map(
    (n): Given => ({
      person: 'jj-director',
      command: ({ problem }) => command(`escalation_problem_1-${problem.escalations.length - n}`),
    }),
  );
const given: fc.Arbitrary<Given> = fc.oneof(
  of('kgx-head', registration()),
  of('kgx-head', SOLVE),
  of('kgx-head', TO_COUNTY),
  { weight: 3, arbitrary: of('kgx-head', TO_PREFECTURE) },
  of('jj-director', SATISFIED),
  { weight: 3, arbitrary: of('jj-director', UNSATISFIED) },
  { weight: 4, arbitrary: decide(true) },
  decide(false),
  escalated((escalationId) => ({ type: 'AcknowledgeEscalation', escalationId, note: null, until: null })),
  escalated((escalationId) => ({ type: 'ResolveEscalation', escalationId, outcome: '' })),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 200 }),
    fc.oneof({ weight: 3, arbitrary: given }, fc.constant('wake' as const), fc.constant('on time' as const)),
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
);

/** How it comes to lie with the prefecture; a life begins somewhere on the way. */
const CLIMB: readonly Given[] = [
  { person: 'kgx-head', command: () => TO_COUNTY },
  { person: 'kgx-head', command: () => TO_PREFECTURE },
  { person: 'jj-deputy', command: () => decision() },
  { person: 'jj-director', command: () => decision() },
];
const lives = fc
  .tuple(fc.integer({ min: 0, max: CLIMB.length }), steps)
  .map(([climbed, after]): Step[] => [...CLIMB.slice(0, climbed).map((what): Step => [1, what]), ...after]);

function live(run: ProblemRun, lived: readonly Step[]): void {
  let now = at('2023-08-01T10:00');
  for (const [hours, what] of lived) {
    if (what === 'on time') now = Math.max(now, run.nextWakeAt ?? now);
    else now += hours * 3_600_000 + 17;
    if (what === 'wake' || what === 'on time') checkWake(run, now);
    else tryCommand(run, now, what);
    checkState(run);
  }
  checkWake(run, now);
}

function checkWake(run: ProblemRun, now: number): void {
  run.wakeAt(now);
  expect(run.wakeAt(now), 'the same wake again').toEqual([]);
  const next = run.nextWakeAt;
  if (next !== null) expect(next).toBeGreaterThan(now);
}

/** Given again at once, a command has nothing to add. */
function tryCommand(run: ProblemRun, now: number, { person, command: make }: Given): void {
  const command = make(run);
  try {
    run.giveAt(person, now, command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return;
  }
  expect(run.giveAt(person, now, command), `${command.type} again`).toEqual([]);
}

function checkState(run: ProblemRun): void {
  const { problem } = run;
  const active = problem.limits.filter(isActive);
  const kinds = active.map(({ kind }) => kind).sort();
  const pending = problem.moves.some(({ status }) => status === 'pending');
  const expected = { open: pending ? ['approval', 'solution'] : ['solution'], solved: ['call_back'], closed: [] };
  expect(kinds).toEqual(expected[problem.status]);
  for (const limit of active) if (limit.status === 'overdue') expect(isHeardOf(run, limit.id)).toBe(true);
  if (active.some(({ status }) => status === 'running')) expect(run.nextWakeAt).not.toBeNull();
}

/** Something is still to come of it, or its ladder has been climbed to the end. */
function isHeardOf({ problem }: ProblemRun, id: string): boolean {
  const limit = problem.limits.find((candidate) => candidate.id === id)!;
  if (limit.next !== null || limit.hold !== null) return true;
  const last = PROBLEM_CLOCK.policyOf(problem, limit).steps.length - 1;
  return problem.escalations.some(({ limitId, step }) => limitId === id && step === last);
}

/** Moves to the prefecture that fewer than both directors have approved. */
function unapproved({ events }: ProblemRun): readonly number[] {
  return events.flatMap((event) => {
    if (event.type !== 'ProblemMoved' || event.to !== 'prefecture') return [];
    const words = events.filter((word) => word.type === 'MoveDecided' && word.number === event.number);
    const posts = words.flatMap((word) => (word.type === 'MoveDecided' && word.approved ? [word.post] : []));
    return posts.toSorted().join() === 'jj-deputy,jj-director' ? [] : [event.number];
  });
}

function check(run: ProblemRun): void {
  const folded = run.events.reduce(problemAggregate.evolve, problemAggregate.initial);
  expect(folded).toEqual(run.state);
  expect(run.problem.version).toBe(run.events.length);
  const ids = run.events.flatMap((event) => (event.type === 'Escalated' ? [event.escalationId] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(run.problem.limits.map(({ id }) => id)).size).toBe(run.problem.limits.length);
  expect(unapproved(run)).toEqual([]);
}

/** A ladder that never runs out. */
function repeating(policy: Policy): Policy {
  const last = policy.steps.at(-1)!;
  return { ...policy, steps: [...policy.steps.slice(0, -1), { ...last, repeat: 'monthly' }] };
}

describe('any life of a problem', () => {
  it.each(PROBLEM_TERMS)('%s: is the fold of its events, and nothing of it is forgotten', (term) => {
    fc.assert(
      fc.property(lives, (lived) => {
        const run = ProblemRun.registered('2023-08-01T10:00', { term });
        live(run, lived);
        check(run);
      }),
      { numRuns: 150, seed: 433_122 },
    );
  });

  it('has a next wake whenever anything is overdue, on ladders that repeat', () => {
    const { policy, prefecturePolicy } = registration();
    const ladders = { policy: repeating(policy), prefecturePolicy: repeating(prefecturePolicy) };
    fc.assert(
      fc.property(lives, (lived) => {
        const run = ProblemRun.registered('2023-08-01T10:00', { term: 'at_once', ...ladders });
        live(run, lived);
        check(run);
        if (run.problem.status !== 'closed') expect(run.nextWakeAt).not.toBeNull();
      }),
      { numRuns: 150, seed: 433_100 },
    );
  });
});
