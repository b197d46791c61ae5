import type { Instant } from '@duban/calendar';
import {
  type DigestState,
  digestAggregate,
  type ExistingDigest,
  type Light,
  lateByMs,
  mayReadMailbox,
  type Notice,
  type Seats,
  type Structure,
  worstFirst,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from './access.ts';
import { commitOf } from './commit.ts';
import { pooled } from './concurrency.ts';
import type { Dependencies } from './dependencies.ts';
import { noticesOf, rowsOfNotices, SHOWN_OF_A_DIGEST } from './digest-content.ts';
import { ApplicationError, notFound } from './errors.ts';
import { mergeLists } from './merge-lists.ts';
import type { Head } from './ports.ts';
import type { InboxEntry } from './views/digest.ts';
import { partitions, scopes } from './views/names.ts';
import type { ItemRow } from './views/rows.ts';
import { type Caller, contextFor } from './write-item.ts';

/** A notice with what its item is called and how it stands now. */
export interface InboxItem extends Notice {
  readonly title: string;
  readonly plan: string;
  readonly leadUnits: readonly string[];
  readonly light: Light;
  /** Late by how much when the digest is read (ms); null when the notice is not about a missed limit. */
  readonly lateByMs: number | null;
}

export type InboxDigest = InboxEntry & {
  /** Worst first. */
  readonly items: readonly InboxItem[];
  /** How many more than `items` shows; they stand in the escalation list. */
  readonly more: number;
};

const ATTEMPTS = 3;
const AT_ONCE = 16;

/** How much of a mailbox has been read. */
export interface MailboxCount {
  readonly mailbox: string;
  readonly unread: number;
  readonly total: number;
}

export interface InboxFilter {
  readonly unit: string | null;
  readonly post: string | null;
  readonly unreadOnly: boolean;
}

/** Digests for a unit, a post, or everything the caller holds, latest first, and how many of each mailbox are unread. */
export async function listInbox(
  deps: Dependencies,
  caller: Caller,
  { unit, post, unreadOnly }: InboxFilter,
  page: PageRequest,
): Promise<PageResult<InboxDigest> & { readonly mailboxes: readonly MailboxCount[] }> {
  const { structure, seats } = await currentStructure(deps, caller);
  const mailboxes = mailboxesFor(structure, seats, unit, post);
  const lists = mailboxes.map(partitions.inbox);
  const found = await mergeLists(deps.views, caller.jurisdiction, lists, page, { descending: true }, async (entries) =>
    entries
      .map((entry) => entry.data as InboxEntry)
      .map((entry) => (unreadOnly && entry.readAt !== null ? null : entry)),
  );
  const items = await openedTogether(deps, caller, found.items);
  return { items, next: found.next, mailboxes: await countsOf(deps, caller.jurisdiction, mailboxes) };
}

/** From counters: what has lain there for years is not read again to be counted. */
function countsOf(
  { views }: Dependencies,
  jurisdiction: string,
  mailboxes: readonly string[],
): Promise<readonly MailboxCount[]> {
  return pooled(mailboxes, AT_ONCE, async (mailbox) => {
    const { unread = 0, read = 0 } = await views.counters(jurisdiction, scopes.inbox(mailbox));
    return { mailbox, unread, total: unread + read };
  });
}

/** A unit's mail is the unit's own and that of its posts, as far as the caller may read it. */
function mailboxesFor(structure: Structure, seats: Seats, unit: string | null, post: string | null): readonly string[] {
  const wanted =
    post !== null
      ? [`post:${post}`]
      : unit !== null
        ? [`unit:${unit}`, ...structure.postsOfUnit(unit).map(({ code }) => `post:${code}`)]
        : ownMailboxes(structure, seats);
  const readable = wanted.filter((mailbox) => mayReadMailbox(structure, seats, mailbox));
  if (readable.length === 0 && (unit !== null || post !== null)) throw notFound();
  return readable;
}

function ownMailboxes(structure: Structure, seats: Seats): readonly string[] {
  const offices = structure.data.groups.filter((group) => seats.offices.has(group.code)).map((group) => group.office);
  const officePosts = offices
    .flatMap((office) => [office?.director, office?.deputyDirector])
    .filter((code) => code != null);
  const { parent } = structure.jurisdiction;
  return [
    ...[...new Set([...seats.posts, ...officePosts])].map((code) => `post:${code}`),
    ...[...seats.units].map((code) => `unit:${code}`),
    ...(seats.admin ? ['administrators'] : []),
    ...(seats.supervision && parent !== null ? [`jurisdiction:${parent}`] : []),
  ];
}

export async function readInboxEntry(deps: Dependencies, caller: Caller, id: string): Promise<InboxDigest> {
  const { digest } = await loadReadable(deps, caller, id);
  return opened(deps, caller, digest);
}

/** Marks a digest read; once is enough. */
export async function markInboxRead(deps: Dependencies, caller: Caller, id: string): Promise<InboxDigest> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { head, digest, structure } = await loadReadable(deps, caller, id);
    const context = contextFor(deps, caller, structure);
    const { now: at, actor } = context;
    const events = digestAggregate.decide(digest, { type: 'MarkRead' }, context);
    if (events.length === 0) return opened(deps, caller, digest);
    const commit = commitOf(head, head.ref, events, { at, actor, correlationId: caller.correlationId });
    const [outcome] = await deps.store.commit([commit]);
    if (outcome?.status === 'committed') return opened(deps, caller, commit.state as ExistingDigest);
  }
  throw new ApplicationError(
    'conflict',
    'Somebody else is marking this entry; read it again.',
    '他人正在处理该收件，请刷新。',
  );
}

