import type { Instant } from '@duban/calendar';
import {
  type Clocked,
  type ExistingDelivery,
  type ExistingSubscription,
  itemTypeOf,
  lateByMs,
  type Notice,
  type Structure,
  worstFirst,
} from '@duban/domain';
import type { DeliveryDependencies } from '../dependencies.ts';
import { noticesOf, numberOf, rowsOfNotices, SHOWN_OF_A_DIGEST } from '../digest-content.ts';
import { acknowledgeLink, personOf, wouldAcknowledge } from '../links.ts';
import { type AggregateType, distinctRefs, type Head, refKey } from '../ports.ts';
import { itemRef } from '../write-item.ts';
import type { MessageContent, MessageLine } from './message.ts';

/** How long a link in a mail acknowledges (ms). */
const LINK_LASTS_MS = 3 * 86_400_000;

/** What a delivery says: as of the digest's release, so that every attempt says the same. */
export async function messageContent(
  deps: DeliveryDependencies,
  { ref, state }: Head & { readonly state: ExistingDelivery },
  subscription: ExistingSubscription,
): Promise<MessageContent> {
  const structure = await deps.structures.current(ref.jurisdiction);
  const { code, name, timeZone } = structure.jurisdiction;
  const addressed = {
    jurisdiction: { code, name, timeZone },
    recipient: { mailbox: state.mailbox, name: nameOfMailbox(structure, state.mailbox) },
  };
  const { digestId: id, releaseAt, urgent } = state;
  if (id === null) return { ...addressed, type: 'test', at: releaseAt };
  const left = new Set(state.toldRecently);
  const notices = (await noticesOf(deps, code, id)).filter((notice) => !left.has(notice.id)).sort(worstFirst);
  const shown = notices.slice(0, SHOWN_OF_A_DIGEST);
  return {
    ...addressed,
    type: 'digest',
    digestId: id,
    releaseAt,
    urgent,
    lines: await linesOf(deps, structure, shown, releaseAt, subscription),
    more: notices.length - shown.length,
    toldRecently: left.size,
    link: linkTo(deps, `/inbox/${id}`),
  };
}

async function linesOf(
  deps: DeliveryDependencies,
  structure: Structure,
  notices: readonly Notice[],
  releaseAt: Instant,
  subscription: ExistingSubscription,
): Promise<readonly MessageLine[]> {
  const own = structure.jurisdiction.code;
  const rowOf = await rowsOfNotices(deps, own, notices);
  const headOf = await headsOf(deps, own, notices);
  return Promise.all(
    notices.map(async (notice) => {
      const { id: noticeId, kind, itemId, at, dueAt, escalationId } = notice;
      const row = rowOf(notice);
      const itemType = itemTypeOf(itemId);
      const units = row?.leadUnits ?? [];
      return {
        ...{ noticeId, kind, itemId, itemType, at, dueAt, escalationId },
        number: numberOf(row, itemId),
        title: itemType === 'incident' ? null : (row?.title ?? null),
        leadUnits: units.map((unit) => structure.unit(unit)?.name ?? unit),
        lateByMs: lateByMs(notice, releaseAt),
        askedUntil: nextStepOf(notice, headOf(notice)),
        link: linkTo(deps, escalationId === null ? `/items/${itemId}` : `/escalations/${escalationId}`),
        acknowledgeLink: await acknowledgeLinkFor(deps, structure, notice, headOf(notice), subscription),
      };
    }),
  );
}

/** The items of which something was escalated, as they stand now. */
async function headsOf(
  { store }: DeliveryDependencies,
  own: string,
  notices: readonly Notice[],
): Promise<(notice: Notice) => Head | null> {
  const refOf = ({ jurisdiction, itemId }: Notice) =>
    itemRef(jurisdiction ?? own, itemTypeOf(itemId) as AggregateType, itemId);
  const escalated = notices.filter(({ kind }) => kind === 'escalation' || kind === 'circular');
  const heads = await store.loadMany(distinctRefs(escalated.map(refOf)));
  return (notice) => (escalated.includes(notice) ? (heads.get(refKey(refOf(notice))) ?? null) : null);
}

/** When the next one is told of a missed limit, unless somebody acts before. */
function nextStepOf({ limitId }: Notice, head: Head | null): Instant | null {
  const item = head?.state as Clocked | undefined;
  return item?.limits.find(({ id }) => id === limitId)?.next?.at ?? null;
}

function linkTo({ linkBase }: DeliveryDependencies, path: string): string | null {
  return linkBase === null ? null : `${linkBase}${path}`;
}

/**
 * By mail alone, and to a person who may acknowledge now: a group chat is no person, a unit's staff would all acknowledge
 * as one, and whom the escalation is about would find no button behind it.
 */
async function acknowledgeLinkFor(
  deps: DeliveryDependencies,
  structure: Structure,
  { kind, escalationId, jurisdiction }: Notice,
  head: Head | null,
  { channel, mailbox }: ExistingSubscription,
): Promise<string | null> {
  if (channel !== 'mail' || kind !== 'escalation' || escalationId === null || jurisdiction !== null) return null;
  const now = deps.clock.now();
  const person = personOf(structure, mailbox, now);
  if (person === null) return null;
  const { code } = structure.jurisdiction;
  const claim = { jurisdiction: code, escalationId, person, mailbox, expiresAt: now + LINK_LASTS_MS };
  if (!wouldAcknowledge(deps, structure, head, claim)) return null;
  const token = await acknowledgeLink(deps, claim);
  return linkTo(deps, `/a/${token}`);
}

/** What a mailbox is called. */
export function nameOfMailbox(structure: Structure, mailbox: string): string {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('unit:')) return structure.unit(code)?.name ?? code;
  if (mailbox.startsWith('person:')) return structure.person(code)?.name ?? code;
  if (mailbox.startsWith('post:')) {
    const post = structure.post(code);
    return post === null ? code : `${structure.unit(post.unit)?.name ?? ''}${post.title}`;
  }
  return mailbox === 'administrators' ? '系统管理员' : code;
}
