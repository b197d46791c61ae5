import {
  type Escalated,
  itemIdOfEscalation,
  type NextStep,
  type Recipient,
  type Seats,
  type Structure,
  seatsOf,
} from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { readItem } from './items.ts';
import { ownLists } from './list-items.ts';
import { mergeLists } from './merge-lists.ts';
import type { AggregateType } from './ports.ts';
import { type EscalationSummary, escalationSummaries } from './views/escalations.ts';
import { partitions } from './views/names.ts';
import type { ItemRow } from './views/rows.ts';
import { mayReadRow } from './views/seen.ts';
import { readingFor, readWhole, shownItem } from './visibility.ts';
import { type Caller, itemRef } from './write-item.ts';

export interface EscalationFilter {
  /** Group code. */
  readonly office: string | null;
  readonly unit: string | null;
  readonly state: EscalationSummary['state'] | null;
}

export type ListedEscalation = EscalationSummary & { readonly itemTitle: string };

/** Escalations the caller may see, latest first. */
export async function listEscalations(
  deps: Dependencies,
  caller: Caller,
  filter: EscalationFilter,
  page: PageRequest,
): Promise<PageResult<ListedEscalation>> {
  return readWhole(deps, caller.jurisdiction, async (structure) => {
    const seats = seatsOf(structure, caller.actor, deps.clock.now());
    const lists = escalationLists(structure, seats, filter);
    const reading = readingFor(structure);
    const options = { descending: true, ...reading };
    return mergeLists(deps.views, caller.jurisdiction, lists, page, options, async (entries) => {
      const found = entries.map((entry) => entry.data as EscalationSummary);
      const wanted = found.map(({ state }) => filter.state === null || state === filter.state);
      const ids = [...new Set(found.filter((_, index) => wanted[index]).map((escalation) => escalation.itemId))];
      const rows = await deps.views.get(caller.jurisdiction, ids, reading);
      return found.map((escalation, index) => {
        const row = wanted[index] ? shownItem(rows.get(escalation.itemId)?.body, structure.unpublished) : null;
        if (row === null || !belongs(row, filter) || !mayReadRow(structure, seats, row)) return null;
        return { ...escalation, group: groupOf(row), itemTitle: row.title };
      });
    });
  });
}

function groupOf(row: ItemRow): string | null {
  return 'group' in row ? (row.group as string | null) : null;
}

function belongs(row: ItemRow, { office, unit }: EscalationFilter): boolean {
  return (office === null || groupOf(row) === office) && (unit === null || row.leadUnits.includes(unit));
}

/** The narrowest lists that hold all that matches and the caller may see. */
export function escalationLists(
  structure: Structure,
  seats: Seats,
  { office, unit }: EscalationFilter,
): readonly string[] {
  if (unit !== null) return [partitions.sharedEscalations, partitions.ofUnit('escalations', unit)];
  if (office !== null) return [partitions.ofOffice('escalations', office)];
  const groups = seats.admin || seats.supervision ? structure.data.groups : [];
  const lists = [
    ...groups.map(({ code }) => partitions.ofOffice('escalations', code)),
    ...ownLists('escalations', seats),
  ];
  return [partitions.sharedEscalations, ...new Set(lists)];
}

export type EscalationDetail = ListedEscalation & {
  /** Who was told, and the path that led there. */
  readonly recipients: readonly Recipient[];
  /** What followed if nobody acted, as seen when it was raised. */
  readonly next: NextStep | null;
};

export async function readEscalation(deps: Dependencies, caller: Caller, id: string): Promise<EscalationDetail> {
  const itemId = itemIdOfEscalation(id);
  const { item, type, title, group } = await readItem(deps, caller, itemId);
  const summary = escalationSummaries(item, group).find((escalation) => escalation.id === id);
  if (summary === undefined) throw notFound();
  const recorded = await deps.store.read(itemRef(caller.jurisdiction, type satisfies AggregateType, itemId));
  const raised = recorded
    .map((entry) => entry.event)
    .find((event): event is Escalated => event.type === 'Escalated' && (event as Escalated).escalationId === id);
  if (raised === undefined) throw new Error(`${id} stands in its item's head but not in its events.`);
  return { ...summary, itemTitle: title, recipients: raised.recipients, next: raised.next };
}
