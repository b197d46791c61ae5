import { type DynamoDBClient, GetItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { IndexEntry, Page, ReadOptions, ViewStore } from '@duban/application';
import { type Item, textValue } from './attributes.ts';
import { batchGet } from './batch-get.ts';
import { readGenerations } from './view-generations.ts';
import { rebuildViews } from './view-rebuild.ts';
import { counterPartition, documentKey, listPartition, parseCounters, parseDocument, parseEntry } from './view-rows.ts';
import { ViewWriter } from './view-writer.ts';

export interface ViewStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** How long a reader trusts the generation it has seen; milliseconds, default 1000. 0 asks each time. */
  readonly generationCacheMs?: number;
}

type Counters = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Documents, lists and counters on one DynamoDB table. Reads are eventually consistent: views follow the ledger anyway. */
export function createViewStore(options: ViewStoreOptions): ViewStore {
  const { client, tableName } = options;
  const cacheMs = options.generationCacheMs ?? 1000;
  const views = new ViewReader(client, tableName, cacheMs);
  return {
    async apply(projections) {
      if (projections.length === 0) return;
      const { active, building } = await readGenerations(client, tableName);
      await new ViewWriter(client, tableName, active).apply(projections);
      if (building !== null) await new ViewWriter(client, tableName, building).apply(projections);
    },
    get: (jurisdiction, ids, reading) => views.get(jurisdiction, ids, reading),
    list: (jurisdiction, partition, range) => views.list(jurisdiction, partition, range),
    counters: (jurisdiction, scope, reading) => views.counters(jurisdiction, scope, reading),
    countersBelow: (jurisdiction, prefix, reading) => views.countersBelow(jurisdiction, prefix, reading),
    rebuild: (heads) => rebuildViews({ client, tableName, readersLagMs: 2 * cacheMs }, heads),
  };
}

class ViewReader {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #cacheMs: number;
  #generation: { readonly active: number; readonly until: number } | null = null;

  constructor(client: DynamoDBClient, tableName: string, cacheMs: number) {
    this.#client = client;
    this.#tableName = tableName;
    this.#cacheMs = cacheMs;
  }

  async get(jurisdiction: string, ids: readonly string[], { consistent = false }: ReadOptions = {}) {
    const generation = await this.#active();
    const keys = new Map(ids.map((id) => [id, documentKey(generation, jurisdiction, id)]));
    const rows = await batchGet(this.#client, this.#tableName, [...keys.values()], { consistent });
    const byKey = new Map(
      rows.map((row) => parseDocument(this.#tableName, row)).map(({ key, document }) => [key, document]),
    );
    const found = new Map<string, { version: number; body: unknown }>();
    for (const [id, key] of keys) {
      const document = byKey.get(key.pk?.S ?? '');
      if (document && document.version > 0) found.set(id, { version: document.version, body: document.body });
    }
    return found;
  }

  async list(
    jurisdiction: string,
    partition: string,
    range: ReadOptions & { after?: string; before?: string; limit: number; descending?: boolean },
  ): Promise<Page<IndexEntry>> {
    const { after, before, limit, descending = false, consistent = false } = range;
    if (after !== undefined && before !== undefined && !precedes(after, before, descending))
      return { items: [], next: null };
    const pk = textValue(listPartition(await this.#active(), jurisdiction, partition));
    const bound = descending ? 'sk > :before' : 'sk < :before';
    const items: IndexEntry[] = [];
    const rows = this.#query({
      KeyConditionExpression: before === undefined ? 'pk = :pk' : `pk = :pk AND ${bound}`,
      ExpressionAttributeValues: { ':pk': pk, ...(before === undefined ? {} : { ':before': textValue(before) }) },
      ScanIndexForward: !descending,
      ConsistentRead: consistent,
      // One more than asked for tells whether there is a next page.
      Limit: limit + 1,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: textValue(after) } }),
    });
    for await (const row of rows) {
      if (items.length === limit) return { items, next: items.at(-1)?.sort ?? null };
      items.push({ partition, ...parseEntry(this.#tableName, row) });
    }
    return { items, next: null };
  }

  async counters(
    jurisdiction: string,
    scope: string,
    { consistent = false }: ReadOptions = {},
  ): Promise<Readonly<Record<string, number>>> {
    const pk = textValue(counterPartition(await this.#active(), jurisdiction));
    const Key = { pk, sk: textValue(scope) };
    const input = { TableName: this.#tableName, Key, ConsistentRead: consistent };
    const { Item } = await this.#client.send(new GetItemCommand(input));
    return Item ? parseCounters(this.#tableName, Item).buckets : {};
  }

  async countersBelow(
    jurisdiction: string,
    prefix: string,
    { consistent = false }: ReadOptions = {},
  ): Promise<Counters> {
    const pk = textValue(counterPartition(await this.#active(), jurisdiction));
    const rows = this.#query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': textValue(prefix) },
      ConsistentRead: consistent,
    });
    const found: Record<string, Readonly<Record<string, number>>> = {};
    for await (const row of rows) {
      const { scope, buckets } = parseCounters(this.#tableName, row);
      if (Object.keys(buckets).length > 0) found[scope] = buckets;
    }
    return found;
  }

  async *#query(input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Item> {
    let start = input.ExclusiveStartKey;
    do {
      const query = { ...input, TableName: this.#tableName, ...(start && { ExclusiveStartKey: start }) };
      const page = await this.#client.send(new QueryCommand(query));
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  async #active(): Promise<number> {
    const now = performance.now();
    if (this.#generation === null || now >= this.#generation.until) {
      const { active } = await readGenerations(this.#client, this.#tableName);
      this.#generation = { active, until: now + this.#cacheMs };
    }
    return this.#generation.active;
  }
}

/** In the order of the service: by UTF-8 bytes. */
function precedes(left: string, right: string, descending: boolean): boolean {
  const order = Buffer.compare(Buffer.from(left), Buffer.from(right));
  return descending ? order > 0 : order < 0;
}
