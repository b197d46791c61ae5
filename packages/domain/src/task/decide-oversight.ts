import type { CommandContext } from '../aggregate.ts';
import { type Reminding, startLimit } from '../clock/limit.ts';
import type { CommandOf } from './commands.ts';
import type { TaskEvent } from './events.ts';
import { requireFuture, requireStatus, WORKING } from './guards.ts';
import type { ExistingTask } from './state.ts';
import { resumed } from './wake.ts';

/** Limits that a person has set remind a working day ahead. */
const DAY_BEFORE: Reminding = { workingDaysBefore: [1], minutesBefore: [] };

/** A suspension always ends: by a decision, or by itself at `until`. */
export function suspend(
  task: ExistingTask,
  { until, reason, basis }: CommandOf<'Suspend'>,
  context: CommandContext,
): readonly TaskEvent[] {
  if (task.status === 'suspended' && task.until === until) return [];
  requireStatus(task, WORKING);
  requireFuture(until, context, '/until');
  return [{ type: 'TaskSuspended', at: context.now, by: context.actor, until, reason, basis }];
}

export function resume(
  task: ExistingTask,
  { reason }: CommandOf<'Resume'>,
  context: CommandContext,
): readonly TaskEvent[] {
  if (task.status !== 'suspended') {
    requireStatus(task, WORKING);
    return [];
  }
  return [resumed(task, context, reason, context.actor)];
}

export function cancel(
  task: ExistingTask,
  { reason, basis }: CommandOf<'Cancel'>,
  context: CommandContext,
): readonly TaskEvent[] {
  if (task.status === 'cancelled') return [];
  requireStatus(task, [...WORKING, 'completion_submitted', 'suspended']);
  return [{ type: 'TaskCancelled', at: context.now, by: context.actor, reason, basis }];
}

/** 挂牌督办: asks for a report by a date, on the task's own ladder. */
export function listForSupervision(
  task: ExistingTask,
  { reason, basis, reportBy }: CommandOf<'ListForSupervision'>,
  context: CommandContext,
): readonly TaskEvent[] {
  requireStatus(task, WORKING);
  requireFuture(reportBy, context, '/reportBy');
  const { now, actor, calendar } = context;
  const number = task.counts.listings + 1;
  const limit = startLimit(`supervision:${number}`, 'supervision', reportBy, now, DAY_BEFORE, calendar);
  return [{ type: 'ListedForSupervision', at: now, by: actor, number, reason, basis, limit }];
}

/** 批示: with a date it is a limit of its own. */
export function instruct(
  task: ExistingTask,
  { text, reportBy }: CommandOf<'Instruct'>,
  context: CommandContext,
): readonly TaskEvent[] {
  requireStatus(task, WORKING);
  const { now, actor, calendar, seats, structure } = context;
  const number = task.counts.instructions + 1;
  if (reportBy !== null) requireFuture(reportBy, context, '/reportBy');
  const limit =
    reportBy === null ? null : startLimit(`instruction:${number}`, 'instruction', reportBy, now, DAY_BEFORE, calendar);
  const group = structure.group(task.group);
  const leading = [...task.leaders, group?.leader, group?.firstDeputy, ...(group?.deputies ?? [])];
  const post = leading.find((candidate) => candidate != null && seats.posts.has(candidate)) ?? null;
  return [{ type: 'LeaderInstructed', at: now, by: actor, number, post, text, limit }];
}
