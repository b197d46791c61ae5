import {
  type CommandContext,
  type ExistingSubscription,
  type Seats,
  type Structure,
  type SubscriptionCommand,
  type SubscriptionEvent,
  type SubscriptionOptions,
  type SubscriptionState,
  subscriptionAggregate,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from './access.ts';
import { sealAddress, sealRotated } from './delivery/address.ts';
import type { ChannelAddress } from './delivery/message.ts';
import { MOST_SUBSCRIPTIONS } from './delivery/subscribers.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError, notFound } from './errors.ts';
import { mergeLists } from './merge-lists.ts';
import { idOfSort, partitions } from './views/names.ts';
import { type SubscriptionRow, subscriptionRow } from './views/subscription.ts';
import { type Caller, contextFor, type ItemKind, itemRef, type WriteOptions, writeItem } from './write-item.ts';

const SUBSCRIPTIONS: ItemKind<SubscriptionState, SubscriptionCommand, SubscriptionEvent> = {
  type: 'subscription',
  aggregate: subscriptionAggregate,
  authorise,
};

/**
 * Whether the caller sets where a mailbox's notices go: administrators anybody's, a person their own and that of the
 * posts they hold, the head of a unit the unit's.
 */
export function mayManageMailbox(structure: Structure, seats: Seats, mailbox: string): boolean {
  if (seats.admin) return true;
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('person:')) return seats.actor.person === code;
  if (mailbox.startsWith('post:')) return seats.posts.has(code);
  const head = mailbox.startsWith('unit:') ? structure.headPost(code) : null;
  return head !== null && seats.posts.has(head.code);
}

function authorise(
  { structure, seats }: CommandContext,
  state: SubscriptionState | null,
  command: SubscriptionCommand,
): void {
  const mailbox =
    command.type === 'CreateSubscription'
      ? command.mailbox
      : state === null || state.status === 'none'
        ? null
        : state.mailbox;
  // Where somebody's notices go is not for others to know: the same answer as for what is not there.
  if (mailbox === null || !mayManageMailbox(structure, seats, mailbox)) throw notFound();
}

export interface SubscriptionView extends SubscriptionRow {
  readonly structure: Structure;
}

export type NewSubscription = SubscriptionOptions & { readonly mailbox: string; readonly address: ChannelAddress };

/**
 * Opens a channel for a mailbox.
 * @returns the subscription, and whether this very request has made it: only then is a secret of the address the one
 *   that signs
 */
export async function createSubscription(
  deps: Dependencies,
  caller: Caller,
  { mailbox, address, ...given }: NewSubscription,
  options: Pick<WriteOptions, 'idempotency'>,
): Promise<{ readonly subscription: SubscriptionView; readonly isNew: boolean }> {
  const id = deps.ids.next('subscription');
  const sealed = await sealAddress(deps, caller.jurisdiction, id, address);
  const command: SubscriptionCommand = {
    ...{ type: 'CreateSubscription', subscriptionId: id, mailbox, channel: address.kind },
    ...given,
    ...sealed,
  };
  const written = await writeItem(
    deps,
    caller,
    SUBSCRIPTIONS,
    id,
    { ...options, ifMatch: null },
    {
      commandFor: async (_, { structure, seats }) => {
        if (mayManageMailbox(structure, seats, mailbox)) await requireRoom(deps, caller, mailbox);
        return command;
      },
    },
  );
  const state = written.state as ExistingSubscription;
  return {
    subscription: { ...subscriptionRow(state, written.version), structure: written.context.structure },
    isNew: state.sealed === sealed.sealed,
  };
}

async function requireRoom(deps: Dependencies, { jurisdiction }: Caller, mailbox: string): Promise<void> {
  const list = partitions.subscriptionsOf(mailbox);
  const { items } = await deps.views.list(jurisdiction, list, { limit: MOST_SUBSCRIPTIONS, consistent: true });
  if (items.length < MOST_SUBSCRIPTIONS) return;
  throw new ApplicationError(
    'too_large',
    `There are ${MOST_SUBSCRIPTIONS} channels for this recipient already; end one before you add another.`,
    `该对象已有 ${MOST_SUBSCRIPTIONS} 个通知渠道，请先取消不用的渠道。`,
  );
}

