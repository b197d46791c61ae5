import type { WakeContext } from '@duban/domain';
import { aggregates, fold } from './aggregates.ts';
import { type Dependencies, WAKE_HORIZON_MS } from './dependencies.ts';
import type { AggregateType, Commit, CommitOutcome, DomainEvent, DueWake, Head } from './ports.ts';
import { refKey } from './ports.ts';

/** Late by more than this, an item is sent again at every tick (ms): whatever became of its message. */
export const RESEND_AFTER_MS = 30_000;
/** Late by more than this, somebody must look (ms). */
export const OVERDUE_ALARM_MS = 120_000;

const ATTEMPTS = 3;

export interface WakeReport {
  /** Wakes that were due and led to events. */
  readonly woken: number;
  /** Events committed, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Early, stale or repeated wakes; nothing to do. */
  readonly idle: number;
  /** Wakes that could not be carried out, with why; they stay due. */
  readonly failed: readonly { readonly wake: DueWake; readonly reason: string }[];
}

/**
 * Wakes aggregates whose instant has come: loads them together, asks each what time has brought, commits in groups.
 * One bad item never keeps its neighbours from being woken. Wakes that are not due yet are idle.
 */
export async function wakeBatch(deps: Dependencies, wakes: readonly DueWake[]): Promise<WakeReport> {
  const events: Record<string, number> = {};
  const failed: { wake: DueWake; reason: string }[] = [];
  let woken = 0;
  let pending = distinct(wakes);
  const total = pending.length;
  for (let attempt = 1; pending.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    const { decided, faults } = await decideAll(deps, pending);
    failed.push(...faults);
    const outcomes = await deps.store.commit(decided.map((item) => item.commit));
    const again: DueWake[] = [];
    for (const [index, { wake, commit }] of decided.entries()) {
      const outcome = outcomes[index] as CommitOutcome;
      if (outcome.status === 'committed') {
        woken += 1;
        for (const event of commit.events) events[event.type] = (events[event.type] ?? 0) + 1;
      } else if (outcome.status === 'conflict' && attempt < ATTEMPTS) {
        again.push(wake);
      } else {
        failed.push({ wake, reason: outcome.status === 'rejected' ? outcome.reason : outcome.status });
      }
    }
    await sendSoon(
      deps,
      decided.filter((_, index) => outcomes[index]?.status === 'committed').map((item) => item.commit),
    );
    pending = again;
  }
  return { woken, events, idle: total - woken - failed.length, failed };
}

function distinct(wakes: readonly DueWake[]): DueWake[] {
  return [...new Map(wakes.map((wake) => [refKey(wake.ref), wake])).values()];
}

interface Decided {
  readonly wake: DueWake;
  readonly commit: Commit;
}

async function decideAll(deps: Dependencies, wakes: readonly DueWake[]) {
  const heads = await deps.store.loadMany(wakes.map((wake) => wake.ref));
  const contexts = await contextsOf(deps, wakes);
  const decided: Decided[] = [];
  const faults: { wake: DueWake; reason: string }[] = [];
  for (const wake of wakes) {
    const head = heads.get(refKey(wake.ref));
    const context = contexts.get(wake.ref.jurisdiction);
    if (head === undefined || context === undefined) continue;
    try {
      const commit = wakeOne(head, context, deps.ids.next('wake'));
      if (commit !== null) decided.push({ wake, commit });
    } catch (error) {
      faults.push({ wake, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { decided, faults };
}

async function contextsOf(deps: Dependencies, wakes: readonly DueWake[]): Promise<ReadonlyMap<string, WakeContext>> {
  const contexts = new Map<string, WakeContext>();
  for (const { ref } of wakes) {
    if (contexts.has(ref.jurisdiction)) continue;
    const structure = await deps.structures.current(ref.jurisdiction);
    contexts.set(ref.jurisdiction, { now: deps.clock.now(), calendar: structure.calendar, structure });
  }
  return contexts;
}

function wakeOne(head: Head, context: WakeContext, correlationId: string): Commit | null {
  const aggregate = aggregates[head.ref.type];
  const events = aggregate.wake(head.state, context);
  if (events.length === 0) return null;
  return commitOf(head, head.ref, events, { at: context.now, actor: 'system:wake', correlationId });
}

/** The commit that appends events to a head, or opens a stream when there is none. */
export function commitOf(
  head: Head | null,
  ref: Head['ref'],
  events: readonly DomainEvent[],
  meta: Commit['meta'],
): Commit {
  const aggregate = aggregates[ref.type satisfies AggregateType];
  const state = fold(ref.type, head?.state ?? aggregate.initial, events);
  return {
    ref,
    expectedVersion: head?.version ?? 0,
    expectedHash: head?.hash ?? null,
    events,
    state,
    nextWakeAt: aggregate.nextWakeAt(state),
    meta,
  };
}

/**
 * What falls due before the alarm clock looks again is sent straight away. A failure here loses nothing: the wake
 * index still knows, and the alarm clock comes by.
 */
export async function sendSoon(deps: Dependencies, commits: readonly Commit[]): Promise<void> {
  const now = deps.clock.now();
  const soon = commits.flatMap(({ ref, nextWakeAt }) =>
    nextWakeAt !== null && nextWakeAt < now + WAKE_HORIZON_MS ? [{ ref, at: nextWakeAt }] : [],
  );
  if (soon.length === 0) return;
  try {
    await deps.wakeQueue.send(soon, now);
  } catch (error) {
    deps.log.warn('wake.send_failed', { wakes: soon.length, fault: error instanceof Error ? error.name : 'unknown' });
  }
}
