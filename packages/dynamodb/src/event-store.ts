import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type AggregateType,
  type ChainVerification,
  type Claim,
  type CodecRegistry,
  type Commit,
  type CommitOutcome,
  type EventStore,
  type Head,
  pooled,
  type RecordedEvent,
  refKey,
  type StreamRef,
} from '@duban/application';
import { bytesValue, type Item, textValue } from './attributes.ts';
import { batchGet } from './batch-get.ts';
import { batchWrite } from './batch-write.ts';
import { claimRow, type PlannedCommit, packTransactions, planCommit } from './commit-plan.ts';
import { commitGroup } from './group-commit.ts';
import {
  AFTER_EVENT_KEYS,
  blobKey,
  CLAIM_KEY,
  claimKey,
  commitKey,
  DEFAULT_WAKE_SHARDS,
  FIRST_EVENT_KEY,
  HEAD_KEY,
  LAST_COMMIT_KEY,
  parseStreamKey,
  streamKey,
} from './keys.ts';
import { codecOf, parseBlob, parseClaim, parseCommit, parseHead } from './rows.ts';
import { recordedEvents } from './stream-records.ts';
import { verifyStream } from './verify-stream.ts';

export interface EventStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly codecs: CodecRegistry;
  /** Must agree with the wake index; default 8. */
  readonly wakeShards?: number;
  /** Transactions of one `commit` call in flight at a time; default 3. */
  readonly transactionsAtOnce?: number;
}

/** The ledger on one DynamoDB table: see the port for what each call promises. */
export function createEventStore(options: EventStoreOptions): EventStore {
  const ledger = new Ledger(options);
  return {
    load: (ref) => ledger.load(ref),
    loadMany: (refs) => ledger.loadMany(refs),
    commit: (commits) => ledger.commit(commits),
    refusal: (commit) => ledger.refusal(commit),
    read: (ref, range) => ledger.read(ref, range ?? {}),
    readBlob: async (ref, name) => {
      const row = await ledger.row(streamKey(ref), blobKey(name));
      return row && parseBlob(options.tableName, row, name);
    },
    writeBlobs: (ref, blobs) =>
      batchWrite(
        options.client,
        options.tableName,
        blobs.map(({ name, data }) => ({
          PutRequest: { Item: { ...blobRowKey(ref, name), data: bytesValue(data) } },
        })),
      ),
    removeBlobs: (ref, names) =>
      batchWrite(
        options.client,
        options.tableName,
        names.map((name) => ({ DeleteRequest: { Key: blobRowKey(ref, name) } })),
      ),
    claim: async (jurisdiction, key) => {
      const row = await ledger.row(claimKey(jurisdiction, key), CLAIM_KEY);
      return row && parseClaim(options.tableName, row);
    },
    keep: (jurisdiction, claim) => ledger.keep(jurisdiction, claim),
    verify: (ref) => ledger.verify(ref),
    scanHeads: (jurisdiction) => ledger.scanHeads(jurisdiction),
    scanStreams: (jurisdiction) => ledger.scanStreams(jurisdiction),
  };
}

function blobRowKey(ref: StreamRef, name: string): Item {
  return { pk: textValue(streamKey(ref)), sk: textValue(blobKey(name)) };
}

class Ledger {
  readonly #options: EventStoreOptions;

  constructor(options: EventStoreOptions) {
    this.#options = options;
  }

