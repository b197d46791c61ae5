import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { Checkpoint, StreamPosition } from './checkpoint.ts';
import type { StreamRecord } from './stream-records.ts';

/** Shards appear when others end; a look now and then finds those of which we saw no parent. */
const LOOK_FOR_SHARDS_MS = 60_000;
const PAUSE_AFTER_ERROR_MS = 250;

export interface PollStreamOptions {
  readonly client: DynamoDBStreamsClient;
  readonly tableName: string;
  readonly checkpoint: Checkpoint;
  /** Called for one batch at a time, in the order of its shard; a batch whose call fails comes again. */
  readonly onBatch: (records: readonly StreamRecord[]) => Promise<unknown>;
  /** Ends the polling after the batch in hand. */
  readonly signal: AbortSignal;
  /** Pause when nothing came; default 50. */
  readonly intervalMs?: number;
  /** Records a batch at the most, 1-1000; default 500. */
  readonly batchSize?: number;
  /** Told of every failure; polling goes on. */
  readonly onError?: (error: unknown) => void;
}

export interface StreamPoller {
  /** Resolves when the signal has ended the polling. */
  readonly finished: Promise<void>;
  /** Resolves when everything that was in the stream at this call has been handed over. */
  drained(): Promise<void>;
}

/** Follows a table's stream as an event source mapping would: parents before children, at least once, from the checkpoint on. */
export function pollStream(options: PollStreamOptions): StreamPoller {
  const follower = new StreamFollower(options);
  return { finished: follower.run(), drained: () => follower.drained() };
}

class StreamFollower {
  readonly #options: PollStreamOptions;
  #position: StreamPosition | null = null;
  #open: readonly Shard[] = [];
  #lookAgainAt = 0;
  readonly #iterators = new Map<string, string>();
  #waiting: { emptyPasses: number; readonly resolve: () => void }[] = [];
  #wakeUp: (() => void) | null = null;

  constructor(options: PollStreamOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { signal, intervalMs = 50 } = this.#options;
    while (!signal.aborted) {
      try {
        const entered = [...this.#waiting];
        const count = await this.#pass();
        this.#notePass(entered, count);
        if (count === 0 && this.#waiting.length === 0) await this.#pause(intervalMs);
      } catch (error) {
        this.#options.onError?.(error);
        this.#forgetIterators();
        await this.#pause(PAUSE_AFTER_ERROR_MS);
      }
    }
    for (const { resolve } of this.#waiting) resolve();
  }

  drained(): Promise<void> {
    if (this.#options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ emptyPasses: 0, resolve });
      this.#wakeUp?.();
    });
  }

  /** An emulator may show a write a moment late: two passes in a row that begin after the call and find nothing. */
  #notePass(entered: readonly { emptyPasses: number }[], count: number): void {
    for (const waiter of entered) waiter.emptyPasses = count === 0 ? waiter.emptyPasses + 1 : 0;
    for (const { resolve } of this.#waiting.filter(({ emptyPasses }) => emptyPasses >= 2)) resolve();
    this.#waiting = this.#waiting.filter(({ emptyPasses }) => emptyPasses < 2);
  }

  /** One read of every shard that may be read now; answers how many records came. */
  async #pass(): Promise<number> {
    if (performance.now() >= this.#lookAgainAt) await this.#lookForShards();
    let count = 0;
    for (const shard of this.#open) {
      if (this.#options.signal.aborted) return count;
      count += await this.#readShard(shard);
    }
    return count;
  }

  async #readShard(shard: Shard): Promise<number> {
    const shardId = shard.ShardId as string;
    const iterator = this.#iterators.get(shardId) ?? (await this.#iteratorOf(shardId));
    this.#iterators.delete(shardId);
    let answer: GetRecordsCommandOutput;
    try {
      answer = await this.#records(iterator);
    } catch (error) {
      // Expired: the next pass asks for a new one after the same record.
      if (error instanceof ExpiredIteratorException) return 0;
      throw error;
    }
    const { Records: records = [], NextShardIterator: next } = answer;
    if (records.length > 0) {
      await this.#options.onBatch(records as readonly StreamRecord[]);
      await this.#reach(shardId, records.at(-1)?.dynamodb?.SequenceNumber ?? null);
    }
    if (next) {
      this.#iterators.set(shardId, next);
    } else {
      await this.#reach(shardId, null);
      this.#lookAgainAt = 0;
    }
    // The end of a shard counts as news: its children have not been read in this pass.
    return next ? records.length : records.length + 1;
  }

  #records(ShardIterator: string) {
    return this.#options.client.send(new GetRecordsCommand({ ShardIterator, Limit: this.#options.batchSize ?? 500 }));
  }

  async #iteratorOf(ShardId: string): Promise<string> {
    const StreamArn = this.#position?.streamArn;
    const reached = this.#position?.shards[ShardId];
    if (reached) {
      try {
        const input = { StreamArn, ShardId, SequenceNumber: reached };
        const after = new GetShardIteratorCommand({ ...input, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' });
        return (await this.#options.client.send(after)).ShardIterator as string;
      } catch (error) {
        if (!(error instanceof TrimmedDataAccessException)) throw error;
      }
    }
    const oldest = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    return (await this.#options.client.send(oldest)).ShardIterator as string;
  }

  async #reach(shardId: string, sequenceNumber: string | null): Promise<void> {
    const position = this.#position as StreamPosition;
    this.#position = { ...position, shards: { ...position.shards, [shardId]: sequenceNumber } };
    await this.#options.checkpoint.save(this.#position);
  }

  async #lookForShards(): Promise<void> {
    const { streamArn, shards } = await this.#describe();
    const stored = this.#position ?? (await this.#options.checkpoint.load());
    const known = stored?.streamArn === streamArn ? stored.shards : {};
    const present = new Set(shards.map(({ ShardId }) => ShardId));
    // Shards older than the stream's memory of a day are gone from it, and from the checkpoint with them.
    const kept = Object.entries(known).filter(([shardId]) => present.has(shardId));
    this.#position = { streamArn, shards: Object.fromEntries(kept) };
    const position = this.#position.shards;
    this.#open = shards.filter(({ ShardId = '', ParentShardId: parent }) => {
      const parentDone = parent === undefined || !present.has(parent) || position[parent] === null;
      return position[ShardId] !== null && parentDone;
    });
    this.#lookAgainAt = performance.now() + LOOK_FOR_SHARDS_MS;
  }

  async #describe(): Promise<{ streamArn: string; shards: Shard[] }> {
    const { client, tableName: TableName } = this.#options;
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName }));
    // A table whose stream was switched off and on again lists the former one too: labels are timestamps.
    const newest = Streams.toSorted((a, b) => ((a.StreamLabel ?? '') < (b.StreamLabel ?? '') ? 1 : -1))[0];
    if (!newest?.StreamArn) throw new Error(`The table ${TableName} has no stream`);
    const shards: Shard[] = [];
    let start: string | undefined;
    do {
      const input = { StreamArn: newest.StreamArn, ...(start && { ExclusiveStartShardId: start }) };
      const { StreamDescription } = await client.send(new DescribeStreamCommand(input));
      shards.push(...(StreamDescription?.Shards ?? []));
      start = StreamDescription?.LastEvaluatedShardId;
    } while (start);
    return { streamArn: newest.StreamArn, shards };
  }

  #forgetIterators(): void {
    this.#iterators.clear();
    this.#lookAgainAt = 0;
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wakeUp = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      this.#wakeUp = done;
    });
  }
}
