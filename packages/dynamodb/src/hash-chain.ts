import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { AggregateCodec, ChainVerification, CommitMeta, Head, StreamRef } from '@duban/application';
import type { StoredCommit } from './rows.ts';

export interface HashedCommit {
  readonly ref: StreamRef;
  readonly firstVersion: number;
  readonly schema: number;
  readonly meta: CommitMeta;
  readonly eventsText: string;
  readonly previousHash: string | null;
}

/**
 * SHA-256 (base64url) over one line that says where the commit stands and who made it, and the events as stored. JSON
 * text has no line breaks of its own, so no two commits share an input; covering the stored text itself leaves nothing
 * to canonicalise.
 */
export function commitHash({ ref, firstVersion, schema, meta, eventsText, previousHash }: HashedCommit): string {
  const place = [ref.jurisdiction, ref.type, ref.id, firstVersion, schema];
  const header = JSON.stringify([...place, meta.at, meta.actor, meta.correlationId, previousHash]);
  return hash('sha256', `${header}\n${eventsText}`, 'base64url');
}

/** Where a walk along the chain stands. */
export interface ChainPosition {
  readonly version: number;
  readonly hash: string | null;
}

/** Checks that the commit follows the position; null when it does, else the fault and the version it concerns. */
export function faultOfCommit(
  ref: StreamRef,
  position: ChainPosition,
  commit: StoredCommit,
): { readonly version: number; readonly fault: string } | null {
  const expected = position.version + 1;
  const { firstVersion } = commit;
  if (firstVersion > expected) return { version: expected, fault: 'missing' };
  if (firstVersion < expected) return { version: firstVersion, fault: 'more than one commit holds this version' };
  if (commit.hash !== commitHash({ ref, ...commit, meta: commit })) {
    return { version: expected, fault: 'content does not match its hash' };
  }
  if (commit.previousHash !== position.hash) return { version: expected, fault: 'does not follow its predecessor' };
  return null;
}

/** Compares a head with where the chain of its events ended and with their fold. */
export function verifyHead(
  head: Head | null,
  end: ChainPosition,
  fold: unknown,
  codec: AggregateCodec,
): ChainVerification {
  if (head === null) {
    return end.version === 0
      ? { ok: true, versions: 0 }
      : { ok: false, version: end.version, fault: 'head is missing' };
  }
  if (head.version > end.version) return { ok: false, version: end.version + 1, fault: 'missing' };
  if (head.version < end.version) return { ok: false, version: head.version + 1, fault: 'not covered by the head' };
  if (head.hash !== end.hash) return { ok: false, version: head.version, fault: 'head names another hash' };
  // Through JSON, because a fold may hold `undefined` where the stored state has no key.
  const folded = codec.parseState(JSON.parse(JSON.stringify(fold)));
  if (!isDeepStrictEqual(folded, head.state)) {
    return { ok: false, version: head.version, fault: 'head differs from the fold of its events' };
  }
  return { ok: true, versions: head.version };
}
