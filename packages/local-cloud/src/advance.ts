import { chunksOf, type Deliverer, type Dependencies, type DueWake, refKey, wakeBatch } from '@duban/application';
import type { Instant } from '@duban/calendar';

/** A clock somebody moves. */
export interface MovableClock {
  now(): Instant;
  moveTo(at: Instant): void;
}

export interface AdvanceReport {
  readonly from: Instant;
  readonly to: Instant;
  /** Wakes carried out. */
  readonly wakes: number;
  /** Events they led to, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Wakes that could not be carried out; they stay due. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** Wakes carried out together. */
const CHUNK = 500;

/**
 * Moves the clock through every pending wake in order. At each instant all that is due is carried out and what follows
 * from it settles (views, digests) before the clock goes on: nothing runs early and nothing is passed over.
 * @param settle resolves when views and digests have followed the ledger
 */
export async function advanceClock(
  deps: Dependencies,
  clock: MovableClock,
  settle: () => Promise<void>,
  to: Instant,
  deliverer: Deliverer,
): Promise<AdvanceReport> {
  const from = clock.now();
  const events: Record<string, number> = {};
  const failed = new Map<string, { id: string; reason: string }>();
  let wakes = 0;
  await settle();
  for (;;) {
    const at = await nextInstant(deps, to, failed);
    if (at === null) break;
    clock.moveTo(Math.max(at, clock.now()));
    for (const chunk of await dueNow(deps, clock.now(), failed)) {
      const woken = await wakeBatch(
        deps,
        chunk.filter(({ ref }) => ref.type !== 'delivery'),
      );
      const delivered = await deliverer.deliver(chunk.filter(({ ref }) => ref.type === 'delivery'));
      wakes += woken.woken + delivered.lateMs.length;
      for (const report of [woken, delivered]) {
        for (const [type, count] of Object.entries(report.events)) events[type] = (events[type] ?? 0) + count;
        // Without this a wake that never succeeds would hold the clock for ever.
        for (const { wake, reason } of report.failed) failed.set(refKey(wake.ref), { id: wake.ref.id, reason });
      }
    }
    await settle();
  }
  clock.moveTo(to);
  await settle();
  return { from, to, wakes, events, failed: [...failed.values()] };
}

async function nextInstant(
  deps: Dependencies,
  to: Instant,
  failed: ReadonlyMap<string, unknown>,
): Promise<Instant | null> {
  const earliest = await deps.wakes.earliest();
  if (earliest === null || earliest > to) return null;
  if (failed.size === 0) return earliest;
  let next: Instant | null = null;
  for await (const page of deps.wakes.due(to)) {
    for (const { ref, at } of page) {
      if (!failed.has(refKey(ref)) && (next === null || at < next)) next = at;
    }
  }
  return next;
}

async function dueNow(
  deps: Dependencies,
  now: Instant,
  failed: ReadonlyMap<string, unknown>,
): Promise<readonly (readonly DueWake[])[]> {
  // Read whole before anything is carried out: woken items leave the index while it is being read.
  const due: DueWake[] = [];
  for await (const page of deps.wakes.due(now)) due.push(...page.filter(({ ref }) => !failed.has(refKey(ref))));
  return chunksOf(due, CHUNK);
}
