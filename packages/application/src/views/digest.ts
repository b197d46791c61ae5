import type { ExistingDigest } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { partitions, scopes, sortKey } from './names.ts';

/** What the inbox shows of a digest before it is opened. */
export type InboxEntry = Pick<ExistingDigest, 'id' | 'mailbox' | 'releaseAt' | 'urgent' | 'count' | 'kinds' | 'readAt'>;

export function digestProjection(head: Head, digest: ExistingDigest): Projection {
  const { id, mailbox, releaseAt, urgent, count, kinds, readAt } = digest;
  const entry: InboxEntry = { id, mailbox, releaseAt, urgent, count, kinds, readAt };
  const released = digest.status === 'released';
  return {
    jurisdiction: head.ref.jurisdiction,
    id,
    version: head.version,
    body: entry,
    entries: released ? [{ partition: partitions.inbox(mailbox), sort: sortKey(releaseAt, id), data: entry }] : [],
    counts: released ? [{ scope: scopes.inbox(mailbox), bucket: readAt === null ? 'unread' : 'read' }] : [],
  };
}
