import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import { addDelay } from '../escalation/policy.ts';
import type { CommandOf } from './commands.ts';
import type { TaskEvent } from './events.ts';
import type { EscalationRecord, ExistingTask } from './state.ts';

/** Holds the ladder for a span the policy bounds: acknowledged is not done. An escalation is acknowledged once. */
export function acknowledge(
  task: ExistingTask,
  { escalationId, note, until }: CommandOf<'AcknowledgeEscalation'>,
  { now, actor, calendar }: CommandContext,
): readonly TaskEvent[] {
  const escalation = find(task, escalationId);
  if (escalation.status === 'acknowledged') return [];
  requireUnresolved(escalation);
  const step = task.policy.steps[escalation.step];
  const longest = step === undefined ? now : addDelay(now, step.holdOnAcknowledgement, calendar);
  if (until !== null && (until <= now || until > longest)) {
    throw new DomainError(
      'hold_too_long',
      `An acknowledgement can hold this ladder until ${calendar.format(longest)} at the latest.`,
      `签收后最多可暂停升级至 ${calendar.format(longest)}。`,
      '/until',
    );
  }
  const { limitId } = escalation;
  const holdUntil = until ?? longest;
  return [{ type: 'EscalationAcknowledged', at: now, by: actor, escalationId, limitId, note, holdUntil }];
}

export function resolve(
  task: ExistingTask,
  { escalationId, outcome }: CommandOf<'ResolveEscalation'>,
  { now, actor }: CommandContext,
): readonly TaskEvent[] {
  const escalation = find(task, escalationId);
  if (escalation.status === 'resolved') return [];
  return [{ type: 'EscalationResolved', at: now, by: actor, escalationId, outcome }];
}

function find(task: ExistingTask, id: string): EscalationRecord {
  const escalation = task.escalations.find((candidate) => candidate.id === id);
  if (escalation !== undefined) return escalation;
  throw new DomainError('not_found', 'There is no such escalation.', '没有这条升级记录。');
}

function requireUnresolved(escalation: EscalationRecord): void {
  if (escalation.status !== 'resolved') return;
  throw new DomainError(
    'wrong_status',
    'This escalation is settled already; nothing is waiting for an acknowledgement.',
    '该升级事项已经办结，无需签收。',
  );
}
