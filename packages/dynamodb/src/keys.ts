import type { AggregateType, StreamRef } from '@duban/application';
import { fnv1a } from '@duban/domain';

// A record and not a list, so that the compiler names this file when a type is added.
const AGGREGATE_TYPES: Readonly<Record<AggregateType, true>> = {
  task: true,
  incident: true,
  duty: true,
  problem: true,
  report: true,
  digest: true,
  subscription: true,
  delivery: true,
  structure: true,
};

const COMMIT_PREFIX = 'e#';
const VERSION_DIGITS = 12;

export const HEAD_KEY = 'head';
export const CLAIM_KEY = 'claim';
/** Sorts after every commit row of a stream. */
export const LAST_COMMIT_KEY = `${COMMIT_PREFIX}:`;
/** Around every key that could be taken for an event's, also one that this product would never write. */
export const FIRST_EVENT_KEY = COMMIT_PREFIX;
export const AFTER_EVENT_KEYS = 'e$';

export function isAggregateType(value: string): value is AggregateType {
  return Object.hasOwn(AGGREGATE_TYPES, value);
}

/** @throws RangeError when a part would make the key ambiguous. */
export function streamKey(ref: StreamRef): string {
  if (ref.jurisdiction.includes('#') || !isAggregateType(ref.type) || ref.id.length === 0) {
    throw new RangeError('A stream needs a jurisdiction without #, a known type and an id');
  }
  return `${ref.jurisdiction}#${ref.type}#${ref.id}`;
}

/** Null when the key is not a stream's (a claim, the list of jurisdictions). */
export function parseStreamKey(key: string): StreamRef | null {
  const first = key.indexOf('#');
  const second = key.indexOf('#', first + 1);
  if (first < 1 || second < 0) return null;
  const type = key.slice(first + 1, second);
  if (!isAggregateType(type)) return null;
  return { jurisdiction: key.slice(0, first), type, id: key.slice(second + 1) };
}

/** Sort key of the commit whose first event has this version. */
export function commitKey(firstVersion: number): string {
  return COMMIT_PREFIX + String(firstVersion).padStart(VERSION_DIGITS, '0');
}

/** Null when the sort key is not a commit's. */
export function parseCommitKey(sortKey: string): number | null {
  return sortKey.startsWith(COMMIT_PREFIX) ? Number(sortKey.slice(COMMIT_PREFIX.length)) : null;
}

export function claimKey(jurisdiction: string, key: string): string {
  return `${jurisdiction}#claim#${key}`;
}

export function blobKey(name: string): string {
  return `blob#${name}`;
}

/** Shards of the wake index. Lowering it strands the wakes of the shards above until their streams change again. */
export const DEFAULT_WAKE_SHARDS = 8;

export function wakeShard(number: number): string {
  return `w#${String(number).padStart(2, '0')}`;
}

/** Whether the wake index reads it. */
export function isWakeShard(shard: string, shards: number): boolean {
  return Array.from({ length: shards }, (_, number) => wakeShard(number)).includes(shard);
}

/** By a hash of the id that never changes. */
export function wakeShardOf(id: string, shards: number): string {
  return wakeShard(fnv1a(id) % shards);
}
