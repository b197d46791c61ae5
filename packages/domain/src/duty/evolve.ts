import { endLimits, evolveClock } from '../clock/item.ts';
import type { Limit } from '../clock/limit.ts';
import type { DutyEnded, DutyEvent, DutyFulfilled, DutyOpened, PeriodOpened, ReportScheduled } from './events.ts';
import { corrected } from './evolve-correction.ts';
import { isScheduled } from './periods.ts';
import { begun, paced, termsOf, withoutReports, withoutRunning, withoutSettled, withTurn } from './remembering.ts';
import { type DutyState, type ExistingDuty, type PeriodRecord, periodLimitId, recordOf } from './state.ts';

/** What happened, happened: never rejects. */
export function evolveDuty(state: DutyState, event: DutyEvent): DutyState {
  if (state.status === 'none') return event.type === 'DutyOpened' ? opened(event) : state;
  return applied({ ...state, version: state.version + 1 }, event);
}

function opened(event: DutyOpened): ExistingDuty {
  const { owner, ownerUnit, imported, urgent, policy, period, limit, endsAt } = event;
  return {
    status: 'active',
    id: event.dutyId,
    version: 1,
    wordingVersion: 1,
    terms: termsOf(event.definition),
    ...{ owner, ownerUnit, imported, urgent, policy, endsAt },
    overridden: event.override !== null,
    openedAt: event.at,
    endedAt: null,
    endCause: null,
    current: period,
    periods: period === null ? [] : [begun(period, 0, null)],
    fulfilments: 0,
    behind: false,
    limits: limit === null ? [] : [limit],
    escalations: [],
    reports: [],
  };
}

function applied(duty: ExistingDuty, event: DutyEvent): ExistingDuty {
  switch (event.type) {
    case 'DutyOpened':
      return duty;
    case 'DutyCorrected':
      return corrected(duty, event);
    case 'PeriodOpened':
      return turned(duty, event);
    case 'DutyFulfilled':
      return fulfilled(duty, event);
    case 'DutyFellBehind':
      return { ...duty, behind: true };
    case 'ReportScheduled':
      return planned(duty, event);
    case 'ReportAsked': {
      const { period } = event;
      return {
        ...duty,
        reports: duty.reports.map((each) => (each.period === period ? { ...each, asked: true } : each)),
      };
    }
    case 'DutyEnded':
      return ended(duty, event);
    case 'LimitMissed':
      return evolveClock(withMissed(duty, event.limitId), event);
    case 'ClockRecomputed':
      return paced(recomputed(evolveClock(duty, event), event.limits), event.at);
    default:
      return evolveClock(duty, event);
  }
}

function turned(duty: ExistingDuty, { period, limit, occasion }: PeriodOpened): ExistingDuty {
  const record = begun(period, recordOf(duty, period.key)?.done ?? 0, occasion);
  return withoutSettled({ ...withTurn(duty, record, [limit]), current: period, behind: false });
}

function withMissed(duty: ExistingDuty, limitId: string): ExistingDuty {
  const periods = duty.periods.map(
    (period): PeriodRecord =>
      periodLimitId(period.key) === limitId && period.status === 'running' ? { ...period, status: 'missed' } : period,
  );
  return { ...duty, periods, behind: duty.behind && periodLimitId(duty.current?.key ?? '') !== limitId };
}

function fulfilled(duty: ExistingDuty, event: DutyFulfilled): ExistingDuty {
  const { number, period: key, count, complete, behind, at } = event;
  const told = { ...duty, behind, fulfilments: number };
  const before = recordOf(duty, key);
  // Nothing had asked for it: a duty without periods is reported on at any time.
  if (before === null) {
    const record = { key, dueAt: at, done: count, status: 'met', metAt: at, occasion: null } as const;
    return withTurn(told, record, []);
  }
  const done = before.done + count;
  if (!complete || before.status === 'met' || before.status === 'late') return withTurn(told, { ...before, done }, []);
  const status = event.lateByMs > 0 || before.status === 'missed' ? 'late' : 'met';
  const answered = withTurn(told, { ...before, done, status, metAt: at }, []);
  const isOver = !isScheduled(duty.terms.period) && duty.current?.key === key;
  return endLimits(
    { ...answered, current: isOver ? null : duty.current },
    ({ id }) => id === periodLimitId(key),
    'met',
  );
}

function planned(duty: ExistingDuty, { period, from, to, reportAt: at }: ReportScheduled): ExistingDuty {
  const others = duty.reports.filter((each) => each.period !== period);
  return { ...duty, reports: [...others, { period, from, to, at, asked: false }] };
}

/** At its end what runs or was missed is still owed; what is taken back is owed no more. */
function ended(duty: ExistingDuty, { at, cause }: DutyEnded): ExistingDuty {
  const over: ExistingDuty = {
    ...{ ...duty, status: 'ended', endedAt: duty.endedAt ?? at, endCause: duty.endCause ?? cause },
    ...{ current: null, behind: false },
  };
  if (cause !== 'until') return endLimits(withoutRunning(withoutReports(over), null), () => true, 'void');
  // Before its last day, when no period is left.
  return { ...over, endsAt: Math.min(duty.endsAt, at) };
}

/** A day that moved moves its period with it. */
function recomputed(duty: ExistingDuty, limits: readonly Limit[]): ExistingDuty {
  const dueAt = new Map(limits.filter(({ status }) => status === 'running').map((limit) => [limit.id, limit.dueAt]));
  const { current } = duty;
  return {
    ...duty,
    current: current && { ...current, dueAt: dueAt.get(periodLimitId(current.key)) ?? current.dueAt },
    periods: duty.periods.map((period) => ({ ...period, dueAt: dueAt.get(periodLimitId(period.key)) ?? period.dueAt })),
  };
}
