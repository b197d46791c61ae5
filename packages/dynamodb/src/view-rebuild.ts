import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Projection } from '@duban/application';
import { batchWrite } from './batch-write.ts';
import { moveGenerations, readGenerations } from './view-generations.ts';
import { parseGeneration } from './view-rows.ts';
import { ViewWriter } from './view-writer.ts';

const PROJECTIONS_AT_ONCE = 200;
/** Under steady load every pass finds something that live projection, which writes both generations, is about to write. */
const MAX_PASSES = 5;

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
    await batchWrite(
      client,
      tableName,
      old.map((Key) => ({ DeleteRequest: { Key } })),
    );
  }
}
