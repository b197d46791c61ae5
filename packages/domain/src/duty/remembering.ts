import type { Instant } from '@duban/calendar';
import { endLimits, withLimits } from '../clock/item.ts';
import { activeLimits, type Limit, nextChangeOf } from '../clock/limit.ts';
import type { DutyDefinition } from './definition.ts';
import type { RunningPeriod } from './events.ts';
import {
  type DutyTerms,
  type ExistingDuty,
  expectedBy,
  type PeriodRecord,
  periodLimitId,
  quotaOf,
  recordOf,
} from './state.ts';

/** A turn missed this many turns ago is asked for no more, once its ladder has been climbed. */
export const TURNS_ASKED_FOR = 60;

export function termsOf({ text: _t, owners: _o, counterparties: _c, notes: _n, ...terms }: DutyDefinition): DutyTerms {
  return terms;
}

export function begun({ key, dueAt }: RunningPeriod, done: number, occasion: string | null): PeriodRecord {
  return { key, dueAt, done, status: 'running', metAt: null, occasion };
}

/** Adds the turn's record, or puts it in the place of the one there is. */
export function withTurn(duty: ExistingDuty, record: PeriodRecord, limits: readonly Limit[]): ExistingDuty {
  const known = duty.periods.some(({ key }) => key === record.key);
  const periods = known
    ? duty.periods.map((period) => (period.key === record.key ? record : period))
    : [...duty.periods, record];
  return { ...withLimits(duty, limits), periods };
}

/**
 * Limits that are done with are dropped: what there is to know of them stands in the periods. So are those of turns
 * missed long ago that nobody will be told of again: a duty nobody does must not grow without end.
 */
export function withoutSettled(duty: ExistingDuty): ExistingDuty {
  const recent = new Set(duty.periods.slice(-TURNS_ASKED_FOR).map(({ key }) => periodLimitId(key)));
  const isPast = (limit: Limit) => !recent.has(limit.id) && limit.status === 'overdue' && nextChangeOf(limit) === null;
  const asked = endLimits(duty, isPast, 'void');
  return { ...asked, limits: activeLimits(asked) };
}

/** Reports still to come are no longer asked for; that others have been asked for is remembered. */
export function withoutReports(duty: ExistingDuty): ExistingDuty {
  return { ...duty, reports: duty.reports.filter(({ asked }) => asked) };
}

/** Running turns that are no longer owed. What was missed stays missed. */
export function withoutRunning(duty: ExistingDuty, except: string | null): ExistingDuty {
  const falling = new Set<string>();
  const periods = duty.periods.map((period): PeriodRecord => {
    if (period.status !== 'running' || period.key === except) return period;
    falling.add(periodLimitId(period.key));
    return { ...period, status: 'void' };
  });
  const reports = duty.reports.filter(({ period, asked }) => asked || !falling.has(periodLimitId(period)));
  return endLimits({ ...duty, periods, reports }, ({ id }) => falling.has(id), 'void');
}

/** Another due day or quota is another pace. It can only take the mark away: falling behind is an event that is told. */
export function paced(duty: ExistingDuty, at: Instant): ExistingDuty {
  const { current } = duty;
  const record = current === null ? null : recordOf(duty, current.key);
  const expected = current === null ? 0 : expectedBy(quotaOf(duty), current, at);
  return { ...duty, behind: duty.behind && record?.status === 'running' && record.done < expected };
}
