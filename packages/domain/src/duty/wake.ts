import type { Instant } from '@duban/calendar';
import type { WakeContext } from '../aggregate.ts';
import { activeLimits, isActive, type Limit } from '../clock/limit.ts';
import { recomputeLimits } from '../clock/recompute.ts';
import { type ClockRules, wakeLimits } from '../clock/wake.ts';
import type { DutyEvent } from './events.ts';
import { evolveDuty } from './evolve.ts';
import { readOwner } from './owner.ts';
import { isScheduled, occasionDueAt, periodNamed } from './periods.ts';
import { askForReports, scheduleReport, withReport } from './reports.ts';
import {
  behindAt,
  type DutyState,
  type ExistingDuty,
  expectedBy,
  periodLimitId,
  quotaOf,
  recordOf,
  turnsAt,
} from './state.ts';
import { periodLimit, runningPeriod, turnAfter } from './turns.ts';

/** Turns caught up with in one wake after an outage; the next wake, due at once, goes on. */
export const MOST_TURNS_A_WAKE = 30;

/** How the clock sees a duty. */
export const DUTY_CLOCK: ClockRules<ExistingDuty> = {
  running: activeLimits,
  policyOf: ({ policy }) => policy,
  answerable: answerableForDuty,
  isCovered: () => false,
};

/** A post that owes it is told itself; the office of its group answers for it, or whoever asked. */
export function answerableForDuty({ owner, terms }: Pick<ExistingDuty, 'owner' | 'terms'>) {
  const { isPost, code } = readOwner(owner);
  return {
    group: terms.group,
    leadUnits: isPost ? [] : [code],
    leadPosts: isPost ? [code] : [],
    requester: terms.requester,
  };
}

/** Time has passed: periods fall due and follow one another until the duty ends. */
export function wakeDuty(state: DutyState, context: WakeContext): readonly DutyEvent[] {
  if (state.status === 'none') return [];
  const clocked = wakeLimits(state, DUTY_CLOCK, context, evolveExisting);
  const asked = askForReports(clocked.item, context);
  const events: DutyEvent[] = [...clocked.events, ...asked];
  let duty = asked.reduce(evolveExisting, clocked.item);
  for (let turns = 0; turns < MOST_TURNS_A_WAKE; turns += 1) {
    const turn = turned(duty, context);
    if (turn === null) break;
    const begun = evolveExisting(duty, turn);
    const woken = wakeLimits(begun, onlyTurn(begun), context, evolveExisting);
    const planned = scheduleReport(woken.item, context);
    const ready = planned.reduce(evolveExisting, woken.item);
    const due = askForReports(ready, context);
    events.push(turn, ...woken.events, ...planned, ...due);
    duty = due.reduce(evolveExisting, ready);
  }
  const behind = fellBehind(duty, context);
  return behind === null ? events : [...events, behind];
}

function evolveExisting(duty: ExistingDuty, event: DutyEvent): ExistingDuty {
  return evolveDuty(duty, event) as ExistingDuty;
}

/** The turn that has just begun may be over already; what ran before it has had its step of this wake. */
function onlyTurn({ current }: ExistingDuty): ClockRules<ExistingDuty> {
  const id = current === null ? null : periodLimitId(current.key);
  return { ...DUTY_CLOCK, running: ({ limits }) => limits.filter((limit) => limit.id === id && isActive(limit)) };
}

function fellBehind(duty: ExistingDuty, { now }: WakeContext): DutyEvent | null {
  const at = behindAt(duty);
  const { current, status } = duty;
  if (status === 'ended' || current === null || at === null || now < at) return null;
  const done = recordOf(duty, current.key)?.done ?? 0;
  const expected = Math.max(Math.floor(done) + 1, expectedBy(quotaOf(duty), current, now));
  return { type: 'DutyFellBehind', at: now, period: current.key, done, expected };
}

/** The running period has passed: the next begins, or the duty ends with its last day. */
function turned(
  duty: ExistingDuty,
  context: WakeContext,
): Extract<DutyEvent, { type: 'PeriodOpened' | 'DutyEnded' }> | null {
  const { status, current, terms, endsAt } = duty;
  const { now } = context;
  if (status === 'ended') return null;
  const at = turnsAt(duty);
  const following = current === null || at === null || now < at ? null : turnAfter(duty, current.key, context);
  if (following !== null) {
    const period = runningPeriod(following, terms, context);
    const limit = periodLimit(period, duty.policy, context);
    return { type: 'PeriodOpened', at: now, by: 'system:wake', period, limit, occasion: null };
  }
  // A holiday notice can take the days away that were to follow: then nothing is owed any more.
  const isOver = now >= endsAt || (at !== null && now >= at);
  return isOver ? { type: 'DutyEnded', at: now, by: 'system:wake', cause: 'until', reason: null } : null;
}

/** The calendar has changed: a due day that was moved off a day off is moved again. */
export function recomputeDuty(state: DutyState, context: WakeContext): readonly DutyEvent[] {
  if (state.status === 'none') return [];
  const events: readonly DutyEvent[] = recomputeLimits(state, DUTY_CLOCK, context, (limit) =>
    dueOf(state, limit, context),
  );
  return withReport(state, events, context);
}

function dueOf({ terms }: ExistingDuty, limit: Limit, context: WakeContext): Instant {
  const { calendar } = context;
  const key = limit.id.slice(periodLimitId('').length);
  const dueAt = isScheduled(terms.period)
    ? periodNamed(terms, key, calendar)?.dueAt
    : occasionDueAt(terms, key.slice(0, OCCASION_DAY), calendar);
  return dueAt ?? limit.dueAt;
}

/** The key of an occasion begins with its day. */
const OCCASION_DAY = 'YYYY-MM-DD'.length;
