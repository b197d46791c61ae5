import {
  COOL_DOWN_MS,
  type DigestState,
  deliveryAggregate,
  deliveryIdOf,
  type ExistingDigest,
  type ExistingSubscription,
  type Notice,
  type Structure,
  subscriptionAggregate,
  toldRecently,
} from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import { chunksOf, pooled } from '../concurrency.ts';
import type { Dependencies } from '../dependencies.ts';
import { noticesOf } from '../digest-content.ts';
import { type Commit, type Head, type RecordedEvent, refKey, type StreamRef } from '../ports.ts';
import { structuresOnce } from '../structure-source.ts';
import type { InboxEntry } from '../views/digest.ts';
import { partitions, sortKey } from '../views/names.ts';
import { systemContext } from '../write-item.ts';
import { type Subscriber, subscriptionsFor } from './subscribers.ts';

/** Digests whose deliveries are asked for together; a transaction's worth. */
const TOGETHER = 50;
/** Digests prepared side by side. */
const AT_ONCE = 16;
const ATTEMPTS = 8;

const ACTOR = 'system:react';

/**
 * A digest was released: each channel of its mailbox gets one delivery of it. A delivery's id follows from the digest's
 * and the subscription's, so that doing this twice is doing it once.
 * Throws when something could not be asked for; the batch is handed over again then.
 */
export async function requestDeliveries(
  deps: Dependencies,
  events: readonly RecordedEvent[],
): Promise<{ readonly requested: number }> {
  const released = events.filter(({ event }) => event.type === 'DigestReleased');
  if (released.length === 0) return { requested: 0 };
  const structureOf = structuresOnce(deps.structures);
  const digests = [...(await deps.store.loadMany(released.map(({ ref }) => ref))).values()]
    .flatMap(({ ref, state }) => {
      const digest = state as DigestState;
      return digest.status === 'released' ? [{ jurisdiction: ref.jurisdiction, digest }] : [];
    })
    .sort((a, b) => a.digest.releaseAt - b.digest.releaseAt);
  let requested = 0;
  // Some at a time: the first are on their way while the last are still being asked for.
  for (const some of chunksOf(digests, TOGETHER)) {
    const asked = await pooled(some, AT_ONCE, async ({ jurisdiction, digest }) =>
      deliveriesOf(deps, await structureOf(jurisdiction), digest),
    );
    requested += await askAll(deps, asked.flat(), structureOf);
  }
  return { requested };
}

interface Asked {
  readonly ref: StreamRef;
  readonly digest: ExistingDigest;
  readonly subscription: Subscriber;
  readonly toldRecently: readonly string[];
}

async function deliveriesOf(deps: Dependencies, structure: Structure, digest: ExistingDigest): Promise<Asked[]> {
  const subscriptions = await subscriptionsFor(deps, structure, digest.mailbox);
  if (subscriptions.length === 0) return [];
  const jurisdiction = structure.jurisdiction.code;
  const before = digest.urgent ? [] : await noticesBefore(deps, jurisdiction, digest);
  const told = before.length === 0 ? [] : toldRecently(await noticesOf(deps, jurisdiction, digest.id), before);
  // Nothing in it is news: the inbox has it, and a message that says nothing would be one more message.
  if (told.length === digest.count) return [];
  return subscriptions.map((subscription) => ({
    ref: { jurisdiction, type: 'delivery', id: deliveryIdOf(subscription.ref.id, digest.id) },
    digest,
    subscription,
    toldRecently: told,
  }));
}

/** What the mailbox was told in the hour before. */
async function noticesBefore(
  deps: Dependencies,
  jurisdiction: string,
  { id, mailbox, releaseAt }: ExistingDigest,
): Promise<readonly Notice[]> {
  const after = sortKey(releaseAt - COOL_DOWN_MS, '');
  const before = sortKey(releaseAt, '');
  const { items } = await deps.views.list(jurisdiction, partitions.inbox(mailbox), { after, before, limit: 50 });
  const digests = items.map(({ data }) => data as InboxEntry).filter((entry) => entry.id !== id && !entry.urgent);
  return (await Promise.all(digests.map((entry) => noticesOf(deps, jurisdiction, entry.id)))).flat();
}

