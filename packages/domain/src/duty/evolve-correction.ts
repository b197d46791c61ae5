import type { Instant } from '@duban/calendar';
import { endLimits } from '../clock/item.ts';
import { reportKindOf } from './definition.ts';
import type { DutyCorrected } from './events.ts';
import { isScheduled } from './periods.ts';
import { begun, paced, termsOf, withoutReports, withoutRunning, withoutSettled, withTurn } from './remembering.ts';
import { type ExistingDuty, type PeriodRecord, periodLimitId, quotaOf, recordOf } from './state.ts';

/** A duty under its corrected terms; one that had ended goes on when it ends later now. */
export function corrected(duty: ExistingDuty, event: DutyCorrected): ExistingDuty {
  const { definition, period, endsAt, at } = event;
  const told = { ...duty, terms: termsOf(definition), endsAt, wordingVersion: duty.version };
  // Its words alone: what has ended is not owed again.
  if (duty.status === 'ended' && endsAt <= at) return told;
  const again: ExistingDuty = { ...told, status: 'active', endedAt: null, endCause: null };
  const active = reportKindOf(definition.kind) === null ? withoutReports(again) : again;
  if (period === null) {
    const goesOn = !isScheduled(definition.period) && !isScheduled(duty.terms.period);
    return goesOn ? withEnough(active, at) : { ...withoutRunning(active, null), current: null, behind: false };
  }
  // A turn that was moved beyond its own days runs on beside the one that follows it.
  const kept = duty.current?.key === period.key ? active : withoutRunning(active, period.key);
  return paced(withEnough({ ...movedTo(kept, event), current: period }, at), at);
}

/** What has been done of the turn counts on. */
function movedTo(duty: ExistingDuty, { period, limit }: DutyCorrected): ExistingDuty {
  const before = period === null ? null : recordOf(duty, period.key);
  if (period !== null && limit !== null) {
    return withoutSettled(withTurn(duty, begun(period, before?.done ?? 0, before?.occasion ?? null), [limit]));
  }
  return period === null || before === null ? duty : withTurn(duty, { ...before, dueAt: period.dueAt }, []);
}

/** Less may be asked for now than has been done. */
function withEnough(duty: ExistingDuty, at: Instant): ExistingDuty {
  const quota = quotaOf(duty);
  const enough = duty.periods.filter(({ status, done }) => status === 'running' && done >= quota);
  const ids = new Set(enough.map(({ key }) => periodLimitId(key)));
  const periods = duty.periods.map(
    (period): PeriodRecord => (enough.includes(period) ? { ...period, status: 'met', metAt: at } : period),
  );
  return endLimits({ ...duty, periods }, ({ id }) => ids.has(id), 'met');
}