/** What an owner does to a channel that is there. */
export type SubscriptionChange = Extract<
  SubscriptionCommand,
  { readonly type: 'ChangeSubscription' | 'PauseSubscription' | 'ResumeSubscription' | 'EndSubscription' }
>;

export async function changeSubscription(
  deps: Dependencies,
  caller: Caller,
  id: string,
  command: SubscriptionChange,
  options: WriteOptions,
): Promise<SubscriptionView> {
  return change(deps, caller, id, options, () => command);
}

/**
 * Gives a webhook a new secret; the former one signs beside it for a while, so that the receiver can change over.
 * @param formerForMs how long
 * @returns whether this very request has made the secret
 */
export async function rotateSecret(
  deps: Dependencies,
  caller: Caller,
  id: string,
  { secret, formerForMs }: { readonly secret: string; readonly formerForMs: number },
  options: WriteOptions,
): Promise<{ readonly subscription: SubscriptionView; readonly isNew: boolean }> {
  let isNew = false;
  const subscription = await change(deps, caller, id, options, async (state) => {
    const formerUntil = deps.clock.now() + formerForMs;
    const sealed = await sealRotated(deps, caller.jurisdiction, state, secret, formerUntil);
    isNew = true;
    // The aggregate says why only a webhook's can be rotated.
    return { type: 'RotateSecret', sealed: sealed ?? state.sealed, formerUntil };
  });
  return { subscription, isNew };
}

async function change(
  deps: Dependencies,
  caller: Caller,
  id: string,
  options: WriteOptions,
  commandFor: (state: ExistingSubscription) => SubscriptionCommand | Promise<SubscriptionCommand>,
): Promise<SubscriptionView> {
  const written = await writeItem(deps, caller, SUBSCRIPTIONS, id, options, {
    commandFor: (head) => {
      if (head === null) throw notFound();
      return commandFor(head.state as ExistingSubscription);
    },
  });
  const row = subscriptionRow(written.state as ExistingSubscription, written.version);
  return { ...row, structure: written.context.structure };
}

/** @throws ApplicationError `not_found` when it is not there, or not the caller's to see */
export async function readSubscription(deps: Dependencies, caller: Caller, id: string): Promise<SubscriptionView> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'subscription', id));
  const state = (head?.state ?? subscriptionAggregate.initial) as SubscriptionState;
  const { seats } = contextFor(deps, caller, structure);
  if (head === null || state.status === 'none' || !mayManageMailbox(structure, seats, state.mailbox)) throw notFound();
  return { ...subscriptionRow(state, head.version), structure };
}

/** Channels of one mailbox, or all that the caller manages, oldest first. */
export async function listSubscriptions(
  deps: Dependencies,
  caller: Caller,
  { mailbox, matches }: { readonly mailbox: string | null; readonly matches: (row: SubscriptionRow) => boolean },
  page: PageRequest,
): Promise<PageResult<SubscriptionRow>> {
  const { structure, seats } = await currentStructure(deps, caller);
  if (mailbox !== null && !mayManageMailbox(structure, seats, mailbox)) throw notFound();
  const lists = mailbox !== null ? [partitions.subscriptionsOf(mailbox)] : ownLists(structure, seats);
  return mergeLists(deps.views, caller.jurisdiction, lists, page, {}, async (entries) => {
    const ids = entries.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    return ids.map((id) => {
      const row = rows.get(id)?.body as SubscriptionRow | undefined;
      return row !== undefined && matches(row) ? row : null;
    });
  });
}

function ownLists(structure: Structure, seats: Seats): readonly string[] {
  if (seats.admin) return [partitions.allSubscriptions];
  const posts = [...seats.posts];
  const headed = posts.flatMap((code) => {
    const post = structure.post(code);
    return post?.head === true ? [`unit:${post.unit}`] : [];
  });
  const mailboxes = [`person:${seats.actor.person}`, ...posts.map((code) => `post:${code}`), ...headed];
  return mailboxes.map(partitions.subscriptionsOf);
}
