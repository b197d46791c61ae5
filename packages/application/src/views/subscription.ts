import type { ExistingSubscription } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { partitions, sortKey } from './names.ts';

/** What people see of a subscription, and what finds it when a digest is released. Nothing of its address but a part. */
export type SubscriptionRow = Pick<
  ExistingSubscription,
  | 'id'
  | 'mailbox'
  | 'channel'
  | 'name'
  | 'language'
  | 'ordered'
  | 'shown'
  | 'status'
  | 'createdAt'
  | 'createdBy'
  | 'formerSecretUntil'
  | 'circuit'
> & { readonly version: number };

export function subscriptionRow(state: ExistingSubscription, version: number): SubscriptionRow {
  const { id, mailbox, channel, name, language, ordered, shown, status } = state;
  const { createdAt, createdBy, formerSecretUntil, circuit } = state;
  return {
    ...{ id, version, mailbox, channel, name, language, ordered, shown, status },
    ...{ createdAt, createdBy, formerSecretUntil, circuit },
  };
}

export function subscriptionProjection(head: Head, state: ExistingSubscription): Projection {
  const sort = sortKey(state.createdAt, state.id);
  const ended = state.status === 'ended';
  return {
    jurisdiction: head.ref.jurisdiction,
    id: state.id,
    version: head.version,
    body: subscriptionRow(state, head.version),
    entries: ended
      ? []
      : [partitions.subscriptionsOf(state.mailbox), partitions.allSubscriptions].map((partition) => ({
          partition,
          sort,
        })),
    counts: [],
  };
}
