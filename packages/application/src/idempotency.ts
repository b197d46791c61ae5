import type { Instant } from '@duban/calendar';
import type { Actor } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError } from './errors.ts';
import type { Claim, Commit } from './ports.ts';

/** A client's promise that repeats of a request mean the same request. */
export interface Idempotency {
  readonly key: string;
  /** Digest of method, path and body. */
  readonly fingerprint: string;
}

/** What a claimed key remembers: the answer is folded again from the events up to that version. */
export interface Remembered {
  readonly fingerprint: string;
  readonly id: string;
  readonly version: number;
}

const KEPT_MS = 7 * 86_400_000;

interface Asking {
  readonly jurisdiction: string;
  readonly actor: Actor;
}

function claimKey({ actor }: Asking, key: string): string {
  return `idempotency/${actor.person}/${key}`;
}

/** What an earlier request with this key did; null when there was none. The same key for something else is refused. */
export async function recall(
  deps: Pick<Dependencies, 'store'>,
  asking: Asking,
  idempotency: Idempotency | null,
): Promise<Remembered | null> {
  if (idempotency === null) return null;
  const stored = await deps.store.claim(asking.jurisdiction, claimKey(asking, idempotency.key));
  if (stored === null) return null;
  const remembered = parseRemembered(stored);
  if (remembered.fingerprint === idempotency.fingerprint) return remembered;
  throw new ApplicationError(
    'idempotency_mismatch',
    'This Idempotency-Key was used for another request; take a new key for a new request.',
    '该 Idempotency-Key 已用于另一请求，新请求请使用新的键。',
  );
}

/** Written in the same transaction as the commit: of a thousand concurrent repeats one commits, the others recall it. */
export function idempotencyClaim(
  asking: Asking,
  idempotency: Idempotency | null,
  id: string,
  commit: Commit,
  now: Instant,
): readonly Claim[] {
  if (idempotency === null) return [];
  const version = commit.expectedVersion + commit.events.length;
  const value: Remembered = { fingerprint: idempotency.fingerprint, id, version };
  return [{ key: claimKey(asking, idempotency.key), value, expiresAt: now + KEPT_MS }];
}

interface Twin {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
}

const underWay = new WeakMap<Dependencies['store'], Map<string, Twin>>();

/**
 * Repeats that reach this process while the first is being carried out get its answer; a thousand at once cost one
 * transaction. One that names another request, or whose twin failed, goes its own way. Between processes the claim decides.
 */
export async function asOne<T>(
  deps: Pick<Dependencies, 'store'>,
  asking: Asking,
  idempotency: Idempotency | null,
  work: () => Promise<T>,
): Promise<T> {
  if (idempotency === null) return work();
  const running = underWay.get(deps.store) ?? new Map<string, Twin>();
  underWay.set(deps.store, running);
  const key = `${asking.jurisdiction}/${claimKey(asking, idempotency.key)}`;
  const twin = running.get(key);
  if (twin?.fingerprint === idempotency.fingerprint) return (twin.answer as Promise<T>).catch(work);
  if (twin !== undefined) await twin.answer.catch(() => undefined);
  const answer = work();
  const mine: Twin = { fingerprint: idempotency.fingerprint, answer };
  running.set(key, mine);
  try {
    return await answer;
  } finally {
    if (running.get(key) === mine) running.delete(key);
  }
}

function parseRemembered(stored: unknown): Remembered {
  const { fingerprint, id, version } = stored as Partial<Remembered>;
  if (typeof fingerprint === 'string' && typeof id === 'string' && typeof version === 'number') {
    return { fingerprint, id, version };
  }
  throw new Error('A stored idempotency claim is not of its shape.');
}
