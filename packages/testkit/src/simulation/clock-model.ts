import { aggregates, type Head, refKey } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { Clocked, Limit, Policy } from '@duban/domain';
import type { Report, Told } from './findings.ts';
import { LARGEST_SKEW_MS } from './trouble.ts';

interface Around {
  /** When the history ended. */
  readonly now: Instant;
  /** When an event was written by the true clock, which whoever wrote it did not have; by its version. */
  writtenAt(version: number): Instant;
}

/** Where an item is; what its own status lets run. */
type Item = Clocked & { readonly status: string; readonly policy?: Policy };

/** In these nothing runs. */
const STOPPED: ReadonlySet<string> = new Set(['none', 'suspended', 'cancelled', 'ended']);
/** What is still owed of an incident after its final report: why it was late, on paper, and the offices' review. */
const OUTLASTS: ReadonlySet<string> = new Set(['explanation', 'written_report', 'upward_review']);

/** Whether a limit's time goes on, given where its item is. */
function runs({ status }: Item, { kind }: Limit): boolean {
  if (STOPPED.has(status)) return false;
  if (status === 'closed') return OUTLASTS.has(kind);
  return status !== 'completion_submitted' || kind === 'verification';
}

/**
 * Walks along an item's events and looks, by rules written down here a second time, whether each thing that time brings
 * came once, not before its instant, not while it was held and not after the item was closed; and whether at the end
 * nothing is missing. How its limits are counted is the calendar's and the domain's to prove, by oracles of their own.
 */
export function checkClock({ head, events }: Told, around: Around, report: Report): void {
  const where = refKey(head.ref);
  const aggregate = aggregates[head.ref.type];
  const seen = new Set<string>();
  let state = aggregate.initial;
  for (const { event, version, meta } of events) {
    const item = state as Item;
    const complain = (rule: string, what: string) => report(rule, where, `version ${version}: ${what}`);
    if (BY_TIME.has(event.type)) {
      const said = event as unknown as ByTime;
      const limit = item.limits?.find(({ id }) => id === said.limitId);
      if (limit === undefined) complain('no limit', `${said.limitId} is not there`);
      else {
        checkOne(item, limit, said, meta.at, complain);
        const early = instantOf(limit, said) - around.writtenAt(version) - LARGEST_SKEW_MS;
        if (early > 0) complain('early', `${said.type} was written ${early} ms before its instant`);
      }
      const key = keyOf(said, limit);
      if (seen.has(key)) complain('twice', `${key} has happened before`);
      seen.add(key);
    }
    state = aggregate.evolve(state, event);
  }
  checkEnd(state as Item, around, (rule, what) => report(rule, where, what));
}

interface ByTime {
  readonly type: 'UnitReminded' | 'LimitMissed' | 'Escalated' | 'LadderResumed';
  readonly at: Instant;
  readonly limitId: string;
  readonly step?: number;
  readonly stepDueAt?: Instant;
  readonly action?: 'escalate' | 'circular' | 'inform';
  readonly steps?: readonly Instant[];
  readonly workingDaysBefore?: number | null;
  readonly minutesBefore?: number | null;
}
const BY_TIME: ReadonlySet<string> = new Set(['UnitReminded', 'LimitMissed', 'Escalated', 'LadderResumed']);

/** The same thing of the same limit, as often as it has begun anew. */
function keyOf(said: ByTime, limit: Limit | undefined): string {
  const run = `${said.limitId} ${limit?.startedAt} ${limit?.dueAt}`;
  switch (said.type) {
    case 'UnitReminded':
      return `reminder ${run} ${said.workingDaysBefore} ${said.minutesBefore}`;
    case 'LimitMissed':
      return `missed ${run}`;
    case 'Escalated':
      return `step ${run} ${said.step} ${said.stepDueAt}`;
    case 'LadderResumed':
      return `resumed ${run} ${limit?.hold?.from} ${limit?.hold?.until}`;
  }
}

/** Before this it must not happen. */
function instantOf(limit: Limit, said: ByTime): Instant {
  switch (said.type) {
    case 'UnitReminded':
      return reminderOf(limit, said)?.at ?? Number.NEGATIVE_INFINITY;
    case 'LimitMissed':
      return limit.dueAt;
    case 'Escalated':
      return Math.max(limit.next?.at ?? 0, limit.dueAt);
    case 'LadderResumed':
      return limit.hold?.until ?? Number.POSITIVE_INFINITY;
  }
}

function reminderOf(limit: Limit, said: ByTime) {
  return limit.reminders.find(
    (one) => one.workingDaysBefore === said.workingDaysBefore && one.minutesBefore === said.minutesBefore,
  );
}

function checkOne(
  item: Item,
  limit: Limit,
  said: ByTime,
  at: Instant,
  complain: (rule: string, what: string) => void,
): void {
  if (said.at !== at) complain('dated', `says ${said.at} and was written at ${at}`);
  if (!runs(item, limit)) complain('after the end', `${said.type} of ${limit.id} of an item that is ${item.status}`);
  const due = instantOf(limit, said);
  if (at < due) complain('early', `${said.type} ${due - at} ms before its instant`);
  switch (said.type) {
    case 'UnitReminded':
      if (limit.status !== 'running' || reminderOf(limit, said) === undefined)
        complain('no reminder', 'none was to come');
      if (at >= limit.dueAt) complain('late reminder', 'the limit has passed');
      return;
    case 'LimitMissed':
      if (limit.status !== 'running') complain('missed twice', `the limit is ${limit.status}`);
      return;
    case 'Escalated':
      if (said.action === 'inform') {
        // A late report that no ladder has waited for: the offices hear of it once, for information.
        if (item.escalations.length > 0) complain('informed late', 'a ladder has climbed already');
        return;
      }
      if (limit.status !== 'overdue') complain('not missed', `the limit is ${limit.status}`);
      if (limit.hold !== null) complain('held', 'a step while an acknowledgement holds the ladder');
      if (limit.next?.step !== said.step) complain('order', `step ${said.step}, next was ${limit.next?.step}`);
      return;
    case 'LadderResumed':
      if (limit.hold === null) complain('not held', 'nothing had stopped the ladder');
  }
}

/** Whether something of it is still to come by itself. */
export function awaits({ state }: Pick<Head, 'state'>): boolean {
  const item = state as Item;
  return (item.limits ?? []).some(
    (limit) =>
      runs(item, limit) &&
      (limit.status === 'running' || (limit.status === 'overdue' && (limit.next !== null || limit.hold !== null))),
  );
}

/** Whatever has come due by the end has happened. */
function checkEnd(item: Item, { now }: Around, complain: (rule: string, what: string) => void): void {
  for (const limit of (item.limits ?? []).filter((one) => runs(item, one))) {
    if (limit.status === 'running') {
      if (limit.dueAt <= now) complain('lost', `${limit.id} has passed and is not marked as missed`);
      const forgotten = limit.reminders.find((reminder) => reminder.at <= now);
      if (forgotten !== undefined) complain('lost', `${limit.id}: the reminder of ${forgotten.at} was never given`);
    }
    if (limit.status !== 'overdue') continue;
    if (limit.hold !== null && limit.hold.until <= now) complain('lost', `${limit.id}: the ladder was never resumed`);
    if (limit.hold === null && limit.next !== null && limit.next.at <= now) {
      complain('lost', `${limit.id}: step ${limit.next.step} of ${limit.next.at} never ran`);
    }
  }
}
