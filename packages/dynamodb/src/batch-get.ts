import { BatchGetItemCommand, type DynamoDBClient, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { chunksOf, pooled } from '@duban/application';
import type { Item } from './attributes.ts';
import { backOff } from './concurrency.ts';

const KEYS_PER_CALL = 100;
const CALLS_AT_ONCE = 4;
const ATTEMPTS = 8;

export interface BatchGetOptions {
  readonly consistent: boolean;
  /** Attributes wanted; all when absent. */
  readonly attributes?: readonly string[];
}

/** Reads rows by key, 100 a call; keys must be distinct. Absent rows are missing from the answer; order is not kept. */
export async function batchGet(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly Item[],
  options: BatchGetOptions,
): Promise<Item[]> {
  const rows: Item[] = [];
  await pooled(chunksOf(keys, KEYS_PER_CALL), CALLS_AT_ONCE, async (chunk) => {
    let wanted: KeysAndAttributes = { Keys: chunk, ConsistentRead: options.consistent, ...projection(options) };
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: wanted } }));
      rows.push(...(answer.Responses?.[tableName] ?? []));
      const left = answer.UnprocessedKeys?.[tableName];
      if (!left?.Keys?.length) return;
      wanted = left;
      await backOff(attempt);
    }
    throw new Error(`${tableName}: keys of a batch read stayed unprocessed`);
  });
  return rows;
}

function projection(options: BatchGetOptions): Partial<KeysAndAttributes> {
  if (!options.attributes) return {};
  return {
    ProjectionExpression: options.attributes.map((_, index) => `#a${index}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(options.attributes.map((name, index) => [`#a${index}`, name])),
  };
}
