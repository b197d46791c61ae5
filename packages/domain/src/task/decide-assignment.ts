import type { CommandContext } from '../aggregate.ts';
import { ended, type Limit, type Reminding, startLimit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import { remindingOf } from '../escalation/policy.ts';
import type { CommandOf } from './commands.ts';
import type { TaskDefinition } from './definition.ts';
import type { TaskEvent } from './events.ts';
import { requireLead } from './guards.ts';
import { type ExistingTask, runningLimits, type TaskState } from './state.ts';

export function assign(
  state: TaskState,
  { taskId, definition, policy, importId }: CommandOf<'Assign'>,
  context: CommandContext,
): readonly TaskEvent[] {
  if (state.status !== 'none') {
    throw new DomainError('already_exists', 'This task has been assigned already.', '该任务已经交办。');
  }
  requireLead(definition.leadUnits);
  const limits = limitsOf(definition, remindingOf(policy), context);
  return [{ type: 'TaskAssigned', at: context.now, by: context.actor, taskId, definition, policy, limits, importId }];
}

/** Only limits the correction names start anew; the others, extended ones among them, go on with their history. */
export function correct(
  task: ExistingTask,
  { definition, changed, importId, basis }: CommandOf<'Correct'>,
  context: CommandContext,
): readonly TaskEvent[] {
  if (changed.length === 0) return [];
  requireLead(definition.leadUnits);
  const before = new Map(task.limits.map((limit) => [limit.id, limit]));
  const planned = limitsOf(definition, remindingOf(task.policy), context);
  const named = (limit: Limit) =>
    (limit.kind === 'due' && changed.includes('dueAt')) ||
    (limit.kind === 'milestone' && changed.includes('milestones'));
  const moved = planned.filter((limit) => named(limit) && before.get(limit.id)?.dueAt !== limit.dueAt);
  const ids = new Set(planned.map((limit) => limit.id));
  const gone = task.limits.filter((limit) => named(limit) && !ids.has(limit.id)).map((limit) => ended(limit, 'void'));
  const limits = [...moved, ...gone];
  if (basis === null && limits.some((limit) => isRunning(task, limit.id))) {
    throw new DomainError(
      'missing_basis',
      'This moves a running limit; cite the document or decision that allows it.',
      '修改正在计时的时限须注明依据（文件或批准意见）。',
      changed.includes('dueAt') ? '/due' : '/milestones',
    );
  }
  return [{ type: 'TaskCorrected', at: context.now, by: context.actor, definition, changed, limits, basis, importId }];
}

/** A wish moves no clock that runs: only a cited basis does, as for an extension. */
function isRunning(task: ExistingTask, limitId: string): boolean {
  return runningLimits(task).some((limit) => limit.id === limitId);
}

/**
 * A milestone that had passed before anybody was told of the task is history and starts no ladder; the task's own
 * limit always runs: the obligation itself is late, and the office must say what follows.
 */
function limitsOf(
  definition: TaskDefinition,
  reminding: Reminding,
  { now, calendar }: CommandContext,
): readonly Limit[] {
  const milestones = definition.milestones.map((milestone): Limit => {
    const id = `milestone:${milestone.code}`;
    const limit = startLimit(id, 'milestone', milestone.dueAt, now, reminding, calendar);
    return milestone.dueAt <= now ? { ...limit, status: 'void', reminders: [] } : limit;
  });
  if (definition.dueAt === null) return milestones;
  return [startLimit('due', 'due', definition.dueAt, now, reminding, calendar), ...milestones];
}
