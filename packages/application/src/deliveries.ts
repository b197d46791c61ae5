import type { Instant } from '@duban/calendar';
import {
  type DeliveryStatus,
  deliveryAggregate,
  type ExistingDelivery,
  type ExistingSubscription,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult, requireOneOf } from './access.ts';
import { commitOf, sendSoon } from './commit.ts';
import { messageIdOf } from './delivery/request.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError, notFound } from './errors.ts';
import { commitAll } from './follow-up/commit-all.ts';
import { mergeLists } from './merge-lists.ts';
import type { Head, RecordedEvent } from './ports.ts';
import { readSubscription } from './subscriptions.ts';
import { type DeliveryRow, deliveryRow } from './views/delivery.ts';
import { idOfSort, partitions, sortKey } from './views/names.ts';
import { type Caller, contextFor, itemRef } from './write-item.ts';

/** The delivery log of a subscription, latest first. */
export async function listDeliveries(
  deps: Dependencies,
  caller: Caller,
  subscriptionId: string,
  status: DeliveryStatus | null,
  page: PageRequest,
): Promise<PageResult<DeliveryRow>> {
  await readSubscription(deps, caller, subscriptionId);
  return listOf(deps, caller, partitions.deliveriesOf(subscriptionId), status, page);
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

/** A delivery with everything that happened to it. */
export async function readDelivery(
  deps: Dependencies,
  caller: Caller,
  subscriptionId: string,
  id: string,
): Promise<{ readonly delivery: DeliveryRow; readonly events: readonly RecordedEvent[] }> {
  const head = await loadDelivery(deps, caller, subscriptionId, id);
  return { delivery: deliveryRow(head.state), events: await deps.store.read(head.ref, { to: head.version }) };
}

/** Sends a message that says that the channel works; it is attempted like any other. */
export async function sendTest(deps: Dependencies, caller: Caller, subscriptionId: string): Promise<DeliveryRow> {
  const { mailbox, channel, status, structure } = await readSubscription(deps, caller, subscriptionId);
  if (status === 'ended') throw ended();
  const id = deps.ids.next('delivery');
  const context = contextFor(deps, caller, structure);
  const events = deliveryAggregate.decide(
    deliveryAggregate.initial,
    {
      ...{
        type: 'RequestDelivery',
        deliveryId: id,
        subscriptionId,
        messageId: messageIdOf(id),
        digestId: null,
        releaseAt: context.now,
      },
      ...{ mailbox, channel, urgent: false, after: null, toldRecently: [] },
    },
    context,
  );
  const meta = { at: context.now, actor: context.actor, correlationId: caller.correlationId };
  const commit = commitOf(null, itemRef(caller.jurisdiction, 'delivery', id), events, meta);
  await deps.store.commit([commit]);
  await sendSoon(deps, [commit]);
  return deliveryRow(commit.state as ExistingDelivery);
}

/** Sends one message again, under the id it had. One that is on its way is left alone. */
export async function redeliver(
  deps: Dependencies,
  caller: Caller,
  subscriptionId: string,
  id: string,
): Promise<DeliveryRow> {
  const { ref } = await loadDelivery(deps, caller, subscriptionId, id);
  await redeliverAll(deps, caller, subscriptionId, [ref]);
  return deliveryRow((await loadDelivery(deps, caller, subscriptionId, id)).state);
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
  subscriptionId: string,
  { since, which }: { readonly since: Instant; readonly which: 'dead' | 'all' },
): Promise<{ readonly redelivered: number }> {
  await readSubscription(deps, caller, subscriptionId);
  const list = partitions.deliveriesOf(subscriptionId);
  let redelivered = 0;
  for (let after: string | null = sortKey(since, ''); after !== null; ) {
    const page: { readonly items: readonly { readonly sort: string }[]; readonly next: string | null } =
      await deps.views.list(caller.jurisdiction, list, { after, limit: TOGETHER });
    const ids = page.items.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    const wanted = ids.filter(
      (id) => which === 'all' || (rows.get(id)?.body as DeliveryRow | undefined)?.status === 'dead',
    );
    const refs = wanted.map((id) => itemRef(caller.jurisdiction, 'delivery', id));
    redelivered += await redeliverAll(deps, caller, subscriptionId, refs);
    after = page.next;
  }
  return { redelivered };
}

async function redeliverAll(
  deps: Dependencies,
  caller: Caller,
  subscriptionId: string,
  refs: readonly Head['ref'][],
): Promise<number> {
  const subscription = await readSubscription(deps, caller, subscriptionId);
  if (subscription.status === ('ended' satisfies ExistingSubscription['status'])) throw ended();
  const context = contextFor(deps, caller, subscription.structure);
  const written = await commitAll(deps, refs, context, (head) =>
    head === null ? [] : deliveryAggregate.decide(head.state as ExistingDelivery, { type: 'Redeliver' }, context),
  );
  return written.length;
}

async function loadDelivery(deps: Dependencies, caller: Caller, subscriptionId: string, id: string) {
  await readSubscription(deps, caller, subscriptionId);
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'delivery', id));
  const state = head?.state as ExistingDelivery | undefined;
  if (head === null || state?.subscriptionId !== subscriptionId) throw notFound();
  return { ...head, state };
}

const ended = () =>
  new ApplicationError(
    'conflict',
    'This subscription has ended and sends nothing more; create another one.',
    '该订阅已取消，不再发送；请重新建立。',
  );
