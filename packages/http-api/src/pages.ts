import { createHash } from 'node:crypto';
import type { PageRequest, PageResult } from '@duban/application';
import type { Exchange } from './endpoint.ts';
import { invalid } from './problems.ts';

const DEFAULT_LIMIT = 50;

interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The page a list was asked for. A cursor is good for the list, filters and person it was made for. */
export function pageOf(exchange: Exchange, query: PageQuery): PageRequest {
  const { cursor } = query;
  const after = cursor === undefined ? null : positionOf(cursor, filterHash(exchange));
  return { limit: query.limit ?? DEFAULT_LIMIT, after };
}

/** A list as it is answered, with a relative link to its next page. */
export function listed<T, R>(exchange: Exchange, { items, next }: PageResult<T>, present: (item: T) => R) {
  return { items: items.map(present), next: next === null ? null : nextLink(exchange, next) };
}

/** A page of what lies in memory; positions are offsets. */
export function slice<T>(items: readonly T[], { limit, after }: PageRequest): PageResult<T> {
  const start = after === null ? 0 : Number(after);
  if (!Number.isSafeInteger(start) || start < 0) throw badCursor();
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
}

function nextLink(exchange: Exchange, after: string): string {
  const query = new URLSearchParams(exchange.url.searchParams);
  query.set('cursor', encode({ f: filterHash(exchange), a: after }));
  return `${exchange.url.pathname}?${query}`;
}

function encode(cursor: { readonly f: string; readonly a: string }): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function positionOf(cursor: string, hash: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const { f, a } = parsed as { readonly f: unknown; readonly a: unknown };
    if (f === hash && typeof a === 'string' && a.length <= 500 && encode({ f: hash, a }) === cursor) return a;
  } catch {
    throw badCursor();
  }
  throw badCursor();
}

function filterHash({ url, caller }: Exchange): string {
  const filters = [...url.searchParams].filter(([name]) => name !== 'cursor' && name !== 'limit').sort();
  const about = JSON.stringify([url.pathname, caller.jurisdiction, caller.actor.person, filters]);
  return createHash('sha256').update(about).digest('base64url').slice(0, 16);
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