async function loadReadable(deps: Dependencies, caller: Caller, id: string) {
  const { structure, seats } = await currentStructure(deps, caller);
  const head: Head | null = await deps.store.load({ jurisdiction: caller.jurisdiction, type: 'digest', id });
  const digest = (head?.state ?? digestAggregate.initial) as DigestState;
  const readable = digest.status === 'released' && mayReadMailbox(structure, seats, digest.mailbox);
  if (head === null || digest.status === 'none' || !readable) throw notFound();
  return { head, digest, structure };
}

async function opened(deps: Dependencies, caller: Caller, entry: InboxEntry): Promise<InboxDigest> {
  const [digest] = await openedTogether(deps, caller, [entry]);
  return digest as InboxDigest;
}

/** The row of an item that stands in several digests, as day after day goes by, is read once. */
async function openedTogether(
  deps: Dependencies,
  caller: Caller,
  entries: readonly InboxEntry[],
): Promise<readonly InboxDigest[]> {
  const contents = await pooled(entries, AT_ONCE, async (entry) => {
    const notices = await noticesOf(deps, caller.jurisdiction, entry.id);
    return { entry, shown: [...notices].sort(worstFirst).slice(0, SHOWN_OF_A_DIGEST), all: notices.length };
  });
  const rowOf = await rowsOfNotices(
    deps,
    caller.jurisdiction,
    contents.flatMap(({ shown }) => shown),
  );
  const now = deps.clock.now();
  return contents.map(({ entry, shown, all }) => {
    const { id, mailbox, releaseAt, urgent, count, kinds, readAt } = entry;
    const items = shown.map((notice) => itemOf(notice, rowOf(notice), now));
    return { id, mailbox, releaseAt, urgent, count, kinds, readAt, items, more: all - shown.length };
  });
}

function itemOf(notice: Notice, row: ItemRow | null, now: Instant): InboxItem {
  return {
    ...notice,
    title: row?.title ?? '',
    plan: row !== null && 'plan' in row ? String(row.plan) : '',
    leadUnits: row?.leadUnits ?? [],
    light: row?.light ?? 'grey',
    lateByMs: lateByMs(notice, now),
  };
}
