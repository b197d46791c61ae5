import { createHash } from 'node:crypto';
import type { Idempotency } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import type { Exchange } from './endpoint.ts';
import { invalid } from './problems.ts';

/** The version of If-Match; null when any will do. */
export function ifMatchOf({ headers }: Pick<Exchange, 'headers'>): number | null {
  const given = headers.get('if-match');
  if (given === null || given.trim() === '*') return null;
  const version = /^"(0|[1-9]\d{0,8})"$/.exec(given.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw invalid([
    headerFault('if-match', '请写单个版本，形如 "3"（含引号）。', 'Write one version with its quotes, such as "3".'),
  ]);
}

export function etag(version: number): string {
  return `"${version}"`;
}

/** The client's promise about repeats, bound to method, path and body. */
export function idempotencyOf({ headers, method, url, sent }: Exchange): Idempotency | null {
  const key = headers.get('idempotency-key');
  if (key === null) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw invalid([
      headerFault('idempotency-key', '须为 1 至 200 个可见 ASCII 字符。', '1 to 200 visible ASCII characters.'),
    ]);
  }
  const request = [method, url.pathname, url.search, canonical(sent)].join('\n');
  return { key, fingerprint: createHash('sha256').update(request).digest('hex') };
}

function headerFault(name: string, zh: string, en: string): BilingualFault {
  return { pointer: `/header/${name}`, code: 'wrong_format', message: { zh, en } };
}

/** JSON with sorted keys: the order of fields does not make another request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