const NONE: ReadonlyMap<string, Head> = new Map();

type StructureOf = (jurisdiction: string) => Promise<Structure>;

async function askAll(deps: Dependencies, asked: readonly Asked[], structureOf: StructureOf): Promise<number> {
  let left = asked;
  let requested = 0;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > ATTEMPTS) throw new Error(`${left.length} deliveries could not be written; they are tried again.`);
    // Most are new: what is there already is found out by the refusal.
    const known = attempt === 1 ? NONE : await deps.store.loadMany(left.map(({ ref }) => ref));
    const missing = left.filter(({ ref }) => !known.has(refKey(ref)));
    const commits: Commit[] = [];
    // One after the other: what is ordered takes its place in the order of release.
    for (const one of missing) commits.push(await requestOf(deps, one, await structureOf(one.ref.jurisdiction)));
    const outcomes = await deps.store.commit(commits);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused?.status === 'rejected') throw new Error(`A delivery could not be written: ${refused.reason}`);
    const done = commits.filter((_, index) => outcomes[index]?.status === 'committed');
    for (const { ref, meta } of done) {
      const { jurisdiction, id } = ref;
      deps.log.info('delivery.requested', { jurisdiction, id, correlationId: meta.correlationId });
    }
    await sendSoon(deps, done);
    requested += done.length;
    left = missing.filter((_, index) => outcomes[index]?.status !== 'committed');
  }
  return requested;
}

async function requestOf(deps: Dependencies, asked: Asked, structure: Structure): Promise<Commit> {
  const { ref, digest, subscription } = asked;
  const after = subscription.state.ordered ? await queueBehind(deps, subscription.ref, ref.id, structure) : null;
  const command = {
    type: 'RequestDelivery',
    deliveryId: ref.id,
    subscriptionId: subscription.ref.id,
    messageId: messageIdOf(ref.id),
    digestId: digest.id,
    releaseAt: digest.releaseAt,
    mailbox: digest.mailbox,
    channel: subscription.state.channel,
    urgent: digest.urgent,
    after,
    toldRecently: asked.toldRecently,
  } as const;
  const events = deliveryAggregate.decide(deliveryAggregate.initial, command, systemContext(deps, structure, ACTOR));
  return commitOf(null, ref, events, { at: deps.clock.now(), actor: ACTOR, correlationId: deps.ids.next('deliver') });
}

/** What receivers tell a repeated message by. */
export function messageIdOf(deliveryId: string): string {
  return `msg_${deliveryId.slice(deliveryId.indexOf('_') + 1)}`;
}

/**
 * Takes the delivery's place in the order of its subscription.
 * @returns the delivery that goes before it; null for the first
 */
async function queueBehind(
  deps: Dependencies,
  ref: StreamRef,
  deliveryId: string,
  structure: Structure,
): Promise<string | null> {
  const key = `queued/${deliveryId}`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const head = await deps.store.load(ref);
    const state = head?.state as ExistingSubscription;
    const context = systemContext(deps, structure, ACTOR);
    const events = subscriptionAggregate.decide(state, { type: 'QueueDelivery', deliveryId }, context);
    const meta = { at: context.now, actor: ACTOR, correlationId: deps.ids.next('queue') };
    const claims = [{ key, value: { after: state.lastQueued }, expiresAt: null }];
    const [outcome] = await deps.store.commit([{ ...commitOf(head, ref, events, meta), claims }]);
    if (outcome?.status === 'committed') return state.lastQueued;
    if (outcome?.status === 'claimed') {
      const stored = (await deps.store.claim(ref.jurisdiction, key)) as { readonly after: string | null };
      return stored.after;
    }
  }
  throw new Error(`${deliveryId} found no place in its order; it is tried again.`);
}
