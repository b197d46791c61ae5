import { type Seats, type Structure, seatsOf } from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { mergeLists } from './merge-lists.ts';
import { idOfSort, type ListedKind, partitions } from './views/names.ts';
import type { ItemRow } from './views/rows.ts';
import { mayReadRow } from './views/seen.ts';
import type { Caller } from './write-item.ts';

/**
 * One page of a list, each item as its row shows it; what the caller may not see is left out.
 * @param listsFor the narrowest partitions that hold all that matches and the caller may see: a clerk's page is not
 *   looked for among everybody's
 */
export async function listItems<Row extends ItemRow>(
  deps: Dependencies,
  caller: Caller,
  listsFor: (seats: Seats, structure: Structure) => readonly string[],
  page: PageRequest,
  matches: (row: Row) => boolean,
  options: { readonly descending?: boolean } = {},
): Promise<PageResult<Row>> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  return mergeLists(deps.views, caller.jurisdiction, listsFor(seats, structure), page, options, async (entries) => {
    const ids = entries.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    return ids.map((id) => {
      const row = rows.get(id)?.body as Row | undefined;
      return row !== undefined && matches(row) && mayReadRow(structure, seats, row) ? row : null;
    });
  });
}

/** Where a person's own items of a kind stand: their units', their offices' and groups', and what was addressed to them. */
export function ownLists(kind: ListedKind, { units, offices, leads, posts }: Seats): readonly string[] {
  return [
    ...[...units].map((unit) => partitions.ofUnit(kind, unit)),
    ...[...new Set([...offices, ...leads])].map((group) => partitions.ofOffice(kind, group)),
    ...[...posts].map((post) => partitions.ofMailbox(kind, `post:${post}`)),
  ];
}
