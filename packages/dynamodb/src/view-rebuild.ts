import { BatchWriteItemCommand, type DynamoDBClient, paginateScan, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Projection } from '@duban/application';
import type { Item } from './attributes.ts';
import { backOff, chunksOf, pooled } from './concurrency.ts';
import { moveGenerations, readGenerations } from './view-generations.ts';
import { parseGeneration } from './view-rows.ts';
import { ViewWriter } from './view-writer.ts';

const PROJECTIONS_AT_ONCE = 200;
/** Under steady load every pass finds something that live projection, which writes both generations, is about to write. */
const MAX_PASSES = 5;
const DELETES_PER_CALL = 25;
const CALLS_AT_ONCE = 4;
const DELETE_ATTEMPTS = 8;

export interface RebuildOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** How long readers may still look at the former generation after the switch; milliseconds. */
  readonly readersLagMs: number;
}

/**
 * Fills a new generation while live projection writes to both, until a pass over all heads changes nothing; switches
 * readers; goes over the heads once more for batches that had begun before the announcement; removes what is older.
 * A rebuild that was interrupted leaves a generation nobody reads: the next one removes it.
 *
 * @throws ConditionalCheckFailedException when another rebuild was announced meanwhile: that one goes on
 */
export async function rebuildViews(
  options: RebuildOptions,
  heads: () => AsyncIterable<Projection>,
): Promise<{ projected: number; passes: number }> {
  const { client, tableName, readersLagMs } = options;
  const found = await readGenerations(client, tableName);
  const next = Math.max(found.active, found.building ?? 0) + 1;
  const announced = { active: found.active, building: next };
  await moveGenerations(client, tableName, found, announced);

  const writer = new ViewWriter(client, tableName, next);
  const before = await passUntilStill(writer, heads);
  await moveGenerations(client, tableName, announced, { active: next, building: null });
  const after = await passUntilStill(writer, heads);
  if (readersLagMs > 0) await new Promise((resolve) => setTimeout(resolve, readersLagMs));
  await removeGenerationsBelow(client, tableName, next);
  return { projected: before.projected + after.projected, passes: before.passes + after.passes };
}

async function passUntilStill(writer: ViewWriter, heads: () => AsyncIterable<Projection>) {
  let projected = 0;
  for (let passes = 1; ; passes += 1) {
    const changed = await pass(writer, heads());
    projected += changed;
    if (changed === 0 || passes === MAX_PASSES) return { projected, passes };
  }
}

async function pass(writer: ViewWriter, projections: AsyncIterable<Projection>): Promise<number> {
  let changed = 0;
  let waiting: Projection[] = [];
  for await (const projection of projections) {
    waiting.push(projection);
    if (waiting.length < PROJECTIONS_AT_ONCE) continue;
    changed += await writer.apply(waiting);
    waiting = [];
  }
  return changed + (await writer.apply(waiting));
}

async function removeGenerationsBelow(client: DynamoDBClient, tableName: string, generation: number): Promise<void> {
  const pages = paginateScan({ client }, { TableName: tableName, ProjectionExpression: 'pk, sk' });
  for await (const page of pages) {
    const old = (page.Items ?? []).filter((key) => (parseGeneration(key.pk?.S ?? '') ?? generation) < generation);
    await pooled(chunksOf(old, DELETES_PER_CALL), CALLS_AT_ONCE, (keys) => removeRows(client, tableName, keys));
  }
}

async function removeRows(client: DynamoDBClient, tableName: string, keys: readonly Item[]): Promise<void> {
  let requests: WriteRequest[] = keys.map((Key) => ({ DeleteRequest: { Key } }));
  for (let attempt = 0; attempt < DELETE_ATTEMPTS; attempt += 1) {
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    requests = answer.UnprocessedItems?.[tableName] ?? [];
    if (requests.length === 0) return;
    await backOff(attempt);
  }
  throw new Error(`${tableName}: rows of a former generation could not be removed`);
}
