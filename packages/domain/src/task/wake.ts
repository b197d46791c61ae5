import type { Calendar, Instant } from '@duban/calendar';
import type { WakeContext } from '../aggregate.ts';
import { isActive, type Limit, startLimit } from '../clock/limit.ts';
import { recomputeLimits } from '../clock/recompute.ts';
import { type ClockRules, standStill, wakeLimits } from '../clock/wake.ts';
import { remindingOf } from '../escalation/policy.ts';
import type { TaskEvent } from './events.ts';
import { evolveTask } from './evolve.ts';
import { dueLimit, type ExistingTask, runningLimits, type TaskState } from './state.ts';

/** How the clock sees a task. */
export const TASK_CLOCK: ClockRules<ExistingTask> = {
  running: runningLimits,
  policyOf: ({ policy }) => policy,
  answerable: (task) => task,
  isCovered,
};

/** Time has passed: limits move on, and suspended tasks resume. Early, stale and repeated wakes return `[]`. */
export function wakeTask(state: TaskState, context: WakeContext): readonly TaskEvent[] {
  if (state.status === 'none') return [];
  if (state.status !== 'suspended') return wakeRunning(state, context);
  if (context.now < state.until) return [];
  const resumption = resumed(state, context, null, 'system:wake');
  return [resumption, ...wakeRunning(evolveTask(state, resumption) as ExistingTask, context)];
}

function wakeRunning(task: ExistingTask, context: WakeContext): readonly TaskEvent[] {
  return wakeLimits(task, TASK_CLOCK, context, (item, event) => evolveTask(item, event) as ExistingTask).events;
}

/** The calendar has changed: limits that it counts are counted again. */
export function recomputeTask(state: TaskState, context: WakeContext): readonly TaskEvent[] {
  if (state.status === 'none') return [];
  return recomputeLimits(state, TASK_CLOCK, context);
}

/** The last milestone and the task itself often share one instant: one ladder speaks for both. */
function isCovered(task: ExistingTask, limit: Limit): boolean {
  const due = dueLimit(task);
  return limit.kind === 'milestone' && due !== null && isActive(due) && due.dueAt === limit.dueAt;
}

/** A standing task (并持续推进) is looked at again at the end of each quarter. */
export function reviewLimit(
  task: Pick<ExistingTask, 'policy'>,
  quarterEnd: string,
  now: Instant,
  calendar: Calendar,
): Limit {
  const dueAt = calendar.endOfDay(quarterEnd);
  return startLimit(`review:${quarterEnd}`, 'review', dueAt, now, remindingOf(task.policy), calendar);
}

/**
 * Running limits go on with the calendar days that were left; ladders that had begun go on where they stood. A
 * suspension ends at its instant, however late the wake that notices it: a second's delay is not another day.
 */
export function resumed(
  task: ExistingTask & { readonly status: 'suspended' },
  { now, calendar }: WakeContext,
  reason: string | null,
  by: string,
): TaskEvent {
  const stoodStill = { from: task.since, until: Math.min(now, task.until), reason: 'suspended' as const };
  const days = Math.ceil((stoodStill.until - stoodStill.from) / DAY_MS);
  const limits = task.limits
    .filter((limit) => limit.status === 'running' || limit.status === 'overdue')
    .map((limit): Limit => {
      if (limit.status === 'overdue') return standStill(task.policy, limit, stoodStill, { calendar });
      const dueAt = laterByDays(limit.dueAt, days, calendar);
      return startLimit(limit.id, limit.kind, dueAt, now, remindingOf(task.policy), calendar);
    });
  return { type: 'TaskResumed', at: now, by, reason, limits };
}

const DAY_MS = 86_400_000;

function laterByDays(at: Instant, days: number, calendar: Calendar): Instant {
  const date = calendar.dateOf(at);
  return calendar.startOfDay(calendar.addDays(date, days)) + (at - calendar.startOfDay(date));
}
