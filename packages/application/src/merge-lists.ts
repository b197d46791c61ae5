import type { PageRequest, PageResult } from './access.ts';
import { chunksOf } from './concurrency.ts';
import type { IndexEntry, ViewStore } from './ports.ts';

interface ListOptions {
  readonly before?: string;
  readonly descending?: boolean;
  readonly consistent?: boolean;
}

/** Entries read from each partition at a time, once as many as the page has have not filled it. */
const CHUNK = 200;
/** Such chunks looked through for one page: one that is hard to fill ends short, with a cursor to go on from. */
const CHUNKS_A_PAGE = 5;

/**
 * One sorted list out of several partitions, each entry once. `keep` sees entries some at a time and answers the value to
 * show, or null to pass over; reading goes on until the page is full, the partitions end, or enough has been looked
 * through: a filter, or an import that is being written, may pass over thousands in a row. Where nothing is passed over, no
 * more is read of a partition than the page has, and one: whether there is more.
 * @param before sort key at which the list ends, exclusive
 */
export async function mergeLists<T>(
  views: ViewStore,
  jurisdiction: string,
  partitions: readonly string[],
  { limit, after }: PageRequest,
  options: ListOptions,
  keep: (entries: readonly IndexEntry[]) => Promise<readonly (T | null)[]>,
): Promise<PageResult<T>> {
  const items: T[] = [];
  let cursor = after;
  for (let chunk = 0; ; chunk += 1) {
    const size = chunk === 0 ? Math.min(limit + 1, CHUNK) : CHUNK;
    const { entries, complete } = await nextChunk(views, jurisdiction, partitions, cursor, size, options);
    for (const portion of chunksOf(entries, size)) {
      const kept = await keep(portion);
      for (const [index, entry] of portion.entries()) {
        const value = kept[index] ?? null;
        if (value === null) continue;
        if (items.length === limit) return { items, next: cursor };
        items.push(value);
        cursor = entry.sort;
      }
    }
    const last = entries.at(-1);
    if (complete || last === undefined) return { items, next: null };
    if (items.length < limit) cursor = last.sort;
    if (chunk === CHUNKS_A_PAGE) return { items, next: cursor };
  }
}

/** The first entries after a key over all partitions. Beyond the shortest unfinished partition nothing is certain yet. */
async function nextChunk(
  views: ViewStore,
  jurisdiction: string,
  partitions: readonly string[],
  after: string | null,
  limit: number,
  { before, descending = false, consistent = false }: ListOptions,
): Promise<{ readonly entries: readonly IndexEntry[]; readonly complete: boolean }> {
  const pages = await Promise.all(
    partitions.map((partition) =>
      views.list(jurisdiction, partition, {
        limit,
        descending,
        consistent,
        ...(after === null ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      }),
    ),
  );
  const sign = descending ? -1 : 1;
  const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -sign : sign);
  const ends = pages.flatMap((page) => (page.next === null ? [] : [page.items.at(-1)?.sort ?? '']));
  const horizon = ends.sort(compare)[0];
  const unique = new Map(pages.flatMap((page) => page.items).map((entry) => [entry.sort, entry]));
  const entries = [...unique.values()]
    .filter((entry) => horizon === undefined || compare(entry.sort, horizon) <= 0)
    .sort((a, b) => compare(a.sort, b.sort));
  return { entries, complete: horizon === undefined };
}
