import type { Instant } from '@duban/calendar';
import { itemIdOfEscalation, itemTypeOf, type Structure } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { numberOf } from './digest-content.ts';
import { ApplicationError } from './errors.ts';
import { recall } from './idempotency.ts';
import { commandEscalation } from './item-commands.ts';
import { readItem } from './items.ts';
import { shownItem } from './visibility.ts';
import type { Caller } from './write-item.ts';

const PURPOSE = 'acknowledge-link';

/** What a link in a mail stands for. */
export interface LinkClaim {
  readonly jurisdiction: string;
  readonly escalationId: string;
  /** Whom it was sent to; nobody else acknowledges with it. */
  readonly person: string;
  /** In whose place; who no longer holds that post acknowledges no more. */
  readonly mailbox: string;
  readonly expiresAt: Instant;
}

interface Link extends LinkClaim {
  readonly id: string;
}

/** The token of a link that acknowledges an escalation once. */
export function acknowledgeLink(deps: Pick<Dependencies, 'sealer' | 'ids'>, claim: LinkClaim): Promise<string> {
  const link: Link = { ...claim, id: deps.ids.next('link') };
  return deps.sealer.seal(JSON.stringify(link), PURPOSE);
}

/** Why a link does nothing (any more). */
export type LinkRefusal = 'void' | 'expired' | 'used' | 'not_yours' | 'acknowledged' | 'settled';

/** What a link would do. */
export interface LinkOffer {
  readonly escalationId: string;
  readonly number: string;
  /** Null for incidents: their text leaves by no mail. */
  readonly title: string | null;
  readonly dueAt: Instant;
  readonly lateByMs: number;
  /** Name of who acknowledges. */
  readonly personName: string;
  readonly structure: Structure;
}

export type LinkReading =
  | { readonly refused: LinkRefusal; readonly escalationId: string | null }
  | { readonly refused: null; readonly offer: LinkOffer };

/** What a link would do, or why it does nothing. Reading it changes nothing: mail scanners follow links. */
export async function readLink(deps: Dependencies, token: string): Promise<LinkReading> {
  const link = await openLink(deps, token);
  if (link === null) return { refused: 'void', escalationId: null };
  const { escalationId } = link;
  const structure = await deps.structures.current(link.jurisdiction);
  const now = deps.clock.now();
  const caller = callerOf(link, 'link');
  if ((await recall(deps, caller, onceFor(link))) !== null) return { refused: 'used', escalationId };
  if (now >= link.expiresAt) return { refused: 'expired', escalationId };
  if (!holdsStill(structure, link, now)) return { refused: 'not_yours', escalationId };
  const itemId = itemIdOfEscalation(escalationId);
  const escalation = await escalationOf(deps, caller, itemId, escalationId);
  if (escalation === null) return { refused: 'not_yours', escalationId };
  if (escalation.status !== 'open') {
    return { refused: escalation.status === 'acknowledged' ? 'acknowledged' : 'settled', escalationId };
  }
  const rows = await deps.views.get(link.jurisdiction, [itemId]);
  const row = shownItem(rows.get(itemId)?.body, structure.unpublished);
  const offer = {
    ...{ escalationId, structure, dueAt: escalation.dueAt, lateByMs: now - escalation.dueAt },
    number: numberOf(row, itemId),
    title: itemTypeOf(itemId) === 'incident' ? null : (row?.title ?? null),
    personName: structure.person(link.person)?.name ?? link.person,
  };
  return { refused: null, offer };
}

/**
 * Acknowledges in the name of whom the link was sent to, by the same rules as any acknowledgement: once, however often
 * and from however many sides it is asked for.
 * @returns why nothing was done; null when it is acknowledged
 * @throws DomainError or ApplicationError with what the item's rules say
 */
export async function acknowledgeByLink(
  deps: Dependencies,
  token: string,
  correlationId: string,
): Promise<LinkRefusal | null> {
  const reading = await readLink(deps, token);
  const link = await openLink(deps, token);
  if (reading.refused !== null || link === null) return reading.refused ?? 'void';
  const { escalationId } = link;
  const command = { type: 'AcknowledgeEscalation', escalationId, note: null, until: null } as const;
  const options = { ifMatch: null, idempotency: onceFor(link) };
  await commandEscalation(deps, callerOf(link, correlationId), command, options);
  return null;
}

/** A link's use is remembered as a request's is: its twin at the same moment gets the same answer and does nothing. */
function onceFor({ id }: Link) {
  return { key: id, fingerprint: PURPOSE };
}

function callerOf({ jurisdiction, person }: Link, correlationId: string): Caller {
  return { jurisdiction, actor: { person, bootstrapAdmin: false }, correlationId };
}

function holdsStill(structure: Structure, { mailbox, person }: Link, now: Instant): boolean {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  return mailbox.startsWith('post:') ? structure.holder(code, now)?.code === person : code === person;
}

/** Null when it is not there, or no longer for the person to see. */
async function escalationOf(deps: Dependencies, caller: Caller, itemId: string, escalationId: string) {
  try {
    const { item } = await readItem(deps, caller, itemId);
    return item.escalations.find(({ id }) => id === escalationId) ?? null;
  } catch (error) {
    if (error instanceof ApplicationError && error.code === 'not_found') return null;
    throw error;
  }
}

async function openLink({ sealer }: Dependencies, token: string): Promise<Link | null> {
  const text = await sealer.open(token, PURPOSE);
  return text === null ? null : (JSON.parse(text) as Link);
}
