import { type EventStore, type RecordedEvent, refKey, type StreamRef } from '@duban/application';
import type { Instant } from '@duban/calendar';
import {
  type Addressed,
  type ItemEvent,
  type NoticesJoined,
  noticesFor,
  type Structure,
  type TaskEvent,
  type TaskState,
  taskAggregate,
} from '@duban/domain';

/** What should have come of items, and what did. */
export interface Reckoning {
  /** Steps, reminders and notices that are missing. */
  readonly lost: number;
  /** Those that are there more than once, or should not be there at all. */
  readonly duplicate: number;
  /** Steps and reminders that the ledger holds. */
  readonly steps: number;
  /** Notices that have joined a digest. */
  readonly notices: number;
}

/**
 * Compares the ledger with what the pure functions say: every step of every item, as it would have been had nothing
 * ever gone wrong, and every notice of every step, each of them exactly once.
 * @param now up to which everything has been carried out
 */
export async function reckon(
  store: EventStore,
  refs: readonly StreamRef[],
  structure: Structure,
  now: Instant,
): Promise<Reckoning> {
  const steps = new Tally();
  const notices = new Tally();
  for (const ref of refs) {
    const events = await store.read(ref);
    for (const { event } of events.filter(isStep)) steps.found(`${ref.id} ${stepKey(event as Step)}`);
    for (const key of expectedSteps(events, structure, now)) steps.expected(`${ref.id} ${key}`);
    for (const recorded of events.filter(isStep)) {
      for (const addressed of toldBy(recorded, structure))
        notices.expected(noticeKey(addressed.mailbox, addressed.notice));
    }
  }
  const wanted = new Set(refs.map(({ id }) => id));
  for await (const { ref } of store.scanHeads(null)) {
    if (ref.type !== 'digest') continue;
    for (const { event } of await store.read(ref)) {
      if (event.type !== 'NoticesJoined') continue;
      const { mailbox, notices: joined } = event as NoticesJoined;
      for (const notice of joined) {
        if (wanted.has(notice.itemId) && TOLD_OF_STEPS.has(notice.kind)) notices.found(noticeKey(mailbox, notice));
      }
    }
  }
  return {
    lost: steps.missing() + notices.missing(),
    duplicate: steps.surplus() + notices.surplus(),
    steps: steps.total(),
    notices: notices.total(),
  };
}

type Step = Extract<TaskEvent, { readonly type: 'UnitReminded' | 'LimitMissed' | 'Escalated' }>;
const STEPS: ReadonlySet<string> = new Set<Step['type']>(['UnitReminded', 'LimitMissed', 'Escalated']);
const TOLD_OF_STEPS: ReadonlySet<string> = new Set(['escalation', 'circular', 'information', 'reminder']);

function isStep({ event }: RecordedEvent): boolean {
  return STEPS.has(event.type);
}

/** When it ran is not part of what it is. */
function stepKey(event: Step): string {
  switch (event.type) {
    case 'UnitReminded':
      return `reminded ${event.limitId} ${event.workingDaysBefore} ${event.minutesBefore}`;
    case 'LimitMissed':
      return `missed ${event.limitId}`;
    case 'Escalated':
      return `escalated ${event.limitId} ${event.step} ${event.stepDueAt}`;
  }
}

/** The item's life on time: what it was before the first step, and then every wake at its very instant. */
function expectedSteps(events: readonly RecordedEvent[], structure: Structure, now: Instant): readonly string[] {
  const first = events.findIndex(isStep);
  const before = events.slice(0, first < 0 ? events.length : first);
  let state = before.reduce<TaskState>(
    (folded, { event }) => taskAggregate.evolve(folded, event as TaskEvent),
    taskAggregate.initial,
  );
  const keys: string[] = [];
  for (let at = taskAggregate.nextWakeAt(state); at !== null && at <= now; at = taskAggregate.nextWakeAt(state)) {
    const woken = taskAggregate.wake(state, { now: at, calendar: structure.calendar, structure });
    if (woken.length === 0) throw new Error('An item asks to be woken and does nothing');
    for (const event of woken) {
      state = taskAggregate.evolve(state, event);
      if (STEPS.has(event.type)) keys.push(stepKey(event as Step));
    }
  }
  return keys;
}

/** Steps carry their recipients: the item itself need not be asked. */
function toldBy({ event, ref, version }: RecordedEvent, structure: Structure): readonly Addressed[] {
  return noticesFor(event as ItemEvent, ref.id, version, null, structure);
}

function noticeKey(mailbox: string, notice: { readonly id: string }): string {
  return `${mailbox} ${notice.id}`;
}

/** How often each key was expected and found. */
class Tally {
  readonly #balance = new Map<string, number>();
  #found = 0;

  expected(key: string): void {
    this.#balance.set(key, (this.#balance.get(key) ?? 0) - 1);
  }
  found(key: string): void {
    this.#found += 1;
    this.#balance.set(key, (this.#balance.get(key) ?? 0) + 1);
  }
  total(): number {
    return this.#found;
  }
  missing(): number {
    return this.#sum((balance) => Math.max(0, -balance));
  }
  surplus(): number {
    return this.#sum((balance) => Math.max(0, balance));
  }
  #sum(of: (balance: number) => number): number {
    return [...this.#balance.values()].reduce((sum, balance) => sum + of(balance), 0);
  }
}

/** Items of which something is due at an instant. */
export async function unfinished(store: EventStore, refs: readonly StreamRef[], at: Instant): Promise<number> {
  const heads = await store.loadMany(refs);
  return refs.filter((ref) => (heads.get(refKey(ref))?.nextWakeAt ?? Number.POSITIVE_INFINITY) <= at).length;
}
