import type { Instant } from '@duban/calendar';
import {
  type DeliveryCommand,
  type DeliveryEvent,
  type DeliveryState,
  type DeliveryStatus,
  deliveryAggregate,
  type ExistingDelivery,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult, requireOneOf } from './access.ts';
import { messageIdOf } from './delivery/request.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError, notFound } from './errors.ts';
import { commitAll } from './follow-up/commit-all.ts';
import { mergeLists } from './merge-lists.ts';
import type { Head, IndexEntry, Page, RecordedEvent } from './ports.ts';
import type { SubscriptionView } from './subscriptions.ts';
import { type DeliveryRow, deliveryRow } from './views/delivery.ts';
import { idOfSort, partitions, sortKey } from './views/names.ts';
import { type Caller, contextFor, type ItemKind, itemRef, type Writing, writeItem } from './write-item.ts';

/** The subscription whose deliveries are asked about, as it was read for the caller: who may read it may read them. */
type ReadSubscription = Pick<SubscriptionView, 'id' | 'mailbox' | 'channel' | 'status'>;

const DELIVERIES: ItemKind<DeliveryState, DeliveryCommand, DeliveryEvent> = {
  type: 'delivery',
  aggregate: deliveryAggregate,
  // Settled by reading the subscription.
  authorise: () => undefined,
};

/** The delivery log of a subscription, latest first. */
export function listDeliveries(
  deps: Dependencies,
  caller: Caller,
  { id }: ReadSubscription,
  status: DeliveryStatus | null,
  page: PageRequest,
): Promise<PageResult<DeliveryRow>> {
  return listOf(deps, caller, partitions.deliveriesOf(id), status, page);
}

/**
 * What was given up, of all subscriptions, latest first.
 * @throws ApplicationError `forbidden` for whoever is no administrator
 */
export async function listDeadDeliveries(
  deps: Dependencies,
  caller: Caller,
  page: PageRequest,
): Promise<PageResult<DeliveryRow>> {
  const { seats } = await currentStructure(deps, caller);
  requireOneOf(['admin'], new Set(seats.admin ? (['admin'] as const) : []), 'the list of what could not be delivered');
  return listOf(deps, caller, partitions.deadDeliveries, 'dead', page);
}

async function listOf(
  deps: Dependencies,
  { jurisdiction }: Caller,
  partition: string,
  status: DeliveryStatus | null,
  page: PageRequest,
): Promise<PageResult<DeliveryRow>> {
  return mergeLists(deps.views, jurisdiction, [partition], page, { descending: true }, async (entries) => {
    const ids = entries.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(jurisdiction, ids);
    return ids.map((id) => {
      const row = rows.get(id)?.body as DeliveryRow | undefined;
      return row !== undefined && (status === null || row.status === status) ? row : null;
    });
  });
}

/**
 * A delivery with everything that happened to it.
 * @throws ApplicationError `not_found` when the subscription has none of that id
 */
export async function readDelivery(
  deps: Dependencies,
  caller: Caller,
  subscription: ReadSubscription,
  id: string,
): Promise<{ readonly delivery: DeliveryRow; readonly events: readonly RecordedEvent[] }> {
  const ref = itemRef(caller.jurisdiction, 'delivery', id);
  const head = await deps.store.load(ref);
  const delivery = deliveryRow(deliveryOf(subscription, head));
  return { delivery, events: await deps.store.read(ref, { to: head?.version ?? 0 }) };
}

/** Sends a message that says that the channel works; it is attempted like any other. */
export async function sendTest(
  deps: Dependencies,
  caller: Caller,
  subscription: ReadSubscription,
): Promise<DeliveryRow> {
  const { id: subscriptionId, mailbox, channel } = requireGoingOn(subscription);
  const deliveryId = deps.ids.next('delivery');
  return write(deps, caller, deliveryId, (_, { now: releaseAt }) => ({
    ...{ type: 'RequestDelivery', deliveryId, subscriptionId, messageId: messageIdOf(deliveryId), digestId: null },
    ...{ releaseAt, mailbox, channel, urgent: false, after: null, toldRecently: [] },
  }));
}

/**
 * Sends one message again, under the id it had. One that is on its way is left alone.
 * @throws ApplicationError `not_found` when the subscription has none of that id, `conflict` when it has ended
 */
export function redeliver(
  deps: Dependencies,
  caller: Caller,
  subscription: ReadSubscription,
  id: string,
): Promise<DeliveryRow> {
  return write(deps, caller, id, (head) => {
    deliveryOf(subscription, head);
    requireGoingOn(subscription);
    return { type: 'Redeliver' };
  });
}

async function write(
  deps: Dependencies,
  caller: Caller,
  id: string,
  commandFor: Writing<DeliveryState, DeliveryCommand>['commandFor'],
): Promise<DeliveryRow> {
  const options = { ifMatch: null, idempotency: null };
  const { state } = await writeItem(deps, caller, DELIVERIES, id, options, { commandFor });
  return deliveryRow(state as ExistingDelivery);
}

/** Streams redelivered together. */
const TOGETHER = 200;

/**
 * Sends again what was given up since an instant, or everything that was sent since.
 * @param which `dead`: only what never arrived
 * @returns how many messages were put on their way
 */
export async function redeliverSince(
  deps: Dependencies,
  caller: Caller,
  subscription: ReadSubscription,
  { since, which }: { readonly since: Instant; readonly which: 'dead' | 'all' },
): Promise<{ readonly redelivered: number }> {
  const list = partitions.deliveriesOf(requireGoingOn(subscription).id);
  const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
  let redelivered = 0;
  for (let after: string | null = sortKey(since, ''); after !== null; ) {
    const page: Page<IndexEntry> = await deps.views.list(caller.jurisdiction, list, { after, limit: TOGETHER });
    const ids = page.items.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    const refs = ids
      .filter((id) => which === 'all' || (rows.get(id)?.body as DeliveryRow | undefined)?.status === 'dead')
      .map((id) => itemRef(caller.jurisdiction, 'delivery', id));
    const written = await commitAll(deps, refs, context, (head) =>
      head === null ? [] : deliveryAggregate.decide(head.state as ExistingDelivery, { type: 'Redeliver' }, context),
    );
    redelivered += written.length;
    after = page.next;
  }
  return { redelivered };
}

function deliveryOf(subscription: ReadSubscription, head: Head | null): ExistingDelivery {
  const state = head?.state as ExistingDelivery | undefined;
  if (state?.subscriptionId !== subscription.id) throw notFound();
  return state;
}

function requireGoingOn(subscription: ReadSubscription): ReadSubscription {
  if (subscription.status !== 'ended') return subscription;
  throw new ApplicationError(
    'conflict',
    'This subscription has ended and sends nothing more; create another one.',
    '该订阅已取消，不再发送；请重新建立。',
  );
}
