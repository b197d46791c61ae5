import { seatsOf } from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { mergeLists } from './merge-lists.ts';
import { idOfSort } from './views/names.ts';
import type { ItemRow } from './views/rows.ts';
import { mayReadRow } from './views/seen.ts';
import type { Caller } from './write-item.ts';

/**
 * One page of a list, each item as its row shows it; what the caller may not see is left out.
 * @param list partition that holds all that matches
 */
export async function listItems<Row extends ItemRow>(
  deps: Dependencies,
  caller: Caller,
  list: string,
  page: PageRequest,
  matches: (row: Row) => boolean,
  options: { readonly descending?: boolean } = {},
): Promise<PageResult<Row>> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  return mergeLists(deps.views, caller.jurisdiction, [list], page, options, async (entries) => {
    const ids = entries.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    return ids.map((id) => {
      const row = rows.get(id)?.body as Row | undefined;
      return row !== undefined && matches(row) && mayReadRow(structure, seats, row) ? row : null;
    });
  });
}
