import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at, STRUCTURE } from '../../test-support/fixtures.ts';
import { noticed, recomputeTask } from '../../test-support/notice-2031.ts';
import { calendarDay } from '../../test-support/random-times.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import { DomainError } from '../errors.ts';
import type { TaskCommand } from '../task/commands.ts';

type Act = 'wake' | 'on time' | ((now: number) => TaskCommand);

const number = fc.integer({ min: 1, max: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant('wake' as const),
  fc.constant('on time' as const),
  number.map((n) => () => ({
    type: 'AcknowledgeEscalation' as const,
    ...{ escalationId: `escalation_safety-1-${n}`, note: null, until: null },
  })),
  fc.constant((now: number) => ({
    type: 'Suspend' as const,
    ...{ until: calendarDay(now, 3), reason: '', basis: '' },
  })),
  fc.constant(() => ({ type: 'Resume' as const, reason: null })),
  fc.constant(() => ({ type: 'SubmitCompletion' as const, unit: null, summary: '', evidence: [] })),
  fc.constant(() => ({ type: 'Return' as const, reason: '' })),
);
const life = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), act), { minLength: 1, maxLength: 15, size: 'max' });
const people = { AcknowledgeEscalation: 'jj-director', SubmitCompletion: 'kgx-head' } as const;

/** @returns the instant it ends at */
function live(
  run: TaskRun,
  from: number,
  lived: readonly (readonly [hours: number, what: Act])[],
  check: (now: number) => void,
): number {
  let now = from;
  for (const [hours, what] of lived) {
    now = what === 'on time' ? Math.max(now, run.nextWakeAt ?? now) : now + hours * 3_600_000 + 1_017;
    if (what === 'wake' || what === 'on time') run.wakeAt(now);
    else attempt(run, now, what(now));
    check(now);
  }
  return now;
}

function attempt(run: TaskRun, now: number, command: TaskCommand): void {
  const person = command.type in people ? people[command.type as keyof typeof people] : 'jj-director';
  try {
    run.giveAt(person, now, command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

function begun(): TaskRun {
  return TaskRun.assigned('2030-12-02T10:00', { dueAt: at('2031-01-18T00:00') });
}
const BEGIN = at('2031-01-13T10:00');
const NOTICED = noticed();
const text = (now: number) => STRUCTURE.calendar.format(now).slice(0, -6);

it('the same calendar changes nothing, whatever has happened', () => {
  fc.assert(
    fc.property(life, (lived) => {
      const run = begun();
      live(run, BEGIN, lived, (now) => expect(recomputeTask(run, text(now), STRUCTURE)).toEqual([]));
    }),
    { numRuns: 400, seed: 433_122 },
  );
});

it('another calendar is counted by once, and life goes on', () => {
  fc.assert(
    fc.property(life, life, fc.integer({ min: 0, max: 90 }), (before, after, minutes) => {
      const run = begun();
      const now = live(run, BEGIN, before, () => undefined) + minutes * 60_000;
      recomputeTask(run, text(now), NOTICED);
      expect(recomputeTask(run, text(now + 60_000), NOTICED), 'a minute later').toEqual([]);
      live(run, now + 60_000, after, (later) => {
        expect(recomputeTask(run, text(later), NOTICED)).toEqual([]);
      });
    }),
    { numRuns: 400, seed: 433_100 },
  );
});
