import type { WakeContext } from '../aggregate.ts';
import { firstStep, planSteps, resumeAt, shiftSteps, stepAfter } from '../escalation/ladder.ts';
import type { Policy } from '../escalation/policy.ts';
import { type Answerable, resolveTargets } from '../structure/recipients.ts';
import type { ClockEvent } from './events.ts';
import { type Clocked, escalationIdOf, evolveClock } from './item.ts';
import type { Limit, Pause } from './limit.ts';

/** What the clock must know of a kind of item beside its limits. */
export interface ClockRules<T extends Clocked> {
  /** The limits whose time is running now, given where the item is. */
  running(item: T): readonly Limit[];
  policyOf(item: T, limit: Limit): Policy;
  /** Whom the targets of its ladders stand for. */
  answerable(item: T): Answerable;
  /** Another limit of the same instant speaks for this one: it starts no ladder of its own. */
  isCovered(item: T, limit: Limit): boolean;
}

/**
 * Time has passed over an item's limits: reminds, marks what is missed, runs at most one ladder step a limit, lets held
 * ladders go on. Early, stale and repeated wakes return no events.
 *
 * @param evolve how the kind counts its versions; by default the clock's own part alone
 */
export function wakeLimits<T extends Clocked>(
  awake: T,
  rules: ClockRules<T>,
  context: WakeContext,
  evolve: (item: T, event: ClockEvent) => T = evolveClock,
): { readonly events: readonly ClockEvent[]; readonly item: T } {
  const events: ClockEvent[] = [];
  let item = awake;
  const soonestFirst = [...rules.running(item)].sort((a, b) => a.dueAt - b.dueAt);
  for (const { id } of soonestFirst) {
    for (const wakeStep of [resumeLadder, remind, miss, escalate]) {
      const limit = item.limits.find((candidate) => candidate.id === id);
      const event = limit === undefined ? null : wakeStep(item, limit, rules, context);
      if (event === null) continue;
      events.push(event);
      item = evolve(item, event);
    }
  }
  return { events, item };
}

function resumeLadder<T extends Clocked>(
  item: T,
  limit: Limit,
  { policyOf }: ClockRules<T>,
  { now, calendar }: WakeContext,
): ClockEvent | null {
  if (limit.status !== 'overdue' || limit.hold === null || now < limit.hold.until) return null;
  if (limit.next === null) {
    return { type: 'LadderResumed', at: now, limitId: limit.id, steps: limit.steps, next: null, pause: null };
  }
  const policy = policyOf(item, limit);
  const pause: Pause = { ...limit.hold, fromStep: limit.next.step, reason: 'acknowledged' };
  const steps = shiftSteps(policy, limit.steps, pause.fromStep, pause, calendar);
  const next = resumeAt(policy, steps, limit.next, now, calendar);
  return { type: 'LadderResumed', at: now, limitId: limit.id, steps, next, pause };
}

function remind<T extends Clocked>(
  item: T,
  limit: Limit,
  { policyOf, answerable }: ClockRules<T>,
  { now, structure }: WakeContext,
): ClockEvent | null {
  if (limit.status !== 'running' || now >= limit.dueAt) return null;
  const due = limit.reminders.filter((reminder) => reminder.at <= now).at(-1);
  if (due === undefined) return null;
  const { workingDaysBefore, minutesBefore } = due;
  return {
    ...{ type: 'UnitReminded', at: now, limitId: limit.id, dueAt: limit.dueAt, workingDaysBefore, minutesBefore },
    urgent: policyOf(item, limit).urgentReminders,
    recipients: resolveTargets(structure, now, answerable(item), ['lead_unit']),
  };
}

function miss<T extends Clocked>(
  item: T,
  limit: Limit,
  { policyOf, isCovered }: ClockRules<T>,
  { now, calendar }: WakeContext,
): ClockEvent | null {
  if (limit.status !== 'running' || now < limit.dueAt) return null;
  const base = Math.max(limit.dueAt, limit.startedAt);
  const steps = isCovered(item, limit) ? [] : planSteps(policyOf(item, limit), base, calendar);
  return { type: 'LimitMissed', at: now, limitId: limit.id, dueAt: limit.dueAt, steps, next: firstStep(steps) };
}

function escalate<T extends Clocked>(
  item: T,
  limit: Limit,
  { policyOf, answerable }: ClockRules<T>,
  { now, calendar, structure }: WakeContext,
): ClockEvent | null {
  const { next } = limit;
  if (limit.status !== 'overdue' || limit.hold !== null || next === null || now < next.at) return null;
  const policy = policyOf(item, limit);
  const step = policy.steps[next.step];
  if (step === undefined) return null;
  return {
    type: 'Escalated',
    at: now,
    escalationId: escalationIdOf(item.id, item.escalations.length + 1),
    limitId: limit.id,
    step: next.step,
    stepDueAt: next.at,
    dueAt: limit.dueAt,
    action: step.action,
    urgent: step.urgent,
    recipients: resolveTargets(structure, now, answerable(item), step.targets),
    next: stepAfter(policy, limit.steps, next, now, calendar),
  };
}

/** An overdue limit whose ladder was stopped from outside: its steps move by the span, and by what it was held before. */
export function standStill(
  policy: Policy,
  limit: Limit,
  stoodStill: Pick<Pause, 'from' | 'until' | 'reason'>,
  { calendar }: Pick<WakeContext, 'calendar'>,
): Limit {
  if (limit.next === null) return limit;
  const from = Math.min(stoodStill.from, limit.hold?.from ?? stoodStill.from);
  const pause: Pause = { ...stoodStill, from, fromStep: limit.next.step };
  const steps = shiftSteps(policy, limit.steps, limit.next.step, pause, calendar);
  const next = resumeAt(policy, steps, limit.next, stoodStill.until, calendar);
  return { ...limit, hold: null, steps, next, pauses: limit.pauses && [...limit.pauses, pause] };
}
