import type { Instant } from '@duban/calendar';
import {
  type Clocked,
  DomainError,
  type EscalationAcknowledged,
  itemIdOfEscalation,
  itemTypeOf,
  type Structure,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { numberOf } from './digest-content.ts';
import { ApplicationError } from './errors.ts';
import { acknowledgeOnce, foreseeAcknowledgement, refOfEscalation } from './item-commands.ts';
import type { Head } from './ports.ts';
import { shownItem } from './visibility.ts';
import { type Caller, contextFor } from './write-item.ts';

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

/** Who acts for a mailbox at an instant: its person, or whoever holds its post; null where that is nobody. */
export function personOf(structure: Structure, mailbox: string, at: Instant): string | null {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('person:')) return code;
  return mailbox.startsWith('post:') ? (structure.holder(code, at)?.code ?? null) : null;
}

/** The token of a link that acknowledges an escalation once. */
export function acknowledgeLink(deps: Pick<Dependencies, 'sealer' | 'ids'>, claim: LinkClaim): Promise<string> {
  const link: Link = { ...claim, id: deps.ids.next('link') };
  return deps.sealer.seal(JSON.stringify(link), PURPOSE);
}

/** Whether such a link would have a button now. What an import holds up for a moment is no reason against it. */
export function wouldAcknowledge(
  deps: Pick<Dependencies, 'clock'>,
  structure: Structure,
  head: Head | null,
  claim: Pick<LinkClaim, 'jurisdiction' | 'person' | 'escalationId'>,
): boolean {
  try {
    return (
      foreseeAcknowledgement(head, commandOf(claim), contextFor(deps, callerOf(claim, 'link'), structure)) !== null
    );
  } catch (error) {
    if (error instanceof ApplicationError) return error.code === 'import_under_way';
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Why a link does nothing (any more). */
export type LinkRefusal = 'void' | 'expired' | 'used' | 'not_yours' | 'acknowledged' | 'settled';

/** What a link would do. */
export interface LinkOffer {
  readonly number: string;
  /** Null for incidents: their text leaves by no mail. */
  readonly title: string | null;
  readonly dueAt: Instant;
  readonly lateByMs: number;
  /** Until when the ladder would be held; null where none runs any more. */
  readonly holdUntil: Instant | null;
  /** Name of who acknowledges. */
  readonly personName: string;
  readonly structure: Structure;
}

export type LinkReading =
  | { readonly refused: LinkRefusal }
  | { readonly refused: null; readonly link: Link; readonly offer: LinkOffer };

/**
 * What a link would do just now, or why it does nothing. Reading it changes nothing: mail scanners follow links.
 * @throws DomainError or ApplicationError with what the item's rules would refuse the acknowledgement with
 */
export async function readLink(deps: Dependencies, token: string): Promise<LinkReading> {
  const link = await openLink(deps, token);
  if (link === null) return { refused: 'void' };
  const { jurisdiction, escalationId } = link;
  if (await isUsed(deps, link)) return { refused: 'used' };
  // In this order: an import that wrote the head is among what the structure read after it tells.
  const head = await deps.store.load(refOfEscalation(jurisdiction, escalationId));
  const structure = await deps.structures.current(jurisdiction);
  const context = contextFor(deps, callerOf(link, 'link'), structure);
  const { now } = context;
  if (now >= link.expiresAt) return { refused: 'expired' };
  if (head === null || personOf(structure, link.mailbox, now) !== link.person) return { refused: 'not_yours' };
  const foreseen = await refusalOr(() => foreseeAcknowledgement(head, commandOf(link), context));
  if (typeof foreseen === 'string') return { refused: foreseen };
  const dueAt = (head.state as Clocked).escalations.find(({ id }) => id === escalationId)?.dueAt ?? now;
  return { refused: null, link, offer: await offerOf(deps, link, structure, { dueAt, now, ...foreseen }) };
}

async function offerOf(
  { views }: Dependencies,
  { jurisdiction, escalationId, person }: Link,
  structure: Structure,
  { dueAt, now, holdUntil }: Pick<EscalationAcknowledged, 'holdUntil'> & { dueAt: Instant; now: Instant },
): Promise<LinkOffer> {
  const itemId = itemIdOfEscalation(escalationId);
  const rows = await views.get(jurisdiction, [itemId]);
  const row = shownItem(rows.get(itemId)?.body, structure.unpublished);
  return {
    ...{ structure, dueAt, lateByMs: now - dueAt },
    holdUntil: holdUntil > now ? holdUntil : null,
    number: numberOf(row, itemId),
    title: itemTypeOf(itemId) === 'incident' ? null : (row?.title ?? null),
    personName: structure.person(person)?.name ?? person,
  };
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
  if (reading.refused !== null) return reading.refused;
  const { link } = reading;
  const use = { key: useOf(link), value: link.escalationId, expiresAt: link.expiresAt };
  const done = await refusalOr(() =>
    acknowledgeOnce(deps, callerOf(link, correlationId), commandOf(link), {
      claimsFor: () => [use],
      claimed: async () => new LinkUsed(),
    }),
  );
  if (typeof done !== 'string') return null;
  // The button pressed twice at once: the second finds the escalation acknowledged, and by the first.
  return done === 'acknowledged' && (await isUsed(deps, link)) ? 'used' : done;
}

class LinkUsed extends Error {}

/** What came of it, or which of the refusals that a link has words of its own for. */
async function refusalOr(
  acknowledge: () => EscalationAcknowledged | null | Promise<EscalationAcknowledged | null>,
): Promise<EscalationAcknowledged | LinkRefusal> {
  try {
    return (await acknowledge()) ?? 'acknowledged';
  } catch (error) {
    if (error instanceof LinkUsed) return 'used';
    if (error instanceof ApplicationError && error.code === 'not_found') return 'not_yours';
    if (error instanceof DomainError && error.code === 'wrong_status') return 'settled';
    throw error;
  }
}

/** Written together with the acknowledgement: of two uses at once one is the first. */
function useOf({ id }: Link): string {
  return `link/${id}`;
}

async function isUsed({ store }: Dependencies, link: Link): Promise<boolean> {
  return (await store.claim(link.jurisdiction, useOf(link))) !== null;
}

function commandOf({ escalationId }: Pick<LinkClaim, 'escalationId'>) {
  return { type: 'AcknowledgeEscalation', escalationId, note: null, until: null } as const;
}

function callerOf({ jurisdiction, person }: Pick<LinkClaim, 'jurisdiction' | 'person'>, correlationId: string): Caller {
  return { jurisdiction, actor: { person, bootstrapAdmin: false }, correlationId };
}

async function openLink({ sealer }: Dependencies, token: string): Promise<Link | null> {
  const text = await sealer.open(token, PURPOSE);
  return text === null ? null : (JSON.parse(text) as Link);
}
