import type { Calendar, Instant } from '@duban/calendar';
import { addDelay, type Policy, type PolicyStep } from './policy.ts';

export interface NextStep {
  /** Index into the policy's steps. */
  readonly step: number;
  readonly at: Instant;
}

/**
 * The nominal instants of a ladder's steps, counted from the due instant. An item that was late before anybody was
 * told of it counts from the day it was told.
 */
export function planSteps(policy: Policy, base: Instant, calendar: Calendar): readonly Instant[] {
  return policy.steps.map((step) => addDelay(base, step.delay, calendar));
}

/** The first step of a planned ladder; null when the policy has none. */
export function firstStep(steps: readonly Instant[]): NextStep | null {
  return steps[0] === undefined ? null : { step: 0, at: steps[0] };
}

/**
 * What follows a step that has just run. Counts from the step's due instant, not from when it ran, so that delays do
 * not drift; brought forward when nobody acknowledges in time; never closer to this run than the minimum gap, so that
 * one outage does not page every level.
 */
export function stepAfter(
  policy: Policy,
  steps: readonly Instant[],
  ran: NextStep,
  now: Instant,
  calendar: Calendar,
): NextStep | null {
  const notBefore = addDelay(now, policy.minimumGap, calendar);
  const nominal = steps[ran.step + 1];
  const current = policy.steps[ran.step];
  if (nominal === undefined) return repetition(current, ran, notBefore, calendar);
  const acknowledgeBy =
    current === undefined || current.acknowledgeWithin === null
      ? nominal
      : addDelay(ran.at, current.acknowledgeWithin, calendar);
  return { step: ran.step + 1, at: Math.max(Math.min(nominal, acknowledgeBy), notBefore) };
}

function repetition(
  step: PolicyStep | undefined,
  ran: NextStep,
  notBefore: Instant,
  calendar: Calendar,
): NextStep | null {
  if (step?.repeat !== 'monthly') return null;
  const next = calendar.startOfDay(calendar.startOfNextMonth(calendar.dateOf(ran.at)));
  return { step: ran.step, at: Math.max(next, notBefore) };
}

/** Moves the steps that have not run yet by the span the ladder stood still. Working-day steps move by whole working days. */
export function shiftSteps(
  policy: Policy,
  steps: readonly Instant[],
  fromStep: number,
  stoodStill: { readonly from: Instant; readonly until: Instant },
  calendar: Calendar,
): readonly Instant[] {
  const days = workingDaysBetween(stoodStill.from, stoodStill.until, calendar);
  return steps.map((at, index) => {
    if (index < fromStep) return at;
    const inWorkingDays = policy.steps[index]?.delay.unit === 'working_days';
    return inWorkingDays ? calendar.addWorkingDays(at, days).at : at + (stoodStill.until - stoodStill.from);
  });
}

/** The smallest number of working days that reaches from one instant to another. */
export function workingDaysBetween(from: Instant, until: Instant, calendar: Calendar): number {
  if (until <= from) return 0;
  let days = 1;
  while (calendar.addWorkingDays(from, days).at < until) days += 1;
  return days;
}

/** Where a ladder goes on after it stood still: at the step's shifted instant, no longer brought forward. */
export function resumeAt(
  policy: Policy,
  steps: readonly Instant[],
  next: NextStep,
  now: Instant,
  calendar: Calendar,
): NextStep {
  const planned = steps[next.step] ?? next.at;
  // The last step's monthly repetition lies beyond the planned instants and keeps its own.
  const at = next.step === steps.length - 1 ? Math.max(planned, next.at) : planned;
  return { step: next.step, at: at > now ? at : addDelay(now, policy.minimumGap, calendar) };
}
