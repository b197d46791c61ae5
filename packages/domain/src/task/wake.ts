import type { Calendar, Instant } from '@duban/calendar';
import type { WakeContext } from '../aggregate.ts';
import { isActive, type Limit, startLimit } from '../clock/limit.ts';
import { firstStep, planSteps, resumeAt, shiftSteps, stepAfter } from '../escalation/ladder.ts';
import { resolveTargets } from '../structure/recipients.ts';
import type { TaskEvent, UnitReminded } from './events.ts';
import { evolveTask } from './evolve.ts';
import { dueLimit, type ExistingTask, runningLimits, type TaskState } from './state.ts';

/**
 * Time has passed: reminds, marks what is missed, runs at most one ladder step a limit, lets held ladders go on and
 * suspended tasks resume. Early, stale and repeated wakes return `[]`.
 */
export function wakeTask(state: TaskState, context: WakeContext): readonly TaskEvent[] {
  if (state.status === 'none') return [];
  const events: TaskEvent[] = [];
  let task: ExistingTask = state;
  if (state.status === 'suspended') {
    if (context.now < state.until) return [];
    const resumption = resumed(state, context, null, 'system:wake');
    events.push(resumption);
    task = evolveTask(state, resumption) as ExistingTask;
  }
  const soonestFirst = [...runningLimits(task)].sort((a, b) => a.dueAt - b.dueAt);
  for (const { id } of soonestFirst) {
    for (const wakeStep of [resumeLadder, remind, miss, escalate]) {
      const limit = task.limits.find((candidate) => candidate.id === id);
      const event = limit === undefined ? null : wakeStep(task, limit, context);
      if (event === null) continue;
      events.push(event);
      task = evolveTask(task, event) as ExistingTask;
    }
  }
  return events;
}

function resumeLadder(task: ExistingTask, limit: Limit, { now, calendar }: WakeContext): TaskEvent | null {
  if (limit.status !== 'overdue' || limit.hold === null || now < limit.hold.until) return null;
  if (limit.next === null) {
    return { type: 'LadderResumed', at: now, limitId: limit.id, steps: limit.steps, next: null };
  }
  const steps = shiftSteps(task.policy, limit.steps, limit.next.step, limit.hold, calendar);
  const next = resumeAt(task.policy, steps, limit.next, now, calendar);
  return { type: 'LadderResumed', at: now, limitId: limit.id, steps, next };
}

function remind(task: ExistingTask, limit: Limit, { now, structure }: WakeContext): TaskEvent | null {
  if (limit.status !== 'running' || now >= limit.dueAt) return null;
  const due = limit.reminders.filter((reminder) => reminder.at <= now).at(-1);
  if (due === undefined) return null;
  return {
    type: 'UnitReminded',
    at: now,
    limitId: limit.id,
    dueAt: limit.dueAt,
    workingDaysBefore: due.workingDaysBefore,
    recipients: resolveTargets(structure, now, task, ['lead_unit']),
  } satisfies UnitReminded;
}

function miss(task: ExistingTask, limit: Limit, { now, calendar }: WakeContext): TaskEvent | null {
  if (limit.status !== 'running' || now < limit.dueAt) return null;
  const base = Math.max(limit.dueAt, limit.startedAt);
  const steps = isCovered(task, limit) ? [] : planSteps(task.policy, base, calendar);
  return { type: 'LimitMissed', at: now, limitId: limit.id, dueAt: limit.dueAt, steps, next: firstStep(steps) };
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
  return startLimit(`review:${quarterEnd}`, 'review', dueAt, now, task.policy.remindWorkingDaysBefore, calendar);
}

function escalate(task: ExistingTask, limit: Limit, { now, calendar, structure }: WakeContext): TaskEvent | null {
  const { next } = limit;
  if (limit.status !== 'overdue' || limit.hold !== null || next === null || now < next.at) return null;
  const step = task.policy.steps[next.step];
  if (step === undefined) return null;
  return {
    type: 'TaskEscalated',
    at: now,
    escalationId: `escalation_${task.id.slice(task.id.indexOf('_') + 1)}-${task.escalations.length + 1}`,
    limitId: limit.id,
    step: next.step,
    stepDueAt: next.at,
    dueAt: limit.dueAt,
    action: step.action,
    urgent: step.urgent,
    recipients: resolveTargets(structure, now, task, step.targets),
    next: stepAfter(task.policy, limit.steps, next, now, calendar),
  };
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
  const stoodStill = { from: task.since, until: Math.min(now, task.until) };
  const days = Math.ceil((stoodStill.until - stoodStill.from) / DAY_MS);
  const limits = task.limits
    .filter((limit) => limit.status === 'running' || limit.status === 'overdue')
    .map((limit): Limit => {
      if (limit.status === 'overdue') return standStill(task, limit, stoodStill, calendar);
      const dueAt = laterByDays(limit.dueAt, days, calendar);
      return startLimit(limit.id, limit.kind, dueAt, now, task.policy.remindWorkingDaysBefore, calendar);
    });
  return { type: 'TaskResumed', at: now, by, reason, limits };
}

const DAY_MS = 86_400_000;

function laterByDays(at: Instant, days: number, calendar: Calendar): Instant {
  const date = calendar.dateOf(at);
  return calendar.startOfDay(calendar.addDays(date, days)) + (at - calendar.startOfDay(date));
}

/** An overdue limit whose ladder was stopped from outside: its steps move by the span, and by what it was held before. */
export function standStill(
  task: Pick<ExistingTask, 'policy'>,
  limit: Limit,
  stoodStill: { readonly from: number; readonly until: number },
  calendar: Calendar,
): Limit {
  if (limit.next === null) return limit;
  const span = { from: Math.min(stoodStill.from, limit.hold?.from ?? stoodStill.from), until: stoodStill.until };
  const steps = shiftSteps(task.policy, limit.steps, limit.next.step, span, calendar);
  return { ...limit, hold: null, steps, next: resumeAt(task.policy, steps, limit.next, stoodStill.until, calendar) };
}
