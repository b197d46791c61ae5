import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import type { DueWake, WakeIndex } from '@duban/application';
import { type Item, numberValue, textValue } from './attributes.ts';
import { DEFAULT_WAKE_SHARDS, wakeShard } from './keys.ts';
import { parseWakeKey } from './rows.ts';
import { WAKE_INDEX } from './tables.ts';

export interface WakeIndexOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Must agree with the event store; default 8. */
  readonly wakeShards?: number;
  /** Wakes a page; default 1000. */
  readonly pageSize?: number;
}

interface Arrived {
  readonly shard: number;
  readonly page: QueryCommandOutput;
}

/**
 * Reads the sparse index on heads. An index of DynamoDB is never strongly consistent: a head written milliseconds ago
 * may be missing or stand with its former instant. Nothing is lost by it, for the next look finds it, and nothing runs
 * twice, for a wake that comes too early or too late decides on the head itself.
 */
export function createWakeIndex({
  client,
  tableName,
  wakeShards = DEFAULT_WAKE_SHARDS,
  pageSize = 1000,
}: WakeIndexOptions): WakeIndex {
  const shards = Array.from({ length: wakeShards }, (_, shard) => shard);

  const query = (shard: number, limit: number, until?: number, start?: Item): Promise<QueryCommandOutput> =>
    client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: WAKE_INDEX,
        KeyConditionExpression:
          until === undefined ? 'wakeShard = :shard' : 'wakeShard = :shard AND nextWakeAt <= :until',
        ExpressionAttributeValues: {
          ':shard': textValue(wakeShard(shard)),
          ...(until === undefined ? {} : { ':until': numberValue(until) }),
        },
        Limit: limit,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
  const wakesOf = (page: QueryCommandOutput): DueWake[] =>
    (page.Items ?? []).map((row) => parseWakeKey(tableName, row));

  return {
    async *due(until) {
      const fetch = async (shard: number, start?: Item): Promise<Arrived> => ({
        shard,
        page: await query(shard, pageSize, until, start),
      });
      const pending = new Map(shards.map((shard) => [shard, fetch(shard)]));
      // A consumer that stops early, or a shard that fails, leaves the others' answers unread.
      for (const answer of pending.values()) answer.catch(() => undefined);
      while (pending.size > 0) {
        const { shard, page } = await Promise.race(pending.values());
        pending.delete(shard);
        if (page.LastEvaluatedKey) {
          const next = fetch(shard, page.LastEvaluatedKey);
          next.catch(() => undefined);
          pending.set(shard, next);
        }
        const wakes = wakesOf(page);
        if (wakes.length > 0) yield wakes;
      }
    },

    async earliest() {
      const first = await Promise.all(shards.map(async (shard) => wakesOf(await query(shard, 1))[0]?.at ?? null));
      return first.reduce((least, at) => (at !== null && (least === null || at < least) ? at : least), null);
    },
  };
}
