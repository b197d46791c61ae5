import { createHash } from 'node:crypto';
import type { PageRequest, PageResult } from '@duban/application';
import type { Exchange } from './endpoint.ts';
import { invalid } from './problems.ts';

const DEFAULT_LIMIT = 50;

interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/**
 * The page a list was asked for. A cursor is good for the list, filters and person it was made for.
 * @throws HttpProblem 422 for any other
 */
export async function pageOf(exchange: Exchange, query: PageQuery): Promise<PageRequest> {
  const { cursor } = query;
  const after = cursor === undefined ? null : await exchange.deps.sealer.open(cursor, purposeOf(exchange));
  if (cursor !== undefined && after === null) throw badCursor();
  return { limit: query.limit ?? DEFAULT_LIMIT, after };
}

/** A list as it is answered, with a relative link to its next page. */
export async function listed<T, R>(exchange: Exchange, { items, next }: PageResult<T>, present: (item: T) => R) {
  return { items: items.map(present), next: next === null ? null : await nextLink(exchange, next) };
}

/** A page of what lies in memory; positions are offsets. */
export function slice<T>(items: readonly T[], { limit, after }: PageRequest): PageResult<T> {
  const start = after === null ? 0 : Number(after);
  if (!Number.isSafeInteger(start) || start < 0) throw badCursor();
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
}

/** Sealed: a page may end at an item that was passed over because it is not the caller's, and its key says which. */
async function nextLink(exchange: Exchange, after: string): Promise<string> {
  const query = new URLSearchParams(exchange.url.searchParams);
  query.set('cursor', await exchange.deps.sealer.seal(after, purposeOf(exchange)));
  return `${exchange.url.pathname}?${query}`;
}

function purposeOf({ url, caller }: Exchange): string {
  const filters = [...url.searchParams].filter(([name]) => name !== 'cursor' && name !== 'limit').sort();
  const about = JSON.stringify([url.pathname, caller.jurisdiction, caller.actor.person, filters]);
  return `cursor ${createHash('sha256').update(about).digest('base64url')}`;
}

function badCursor() {
  return invalid([
    {
      pointer: '/query/cursor',
      code: 'foreign_cursor',
      message: {
        zh: '游标不属于此列表，请从第一页重新开始。',
        en: 'This cursor is not of this list; begin again at the first page.',
      },
    },
  ]);
}
