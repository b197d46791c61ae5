import type { Calendar, Instant } from '@duban/calendar';
import type { WakeContext } from '../aggregate.ts';
import { type NextStep, planSteps, shiftSteps } from '../escalation/ladder.ts';
import { addDelay, type Policy } from '../escalation/policy.ts';
import type { ClockRecomputed } from './events.ts';
import type { Clocked, EscalationRecord } from './item.ts';
import { activeLimits, type Limit, planReminders, type Reminder } from './limit.ts';
import type { ClockRules } from './wake.ts';

/**
 * Counts the limits of an item again by the calendar in force: a year's holiday notice has arrived, a local day was
 * added, working hours have changed. Limits for which nothing changes are left out; no event when none is left.
 *
 * @param dueOf the due instant of a limit that the kind itself counts by the calendar; by default as it was counted
 */
export function recomputeLimits<T extends Clocked>(
  item: T,
  { policyOf }: Pick<ClockRules<T>, 'policyOf'>,
  context: WakeContext,
  dueOf: (limit: Limit) => Instant = (limit) => countedDue(limit, context),
): readonly ClockRecomputed[] {
  const limits = activeLimits(item)
    .map((limit) => [limit, recomputed(item, limit, policyOf(item, limit), dueOf(limit), context)] as const)
    .filter(([before, after]) => !isSame(before, after))
    .map(([, after]) => after);
  return limits.length === 0 ? [] : [{ type: 'ClockRecomputed', at: context.now, limits }];
}

/** The due instant by the calendar in force; a given one stays. */
export function countedDue(limit: Limit, { calendar }: Pick<WakeContext, 'calendar'>): Instant {
  return limit.counted === null ? limit.dueAt : addDelay(limit.counted.from, limit.counted.delay, calendar);
}

function recomputed(item: Clocked, limit: Limit, policy: Policy, counted: Instant, context: WakeContext): Limit {
  if (limit.status === 'running') {
    // A day that has passed can no longer be met: what was told stays.
    const dueAt = counted > context.now ? counted : limit.dueAt;
    return { ...limit, dueAt, reminders: remindersOf(limit, dueAt, context.calendar) };
  }
  // What was missed stays missed, whatever the calendar says now: the ladder alone is counted again.
  // Of a ladder that stood still nobody knows when, no step can be planned again.
  if (limit.next === null || limit.steps.length === 0 || limit.pauses === null) return limit;
  const steps = stepsOf(limit, limit.next.step, policy, context.calendar);
  return { ...limit, steps, next: nextOf(item, limit, limit.next, policy, steps, context) };
}

/** Those still to come; those that have been given are not given again. */
function remindersOf({ reminders }: Limit, dueAt: Instant, calendar: Calendar): readonly Reminder[] {
  const pending = {
    workingDaysBefore: reminders.flatMap(({ workingDaysBefore }) => workingDaysBefore ?? []),
    minutesBefore: reminders.flatMap(({ minutesBefore }) => minutesBefore ?? []),
  };
  return planReminders(dueAt, Number.NEGATIVE_INFINITY, pending, calendar);
}

/** Steps that have run keep their instants. */
function stepsOf(limit: Limit, nextStep: number, policy: Policy, calendar: Calendar): readonly Instant[] {
  const planned = planSteps(policy, Math.max(limit.dueAt, limit.startedAt), calendar);
  return (limit.pauses ?? [])
    .reduce((steps, pause) => shiftSteps(policy, steps, pause.fromStep, pause, calendar), planned)
    .map((at, index) => (index < nextStep ? (limit.steps[index] ?? at) : at));
}

/** When the step to come is due by the steps as they are planned now; never in the past, for nobody could have acted then. */
function nextOf(
  { escalations }: Clocked,
  limit: Limit,
  next: NextStep,
  policy: Policy,
  steps: readonly Instant[],
  { now, calendar }: WakeContext,
): NextStep {
  const { step, at } = next;
  const [before, planned, begun] = [limit.steps[step], steps[step], limit.steps[0]];
  if (before === undefined || planned === undefined || begun === undefined) return next;
  const ran = escalations.filter((one) => one.limitId === limit.id && one.at >= begun);
  // It has run: it comes again on the first of a month.
  if (ran.some((one) => one.step === step)) return next;
  const raised = ran.findLast((one) => one.step === step - 1);
  const resumed = limit.pauses?.some(({ fromStep }) => fromStep === step);
  const byPlan = at === before || resumed || raised === undefined;
  // A span to acknowledge counts from its step's due instant; of a later step it is known only when it ran.
  if (!byPlan && step > 1 && planned === before) return next;
  const counted = byPlan
    ? planned
    : Math.min(planned, acknowledgedBy(policy, raised, step === 1 ? begun : raised.at, calendar));
  const earliest = byPlan ? (at > before ? at : counted) : addDelay(raised.at, policy.minimumGap, calendar);
  const due = Math.max(counted, earliest);
  return due === at || Math.max(due, at) <= now ? next : { step, at: Math.max(due, now) };
}

/** Not acknowledged within its span, a step brings the next one forward. */
function acknowledgedBy(policy: Policy, { step }: EscalationRecord, from: Instant, calendar: Calendar): Instant {
  const span = policy.steps[step]?.acknowledgeWithin ?? null;
  return span === null ? Number.POSITIVE_INFINITY : addDelay(from, span, calendar);
}

function isSame(a: Limit, b: Limit): boolean {
  return (
    a.dueAt === b.dueAt &&
    a.next?.at === b.next?.at &&
    a.steps.every((at, index) => at === b.steps[index]) &&
    a.reminders.length === b.reminders.length &&
    a.reminders.every((reminder, index) => reminder.at === b.reminders[index]?.at)
  );
}
