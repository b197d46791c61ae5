import type { Instant } from '@duban/calendar';
import type { Clocked, EscalationAction } from '@duban/domain';
import type { IndexEntry } from '../ports.ts';
import { listOfMailbox, partitions, sortKey } from './names.ts';

/** What lists show of an escalation; its item's title is looked up in the item's row. */
export interface EscalationSummary {
  readonly id: string;
  readonly itemId: string;
  /** The group that answers for the item; null for incidents, and for duties without one. */
  readonly group: string | null;
  readonly limitId: string;
  readonly step: number;
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly action: EscalationAction;
  readonly urgent: boolean;
  readonly mailboxes: readonly string[];
  readonly detoured: boolean;
  readonly state: 'open' | 'acknowledged' | 'resolved';
}

export function escalationSummaries(item: Clocked, group: string | null): readonly EscalationSummary[] {
  return item.escalations.map(({ status, ...escalation }) => ({
    ...escalation,
    itemId: item.id,
    group,
    state: status,
  }));
}

/**
 * An item that concerns more units and posts than these has its escalations in the shared list instead of in each one's own. Of
 * the first county's tasks that is one in eight; in lists of their own these would have three fifths of all such rows.
 */
const CONCERNS_MANY = 12;

/**
 * An escalation stands in the list of the office that answers, and in those of every unit and post that may read its item:
 * nobody's own are looked for among other offices'. Where these are many, the shared list stands for them all.
 * @param concerned mailboxes of the units and posts the item concerns, beside those its escalations were addressed to
 */
export function escalationEntries(
  item: Clocked,
  group: string | null,
  concerned: readonly string[],
): readonly IndexEntry[] {
  const office = group === null ? partitions.sharedEscalations : partitions.ofOffice('escalations', group);
  const own =
    concerned.length > CONCERNS_MANY
      ? [partitions.sharedEscalations]
      : [...concerned, ...addressedOf(item)].filter(isRead).map((mailbox) => listOfMailbox('escalations', mailbox));
  const lists = [...new Set([office, ...own])];
  return escalationSummaries(item, group).flatMap((escalation) =>
    lists.map((partition) => ({ partition, sort: sortKey(escalation.at, escalation.id), data: escalation })),
  );
}

/** Not administrators', who read every office's list, nor another jurisdiction's, for which nobody here reads. */
function isRead(mailbox: string): boolean {
  return mailbox.startsWith('unit:') || mailbox.startsWith('post:');
}

/** Mailboxes an escalation of the item was addressed to; who holds one may read it. */
export function addressedOf(item: Clocked): readonly string[] {
  return [...new Set(item.escalations.flatMap((escalation) => escalation.mailboxes))];
}

/** The lists of those an escalation was addressed to by post, or above the county. A unit's own lists show its items anyway. */
export function mailboxLists(mailboxes: readonly string[], listOf: (mailbox: string) => string): readonly string[] {
  return [...new Set(mailboxes)].filter((mailbox) => !mailbox.startsWith('unit:')).map(listOf);
}

export function openEscalationsOf(item: Clocked): number {
  return item.escalations.filter(({ status }) => status === 'open').length;
}
