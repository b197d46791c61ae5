import type { CommandContext } from '../aggregate.ts';
import { isActive, type Limit, NO_REMINDERS, startCountedLimit, startLimit } from '../clock/limit.ts';
import { standStill } from '../clock/wake.ts';
import { DomainError } from '../errors.ts';
import { remindingOf } from '../escalation/policy.ts';
import type { CommandOf } from './commands.ts';
import type { TaskEvent } from './events.ts';
import { requireStatus, speakingUnit } from './guards.ts';
import { dueLimit, type ExistingTask } from './state.ts';
import { reviewLimit } from './wake.ts';

/** The unit's clock stands still from here on; the office's begins. */
export function submitCompletion(
  task: ExistingTask,
  { unit: named, summary, evidence }: CommandOf<'SubmitCompletion'>,
  { now, actor, calendar, ...rest }: CommandContext,
): readonly TaskEvent[] {
  const unit = speakingUnit(named, task.leadUnits, { now, actor, calendar, ...rest });
  requireStatus(task, ['in_progress', 'assigned']);
  const number = task.counts.completions + 1;
  const counted = { from: now, delay: task.policy.verifyWithin };
  const id = `verification:${number}`;
  const verification = startCountedLimit(id, 'verification', counted, now, NO_REMINDERS, calendar);
  return [{ type: 'CompletionSubmitted', at: now, by: actor, number, unit, summary, evidence, verification }];
}

/** On time or late is judged by when the completion was submitted, not by when somebody looked at it. */
export function verify(
  task: ExistingTask,
  { note }: CommandOf<'Verify'>,
  { now, actor, calendar }: CommandContext,
): readonly TaskEvent[] {
  if (task.status === 'closed' || task.status === 'standing') return [];
  const submitted = requireSubmitted(task);
  const due = dueLimit(task);
  // A limit that a correction took away judges nobody.
  const lateByMs = due === null || due.status === 'void' ? 0 : Math.max(0, submitted.submittedAt - due.dueAt);
  const quarter = calendar.endOfQuarter(calendar.addDays(calendar.endOfQuarter(calendar.dateOf(now)), 1));
  const review = task.ongoing ? reviewLimit(task, quarter, now, calendar) : null;
  const number = task.counts.completions;
  return [{ type: 'CompletionVerified', at: now, by: actor, number, note, onTime: lateByMs === 0, lateByMs, review }];
}

/** The clock runs again: what fell due meanwhile is late at once, ladders that had begun move by the time they stood. */
export function returnCompletion(
  task: ExistingTask,
  { reason }: CommandOf<'Return'>,
  { now, actor, calendar }: CommandContext,
): readonly TaskEvent[] {
  const submitted = requireSubmitted(task);
  const stoodStill = { from: submitted.submittedAt, until: now, reason: 'submitted' as const };
  const limits = task.limits
    .filter((limit) => isActive(limit) && limit.kind !== 'verification')
    .map((limit): Limit => {
      if (limit.status === 'overdue') return standStill(task.policy, limit, stoodStill, { calendar });
      return startLimit(limit.id, limit.kind, limit.dueAt, now, remindingOf(task.policy), calendar);
    });
  const number = task.counts.completions;
  return [{ type: 'CompletionReturned', at: now, by: actor, number, reason, limits }];
}

function requireSubmitted(task: ExistingTask): ExistingTask & { readonly status: 'completion_submitted' } {
  if (task.status === 'completion_submitted') return task;
  throw new DomainError(
    'wrong_status',
    'No completion is waiting to be verified; the lead unit submits one first.',
    '没有待核验的办结申请，请牵头单位先提交办结。',
  );
}
