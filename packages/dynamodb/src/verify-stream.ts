import {
  type AggregateCodec,
  type ChainVerification,
  type CodecRegistry,
  type Head,
  StoredRowError,
  type StreamRef,
} from '@duban/application';
import type { Item } from './attributes.ts';
import { type ChainPosition, faultOfCommit, verifyHead } from './hash-chain.ts';
import { isWakeShard, parseCommitKey } from './keys.ts';
import { parseCommit, parseHead } from './rows.ts';
import { recordedEvents } from './stream-records.ts';

/** A stream's rows as they are now; strongly consistent, each call anew. */
interface StreamRows {
  head(): Promise<Item | null>;
  /** In the order of their keys, also those whose key is no commit's. */
  commits(): AsyncIterable<Item>;
}

interface VerifyConfig {
  readonly tableName: string;
  readonly codec: AggregateCodec;
  readonly codecs: CodecRegistry;
  /** Shards that the wake index reads. */
  readonly wakeShards: number;
}

/** Walks a stream from its first row to its last, and compares its head with what they come to. */
export async function verifyStream(rows: StreamRows, ref: StreamRef, config: VerifyConfig): Promise<ChainVerification> {
  const { tableName, codec, codecs } = config;
  // Read before the events: a commit in between lengthens the chain past this head, and then the walk begins anew.
  const headRow = await rows.head();
  let head: Head | null;
  try {
    head = headRow && parseHead(tableName, codecs, headRow);
  } catch (error) {
    if (!(error instanceof StoredRowError)) throw error;
    return { ok: false, version: Number(headRow?.version?.N ?? 0), fault: error.message };
  }
  let position: ChainPosition = { version: 0, hash: null };
  let fold = codec.initial;
  for await (const row of rows.commits()) {
    try {
      const commit = parseCommit(tableName, row);
      const fault = faultOfCommit(ref, position, commit);
      if (fault) return { ok: false, ...fault };
      for (const { event } of recordedEvents(codecs, tableName, ref, commit)) fold = codec.evolve(fold, event);
      position = { version: position.version + commit.events.length, hash: commit.hash };
    } catch (error) {
      if (!(error instanceof StoredRowError)) throw error;
      return { ok: false, version: versionOf(row) ?? position.version + 1, fault: error.message };
    }
  }
  if (head && position.version > head.version && (await rows.head())?.hash?.S !== head.hash) {
    return verifyStream(rows, ref, config);
  }
  const verdict = verifyHead(head, position, fold, codec);
  if (!verdict.ok || headRow === null || isFindable(headRow, config.wakeShards)) return verdict;
  return { ok: false, version: verdict.versions, fault: 'head is where the wake index does not look' };
}

/** The version that a row's key claims; null when it claims none. */
function versionOf(row: Item): number | null {
  const claimed = parseCommitKey(row.sk?.S ?? '');
  return claimed !== null && Number.isSafeInteger(claimed) && claimed > 0 ? claimed : null;
}

/** Whoever waits for an instant stands in a shard, and nobody else does. */
function isFindable({ nextWakeAt, wakeShard }: Item, wakeShards: number): boolean {
  if (nextWakeAt === undefined) return wakeShard === undefined;
  return wakeShard?.S !== undefined && isWakeShard(wakeShard.S, wakeShards);
}