  async row(pk: string, sk: string): Promise<Item | null> {
    const { client, tableName: TableName } = this.#options;
    const Key = { pk: textValue(pk), sk: textValue(sk) };
    return (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item ?? null;
  }

  async keep(jurisdiction: string, claim: Claim): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    const input = { TableName, Item: claimRow(jurisdiction, claim), ConditionExpression: 'attribute_not_exists(pk)' };
    try {
      await client.send(new PutItemCommand(input));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async load(ref: StreamRef): Promise<Head | null> {
    const row = await this.row(streamKey(ref), HEAD_KEY);
    return row && parseHead(this.#options.tableName, this.#options.codecs, row);
  }

  async loadMany(refs: readonly StreamRef[]): Promise<Map<string, Head>> {
    const { client, tableName, codecs } = this.#options;
    const streams = [...new Set(refs.map(streamKey))];
    const keys = streams.map((pk) => ({ pk: textValue(pk), sk: textValue(HEAD_KEY) }));
    const rows = await batchGet(client, tableName, keys, { consistent: true });
    return new Map(rows.map((row) => parseHead(tableName, codecs, row)).map((head) => [refKey(head.ref), head]));
  }

  async commit(commits: readonly Commit[]): Promise<readonly CommitOutcome[]> {
    const { client, tableName, transactionsAtOnce = 3 } = this.#options;
    if (new Set(commits.map(({ ref }) => refKey(ref))).size < commits.length) {
      throw new RangeError('Two commits for one stream in one call');
    }
    const outcomes: CommitOutcome[] = new Array(commits.length);
    const planned: PlannedCommit[] = [];
    const config = this.#planConfig();
    commits.forEach((commit, index) => {
      const plan = planCommit(commit, index, config);
      if ('rejected' in plan) outcomes[index] = { status: 'rejected', reason: plan.rejected };
      else planned.push(plan);
    });
    const settle = (commit: PlannedCommit, outcome: CommitOutcome) => {
      outcomes[commit.index] = outcome;
    };
    await pooled(packTransactions(planned), transactionsAtOnce, (group) =>
      commitGroup(group, { client, tableName, settle }),
    );
    return outcomes;
  }

  refusal(commit: Commit): string | null {
    const plan = planCommit(commit, 0, this.#planConfig());
    return 'rejected' in plan ? plan.rejected : null;
  }

  #planConfig() {
    const { tableName, codecs, wakeShards = DEFAULT_WAKE_SHARDS } = this.#options;
    return { tableName, wakeShards, schema: (type: AggregateType) => codecOf(codecs, type).schema };
  }

  async read(ref: StreamRef, range: { from?: number; to?: number; limit?: number }): Promise<RecordedEvent[]> {
    const { from = 1, to = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER } = range;
    const events: RecordedEvent[] = [];
    if (to < from || limit < 1) return events;
    const first = from > 1 ? await this.#commitHolding(ref, from) : commitKey(1);
    const last = to < Number.MAX_SAFE_INTEGER ? commitKey(to) : LAST_COMMIT_KEY;
    for await (const row of this.#commitRows(ref, first, last)) {
      const commit = parseCommit(this.#options.tableName, row);
      for (const event of recordedEvents(this.#options.codecs, this.#options.tableName, ref, commit)) {
        if (event.version >= from && event.version <= to) events.push(event);
        if (events.length >= limit) return events;
      }
    }
    return events;
  }

  verify(ref: StreamRef): Promise<ChainVerification> {
    const { tableName, codecs, wakeShards = DEFAULT_WAKE_SHARDS } = this.#options;
    const rows = {
      head: () => this.row(streamKey(ref), HEAD_KEY),
      commits: () => this.#commitRows(ref, FIRST_EVENT_KEY, AFTER_EVENT_KEYS),
    };
    return verifyStream(rows, ref, { tableName, codec: codecOf(codecs, ref.type), codecs, wakeShards });
  }

  async *scanHeads(jurisdiction: string | null): AsyncGenerator<Head> {
    const { tableName, codecs } = this.#options;
    for await (const row of this.#scan('sk = :head', jurisdiction)) yield parseHead(tableName, codecs, row);
  }

  async *scanStreams(jurisdiction: string | null): AsyncGenerator<StreamRef> {
    const keys = this.#scan('(sk = :head OR begins_with(sk, :event))', jurisdiction, 'pk');
    // A scan goes through one partition after the other.
    let last: string | undefined;
    for await (const { pk } of keys) {
      if (pk?.S === last) continue;
      last = pk?.S;
      const ref = parseStreamKey(last ?? '');
      if (ref !== null) yield ref;
    }
  }

  async *#scan(filter: string, jurisdiction: string | null, attributes?: string): AsyncGenerator<Item> {
    const values: Item = {
      ':head': textValue(HEAD_KEY),
      ...(filter.includes(':event') ? { ':event': textValue(FIRST_EVENT_KEY) } : {}),
      ...(jurisdiction === null ? {} : { ':prefix': textValue(`${jurisdiction}#`) }),
    };
    const input = {
      TableName: this.#options.tableName,
      ConsistentRead: true,
      FilterExpression: jurisdiction === null ? filter : `${filter} AND begins_with(pk, :prefix)`,
      ExpressionAttributeValues: values,
      ...(attributes === undefined ? {} : { ProjectionExpression: attributes }),
    };
    for await (const page of paginateScan({ client: this.#options.client }, input)) yield* page.Items ?? [];
  }

  /** Sort key of the commit that holds this version: a commit row is found by its first version alone. */
  async #commitHolding(ref: StreamRef, version: number): Promise<string> {
    const input = { ...this.#between(ref, commitKey(1), commitKey(version)), ScanIndexForward: false, Limit: 1 };
    const answer = await this.#options.client.send(new QueryCommand(input));
    return answer.Items?.[0]?.sk?.S ?? commitKey(version);
  }

  async *#commitRows(ref: StreamRef, first: string, last: string): AsyncGenerator<Item> {
    let start: Item | undefined;
    do {
      const input = { ...this.#between(ref, first, last), ...(start && { ExclusiveStartKey: start }) };
      const page = await this.#options.client.send(new QueryCommand(input));
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  #between(ref: StreamRef, first: string, last: string) {
    return {
      TableName: this.#options.tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': textValue(streamKey(ref)),
        ':first': textValue(first),
        ':last': textValue(last),
      },
    };
  }
}
