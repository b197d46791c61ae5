import { aggregates, fold } from './aggregates.ts';
import { type Dependencies, WAKE_HORIZON_MS } from './dependencies.ts';
import type { AggregateType, Commit, DomainEvent, Head } from './ports.ts';

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
export async function sendSoon(
  deps: Dependencies,
  commits: readonly Pick<Commit, 'ref' | 'nextWakeAt'>[],
): Promise<void> {
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
