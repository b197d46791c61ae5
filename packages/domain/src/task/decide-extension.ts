import type { Instant } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { type Limit, startLimit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import { remindingOf } from '../escalation/policy.ts';
import type { CommandOf } from './commands.ts';
import { alreadyDecided, noSuch } from './decide-work.ts';
import type { TaskEvent } from './events.ts';
import { activeLimit, requireFuture, requireStatus, WORKING } from './guards.ts';
import type { ExistingTask } from './state.ts';

/** A request moves nothing. */
export function requestExtension(
  task: ExistingTask,
  { limitId, newDueAt, reason }: CommandOf<'RequestExtension'>,
  context: CommandContext,
): readonly TaskEvent[] {
  requireStatus(task, WORKING);
  const limit = activeLimit(task, limitId);
  requireFuture(newDueAt, context, '/newDue');
  requireLater(newDueAt, limit);
  const pending = task.extensions.find(
    (extension) => extension.decision === 'pending' && extension.limitId === limitId,
  );
  if (pending !== undefined) {
    if (pending.newDueAt === newDueAt) return [];
    throw new DomainError(
      'wrong_status',
      `Extension ${pending.number} of this limit is still undecided; wait for the office's decision.`,
      `该时限的第${pending.number}号延期申请尚未决定，请等待办公室决定。`,
    );
  }
  const number = task.extensions.length + 1;
  return [{ type: 'ExtensionRequested', at: context.now, by: context.actor, number, limitId, newDueAt, reason }];
}

/** Only an approval moves the limit, and only with a cited basis. */
export function decideExtension(
  task: ExistingTask,
  { number, approved, newDueAt, basis, reason }: CommandOf<'DecideExtension'>,
  context: CommandContext,
): readonly TaskEvent[] {
  const extension = task.extensions.find((candidate) => candidate.number === number);
  if (extension === undefined) throw noSuch('extension', '延期申请', number);
  const decision = approved ? 'approved' : 'refused';
  if (extension.decision === decision) return [];
  if (extension.decision !== 'pending') throw alreadyDecided();
  const decided = { type: 'ExtensionDecided', at: context.now, by: context.actor, number, approved, reason } as const;
  if (!approved) return [{ ...decided, basis: null, limit: null }];
  if (basis === null) {
    throw new DomainError(
      'missing_basis',
      'Cite the document or decision that allows the new limit.',
      '批准延期须引用依据（文件文号或会议决定）。',
      '/basis',
    );
  }
  requireStatus(task, WORKING);
  const current = activeLimit(task, extension.limitId);
  const dueAt = newDueAt ?? extension.newDueAt;
  requireFuture(dueAt, context, '/newDue');
  requireLater(dueAt, current);
  const reminding = remindingOf(task.policy);
  const limit = startLimit(current.id, current.kind, dueAt, context.now, reminding, context.calendar);
  return [{ ...decided, basis, limit }];
}

function requireLater(newDueAt: Instant, limit: Limit): void {
  if (newDueAt > limit.dueAt) return;
  throw new DomainError(
    'invalid_due',
    'An extension must end later than the limit it extends.',
    '延期后的时限必须晚于原时限。',
    '/newDue',
  );
}
