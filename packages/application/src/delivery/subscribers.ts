import type { ExistingSubscription, Structure } from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { Head } from '../ports.ts';
import { idOfSort, partitions } from '../views/names.ts';

/** A subscription that has not ended. */
export type Subscriber = Head & { readonly state: ExistingSubscription };

/** More channels than this for one mailbox is a mistake somebody has automated. */
export const MOST_SUBSCRIPTIONS = 50;

/** Channels that a mailbox's digests go out on: its own, and those of whoever holds its posts at this moment. */
export async function subscriptionsFor(
  deps: Dependencies,
  structure: Structure,
  mailbox: string,
): Promise<Subscriber[]> {
  const jurisdiction = structure.jurisdiction.code;
  const lists = subscribedMailboxes(structure, mailbox, deps.clock.now()).map(partitions.subscriptionsOf);
  const entries = await Promise.all(
    lists.map((list) => deps.views.list(jurisdiction, list, { limit: MOST_SUBSCRIPTIONS, consistent: true })),
  );
  const ids = [...new Set(entries.flatMap(({ items }) => items.map(({ sort }) => idOfSort(sort))))];
  if (ids.length === 0) return [];
  const heads = await deps.store.loadMany(ids.map((id) => ({ jurisdiction, type: 'subscription', id })));
  return [...heads.values()].filter(isGoingOn);
}

function isGoingOn(head: Head): head is Subscriber {
  const { status } = head.state as { readonly status: string };
  return status === 'active' || status === 'paused';
}

function subscribedMailboxes(structure: Structure, mailbox: string, now: number): readonly string[] {
  if (mailbox.startsWith('unit:')) return [mailbox];
  const posts = mailbox.startsWith('post:')
    ? [mailbox.slice('post:'.length)]
    : mailbox === 'administrators'
      ? structure.jurisdiction.administratorPosts
      : [];
  return posts.flatMap((post) => {
    const holder = structure.holder(post, now);
    return [`post:${post}`, ...(holder === null ? [] : [`person:${holder.code}`])];
  });
}
