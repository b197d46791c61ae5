import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, REPORT } from '../../test-support/fixtures.ts';
import { calendarDay } from '../../test-support/random-times.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import { DomainError } from '../errors.ts';
import type { TaskCommand } from './commands.ts';
import { runningLimits } from './state.ts';

type Step = readonly [
  hours: number,
  what: { readonly person: string; readonly command: (now: number) => TaskCommand } | 'wake' | 'on time',
];

const office = 'jj-director';
const of = (person: string, command: (now: number) => TaskCommand) => fc.constant({ person, command });
const numbered = (person: string, command: (number: number, yes: boolean) => TaskCommand) =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([n, yes]) => ({ person, command: () => command(n, yes) }));

const command = fc.oneof(
  of('kgx-head', () => ({ type: 'Accept', unit: null })),
  of('kgx-head', () => REPORT),
  of('kgx-head', () => ({ ...REPORT, reached: ['Q3'] })),
  numbered('kgx-head', (n) => ({ ...REPORT, answers: [`instruction:${n}`] })),
  of('kgx-head', (now) => ({ type: 'RequestExtension', limitId: 'due', newDueAt: calendarDay(now, 20), reason: '' })),
  numbered(office, (number, approved) => ({
    type: 'DecideExtension',
    number,
    approved,
    newDueAt: null,
    basis: '纪要',
    reason: null,
  })),
  of('kgx-head', () => ({ type: 'SubmitCompletion', unit: null, summary: '', evidence: [] })),
  of(office, () => ({ type: 'Return', reason: '' })),
  of(office, () => ({ type: 'Verify', note: null })),
  of(office, (now) => ({ type: 'Suspend', until: calendarDay(now, 10), reason: '', basis: '' })),
  of(office, () => ({ type: 'Resume', reason: null })),
  of('inspector', (now) => ({ type: 'ListForSupervision', reason: '', basis: '', reportBy: calendarDay(now, 5) })),
  of('mayor', (now) => ({ type: 'Instruct', text: '', reportBy: calendarDay(now, 3) })),
  numbered(office, (n) => ({
    type: 'AcknowledgeEscalation',
    escalationId: `escalation_safety-1-${n}`,
    note: null,
    until: null,
  })),
  numbered(office, (n) => ({ type: 'ResolveEscalation', escalationId: `escalation_safety-1-${n}`, outcome: '' })),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 400 }),
    fc.oneof(command, fc.constant('wake' as const), fc.constant('on time' as const)),
  ),
  { maxLength: 25 },
);

function live(run: TaskRun, given: readonly Step[]): void {
  let now = at('2023-08-01T10:00');
  for (const [hours, what] of given) {
    if (what === 'on time') now = Math.max(now, run.nextWakeAt ?? now);
    else now += hours * 3_600_000 + 17;
    if (what === 'wake' || what === 'on time') checkWake(run, now);
    else tryCommand(run, now, what);
  }
  checkWake(run, now);
}

function checkWake(run: TaskRun, now: number): void {
  run.wakeAt(now);
  expect(run.wakeAt(now), 'the same wake again').toEqual([]);
  const next = run.nextWakeAt;
  if (next !== null) expect(next).toBeGreaterThan(now);
  if (runningLimits(run.task).some((limit) => limit.status === 'overdue')) expect(next).not.toBeNull();
}

function tryCommand(run: TaskRun, now: number, { person, command: make }: Exclude<Step[1], string>): void {
  try {
    run.giveAt(person, now, make(now));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

/** Each miss of a limit climbs its own ladder; a step comes twice on none of them, but for the monthly circular. */
function repeatedSteps(run: TaskRun): readonly string[] {
  const misses = new Map<string, number>();
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const event of run.events) {
    if (event.type === 'LimitMissed') misses.set(event.limitId, (misses.get(event.limitId) ?? 0) + 1);
    if (event.type !== 'Escalated' || event.action === 'circular') continue;
    const key = `${event.limitId}#${misses.get(event.limitId)} step ${event.step}`;
    if (seen.has(key)) twice.push(key);
    seen.add(key);
  }
  return twice;
}

describe('any life of a task', () => {
  it.each([{ ongoing: false }, { ongoing: true }])(
    'never oversleeps and never climbs a step twice (%o)',
    ({ ongoing }) => {
      fc.assert(
        fc.property(steps, (given) => {
          const milestones = [{ code: 'Q3', title: '', text: '', dueAt: at('2023-09-01T00:00') }];
          const run = TaskRun.assigned('2023-08-01T10:00', { ongoing, milestones });
          live(run, given);
          expect(repeatedSteps(run)).toEqual([]);
          expect(run.task.version).toBe(run.events.length);
        }),
        { numRuns: 400, seed: 433_122 },
      );
    },
  );
});
