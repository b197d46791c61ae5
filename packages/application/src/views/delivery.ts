import type { ExistingDelivery } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { partitions, sortKey } from './names.ts';

/** A line of a subscription's delivery log. */
export type DeliveryRow = Omit<ExistingDelivery, 'toldRecently'> & { readonly toldRecently: number };

export function deliveryRow(delivery: ExistingDelivery): DeliveryRow {
  return { ...delivery, toldRecently: delivery.toldRecently.length };
}

export function deliveryProjection(head: Head, delivery: ExistingDelivery): Projection {
  const { subscriptionId, status, createdAt, id } = delivery;
  const sort = sortKey(createdAt, id);
  const lists = [partitions.deliveriesOf(subscriptionId), ...(status === 'dead' ? [partitions.deadDeliveries] : [])];
  return {
    jurisdiction: head.ref.jurisdiction,
    id,
    version: head.version,
    body: deliveryRow(delivery),
    entries: lists.map((partition) => ({ partition, sort })),
    counts: [],
  };
}
