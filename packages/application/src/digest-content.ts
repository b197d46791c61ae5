import type { Notice, NoticesJoined } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import type { ItemRow } from './views/rows.ts';
import { shownItem } from './visibility.ts';

/** Items shown of one digest. */
export const SHOWN_OF_A_DIGEST = 200;

/** All that has joined a digest, in the order it came. */
export async function noticesOf(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  digestId: string,
): Promise<readonly Notice[]> {
  const recorded = await store.read({ jurisdiction, type: 'digest', id: digestId });
  return recorded.flatMap(({ event }) => (event.type === 'NoticesJoined' ? (event as NoticesJoined).notices : []));
}

/** What the items are called and how they stand now, those that came up from a county among them. */
export async function rowsOfNotices(
  deps: Pick<Dependencies, 'views' | 'structures'>,
  own: string,
  notices: readonly Notice[],
): Promise<(notice: Notice) => ItemRow | null> {
  const found = new Map<string, ItemRow | null>();
  for (const jurisdiction of new Set(notices.map((notice) => notice.jurisdiction))) {
    const ids = notices.filter((notice) => notice.jurisdiction === jurisdiction).map(({ itemId }) => itemId);
    const rows = await deps.views.get(jurisdiction ?? own, [...new Set(ids)]);
    const { unpublished } = await deps.structures.current(jurisdiction ?? own);
    for (const itemId of ids) {
      found.set(rowKey({ itemId, jurisdiction }), shownItem(rows.get(itemId)?.body, unpublished));
    }
  }
  return (notice) => found.get(rowKey(notice)) ?? null;
}

function rowKey({ itemId, jurisdiction }: Pick<Notice, 'itemId' | 'jurisdiction'>): string {
  return `${jurisdiction ?? ''}/${itemId}`;
}

/** What people call an item: its document, list and number there; its id where it has none. */
export function numberOf(row: ItemRow | null, itemId: string): string {
  if (row === null || !('documentNumber' in row)) return itemId;
  const parts = [row.documentNumber, 'list' in row ? row.list : null, 'seq' in row ? row.seq : null];
  return parts.filter((part) => part != null).join(' ');
}
