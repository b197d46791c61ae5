import type { Dependencies } from './dependencies.ts';
import { type AggregateType, type Head, type IndexEntry, refKey } from './ports.ts';
import { idOfSort } from './views/names.ts';
import { itemRef } from './write-item.ts';

const PAGE = 200;

/** Every entry of one list, a page at a time. */
export async function* walkList(
  { views }: Pick<Dependencies, 'views'>,
  jurisdiction: string,
  partition: string,
  options: { readonly consistent?: boolean } = {},
): AsyncGenerator<readonly IndexEntry[]> {
  for (let after: string | null = null; ; ) {
    const from: { readonly after?: string } = after === null ? {} : { after };
    const page = await views.list(jurisdiction, partition, { limit: PAGE, ...options, ...from });
    yield page.items;
    if (page.next === null) return;
    after = page.next;
  }
}

/** The head of every item of one list; an item that is gone is left out. */
export async function* headsListed(
  deps: Pick<Dependencies, 'views' | 'store'>,
  jurisdiction: string,
  type: AggregateType,
  partition: string,
  options: { readonly consistent?: boolean } = {},
): AsyncGenerator<Head> {
  for await (const entries of walkList(deps, jurisdiction, partition, options)) {
    const refs = entries.map(({ sort }) => itemRef(jurisdiction, type, idOfSort(sort)));
    const heads = await deps.store.loadMany(refs);
    for (const ref of refs) {
      const head = heads.get(refKey(ref));
      if (head !== undefined) yield head;
    }
  }
}
