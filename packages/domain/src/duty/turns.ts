import type { CommandContext } from '../aggregate.ts';
import { type Limit, startLimit } from '../clock/limit.ts';
import { type Policy, remindingOf } from '../escalation/policy.ts';
import type { DutyDefinition } from './definition.ts';
import type { RunningPeriod } from './events.ts';
import { firstPeriodAfter, isScheduled, type Period, periodFollowing, periodNamed } from './periods.ts';
import { type ExistingDuty, periodLimitId, recordOf } from './state.ts';

type Terms = Pick<DutyDefinition, 'period' | 'shift' | 'from' | 'until'>;
type Time = Pick<CommandContext, 'now' | 'calendar'>;

/** A period as it runs from now on. */
export function runningPeriod(
  { key, from, to, dueAt }: Period,
  terms: Terms,
  { calendar }: Pick<Time, 'calendar'>,
): RunningPeriod {
  const last = periodFollowing(terms, key, calendar) === null;
  return { key, from: calendar.startOfDay(from), to: calendar.endOfDay(to), dueAt, last };
}

export function periodLimit({ key, dueAt }: RunningPeriod, policy: Policy, { now, calendar }: Time): Limit {
  return startLimit(periodLimitId(key), 'period', dueAt, now, remindingOf(policy), calendar);
}

/** The turn after one; what a correction has brought forward and is answered already is not asked for again. */
export function turnAfter(duty: ExistingDuty, key: string, { calendar }: Pick<Time, 'calendar'>): Period | null {
  return firstUnsettled(duty, periodFollowing(duty.terms, key, calendar), duty.terms, { calendar });
}

/**
 * The turn that runs once a duty's terms are others: the same one where they have it still, else the first to come. What
 * was missed stays missed, what was done stays done; neither is asked for again.
 */
export function turnUnder(duty: ExistingDuty, terms: Terms, { now, calendar }: Time): Period | null {
  if (!isScheduled(terms.period)) return null;
  const { current } = duty;
  const same = current === null ? null : periodNamed(terms, current.key, calendar);
  if (same !== null && same.dueAt > now && recordOf(duty, same.key)?.status !== 'missed') return same;
  return firstUnsettled(duty, firstPeriodAfter(terms, now, calendar), terms, { calendar });
}

function firstUnsettled(
  duty: ExistingDuty,
  first: Period | null,
  terms: Terms,
  { calendar }: Pick<Time, 'calendar'>,
): Period | null {
  let period = first;
  while (period !== null && isSettled(duty, period.key)) period = periodFollowing(terms, period.key, calendar);
  return period;
}

function isSettled(duty: ExistingDuty, key: string): boolean {
  const status = recordOf(duty, key)?.status;
  return status === 'met' || status === 'late' || status === 'missed';
}
