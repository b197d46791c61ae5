import type { Instant } from '@duban/calendar';
import {
  type Deferral,
  type ExistingDelivery,
  type ExistingSubscription,
  fractionOf,
  isPending,
  LEAST_INTERVAL_MS,
} from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { StreamRef } from '../ports.ts';
import type { DeliveryGates } from './gates.ts';

/** What is to be done about a delivery whose time has come. */
export type Verdict =
  | { readonly do: 'attempt' }
  | { readonly do: 'drop' }
  | { readonly do: 'defer'; readonly until: Instant; readonly reason: Deferral };

const ATTEMPT: Verdict = { do: 'attempt' };

/** A paused channel is looked at again after this (ms). */
const PAUSED_MS = 10 * 60_000;
/** What waits for one endpoint does not come back at one instant (ms). */
const SPREAD_MS = 20_000;
/** Another attempt at a crowded endpoint (ms). */
const BUSY_MS = 2_000;
/** How long after its predecessor's next attempt an ordered message looks again (ms). */
const AFTER_PREDECESSOR_MS = 1_000;
/** A predecessor that took its place and was never written is waited for no longer than this (ms). */
const MISSING_PREDECESSOR_MS = 5 * 60_000;
/** Turns at an endpoint looked through for a free one before the message waits for the last of them. */
const TURNS_AHEAD = 40;

/**
 * Whether a delivery may be attempted now. One that may holds a place at its endpoint until it is released in `gates`.
 * @param subscription null when there is none any more
 */
export async function verdictOn(
  deps: Dependencies,
  gates: DeliveryGates,
  ref: StreamRef,
  delivery: ExistingDelivery,
  subscription: ExistingSubscription | null,
): Promise<Verdict> {
  const now = deps.clock.now();
  if (subscription === null || subscription.status === 'ended') return { do: 'drop' };
  if (subscription.status === 'paused') return { do: 'defer', until: now + PAUSED_MS, reason: 'paused' };
  const { circuit, endpoint } = subscription;
  if (circuit !== null && circuit.openUntil > now) {
    const spread = Math.round(SPREAD_MS * fractionOf(`${delivery.id}/${circuit.opened}`));
    return { do: 'defer', until: circuit.openUntil + spread, reason: 'circuit_open' };
  }
  const before = delivery.after === null ? null : await waitingFor(deps, ref, delivery, delivery.after);
  if (before !== null) return { do: 'defer', until: before, reason: 'order' };
  if (!gates.enter(endpoint)) {
    const spread = Math.round(BUSY_MS * fractionOf(`${delivery.id}/${now}`));
    return { do: 'defer', until: now + BUSY_MS / 2 + spread, reason: 'busy' };
  }
  const turn = await turnAt(deps, ref, subscription, `${delivery.id}/${delivery.attempts}`).catch((error: unknown) => {
    gates.leave(endpoint);
    throw error;
  });
  if (turn === null || turn <= deps.clock.now()) return ATTEMPT;
  gates.leave(endpoint);
  return { do: 'defer', until: turn, reason: 'pace' };
}

/** When to look again whether the predecessor is done with; null when it is. */
async function waitingFor(
  { store, clock }: Dependencies,
  { jurisdiction }: StreamRef,
  { createdAt }: ExistingDelivery,
  after: string,
): Promise<Instant | null> {
  const now = clock.now();
  const head = await store.load({ jurisdiction, type: 'delivery', id: after });
  if (head === null) return now < createdAt + MISSING_PREDECESSOR_MS ? now + BUSY_MS : null;
  const predecessor = head.state as ExistingDelivery;
  if (!isPending(predecessor)) return null;
  return Math.max(now, predecessor.nextAt ?? now) + AFTER_PREDECESSOR_MS;
}

/**
 * Takes the next free turn at the endpoint: one message each interval, whichever process sends it. A turn that was taken
 * is kept until the message comes back for it. Null where nobody need wait.
 */
async function turnAt(
  { store, clock }: Dependencies,
  { jurisdiction }: StreamRef,
  { channel, endpoint, intervalMs }: ExistingSubscription,
  claimant: string,
): Promise<Instant | null> {
  const least = Math.max(LEAST_INTERVAL_MS[channel] ?? 0, intervalMs ?? 0);
  if (least === 0) return null;
  const now = clock.now();
  const current = Math.floor(now / least);
  for (let turn = current; turn < current + TURNS_AHEAD; turn += 1) {
    const key = `turn/${endpoint}/${least}/${turn}`;
    await store.keep(jurisdiction, { key, value: { claimant }, expiresAt: (turn + 2) * least + KEPT_MS });
    const taken = (await store.claim(jurisdiction, key)) as { readonly claimant?: string } | null;
    if (taken?.claimant === claimant) return turn * least;
  }
  return (current + TURNS_AHEAD) * least;
}

const KEPT_MS = 24 * 3_600_000;
