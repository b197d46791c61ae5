import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Instant } from '@duban/calendar';
import { DEFAULT_WAKE_SHARDS, WAKE_INDEX } from '@duban/dynamodb';
import { wakeShard } from '@duban/dynamodb/keys';

/** How often the wake index is asked (ms): the end is known this exactly, and a look costs one small query. */
const LOOK_EVERY_MS = 100;

/**
 * Waits until the wake index holds nothing that is due at or before an instant. One shard after the other, because
 * eight queries a look would be a good part of the load that is measured.
 * @param patienceMs real time after which it is given up: what is missing then is counted as lost
 */
export async function untilNothingDue(
  client: DynamoDBClient,
  tableName: string,
  at: Instant,
  patienceMs: number,
): Promise<void> {
  const start = performance.now();
  for (let shard = 0; shard < DEFAULT_WAKE_SHARDS && performance.now() - start < patienceMs; ) {
    const answer = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: WAKE_INDEX,
        KeyConditionExpression: 'wakeShard = :shard AND nextWakeAt <= :at',
        ExpressionAttributeValues: { ':shard': { S: wakeShard(shard) }, ':at': { N: String(at) } },
        Limit: 1,
      }),
    );
    if (answer.Items?.length) await pause(LOOK_EVERY_MS);
    else shard += 1;
  }
}
