import { createHash, randomBytes } from 'node:crypto';
import { type Caller, type Dependencies, holderOfCalendarKey } from '@duban/application';
import { HttpProblem } from './problems.ts';

/** `<jurisdiction>.<secret>`. */
const KEY = /^([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{32})$/;

/** A new key, and what is kept of it. The key itself is shown once and stored nowhere. */
export function newKey(jurisdiction: string): { readonly key: string; readonly digest: string } {
  const key = `${jurisdiction}.${randomBytes(24).toString('base64url')}`;
  return { key, digest: digestOf(key) };
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * Who the key in an address stands for: what that person may see now is the structure's to say.
 * @throws HttpProblem 404 for a key that is none: an address without a right one is no address
 */
export async function callerOfKey(deps: Dependencies, request: Request, correlationId: string): Promise<Caller> {
  const url = new URL(request.url);
  const given = url.searchParams.get('key') ?? '';
  const jurisdiction = KEY.exec(given)?.[1];
  const unit = /\/v1\/calendars\/([^/%]+)\.ics$/.exec(url.pathname)?.[1];
  const held = jurisdiction === undefined ? null : await holderOfCalendarKey(deps, jurisdiction, digestOf(given));
  if (jurisdiction === undefined || held === null || held.unit !== unit) throw new HttpProblem('not_found');
  return { jurisdiction, actor: { person: held.person, bootstrapAdmin: false }, correlationId };
}
