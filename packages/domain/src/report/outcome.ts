import type { Instant } from '@duban/calendar';
import { dueLimit, type ExistingTask } from '../task/state.ts';
import type { Outcomes } from './data.ts';

/** A task, with what a standing one's state no longer tells. */
export interface ReportedTask {
  readonly task: ExistingTask;
  /** How late the completion that was verified last had been submitted (ms); null: none was. */
  readonly lateByMs: number | null;
}

export type Outcome = Exclude<keyof Outcomes, 'due'>;

/** What has become of a task's own deadline. */
export interface Decided {
  readonly dueAt: Instant;
  readonly outcome: Outcome;
  /** Of a late one, until it was submitted; of an overdue one, until now (ms). */
  readonly lateMs: number;
}

/**
 * What has become of a task's deadline by an instant: judged by when its completion was submitted, as 销号 is. Null
 * where nothing has fallen due: there is no deadline, it lies ahead, or the task is suspended or cancelled.
 */
export function decidedBy({ task, lateByMs }: ReportedTask, at: Instant): Decided | null {
  const limit = dueLimit(task);
  if (limit === null || limit.status === 'void' || limit.dueAt > at) return null;
  const { dueAt } = limit;
  const decided = (outcome: Outcome, lateMs: number): Decided => ({ dueAt, outcome, lateMs });
  const done = (late: number) => decided(late > 0 ? 'late' : 'onTime', late);
  switch (task.status) {
    case 'assigned':
    case 'in_progress':
      return decided('overdue', at - dueAt);
    case 'completion_submitted':
      return decided('submitted', Math.max(0, task.submittedAt - dueAt));
    case 'standing':
      return done(lateByMs ?? 0);
    case 'closed':
      return done(task.lateByMs);
    case 'suspended':
    case 'cancelled':
      return null;
  }
}

/** @param decided those that count */
export function outcomesOf(decided: readonly Decided[]): Outcomes {
  const count = (outcome: Outcome) => decided.filter((each) => each.outcome === outcome).length;
  return {
    due: decided.length,
    onTime: count('onTime'),
    late: count('late'),
    submitted: count('submitted'),
    overdue: count('overdue'),
  };
}
