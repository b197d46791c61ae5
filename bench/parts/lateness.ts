import { codecs } from '@duban/contracts/stored/codecs';
import { createDynamoClient } from '@duban/dynamodb';
import { startBenchCloud } from '../lib/cloud.ts';
import { escalatedOf } from '../lib/ledger.ts';
import { say } from '../lib/progress.ts';
import { percentile, round } from '../lib/statistics.ts';
import { plantTasks } from '../lib/tasks.ts';
import { untilNothingDue } from '../lib/wait.ts';

export interface LatenessFigure {
  readonly deadlines: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly early: number;
  readonly lost: number;
  readonly duplicates: number;
}

const DEADLINES = 1_200;
const SPREAD_MS = 60_000;
/** From the moment the clock is set to the first deadline. */
const LEAD_MS = 5_000;
const HOUR_MS = 3_600_000;

/** How late deadlines spread over a minute of real time are recorded, through the whole local cloud. */
export async function measureLateness(): Promise<LatenessFigure> {
  const cloud = await startBenchCloud();
  try {
    const first = cloud.deps.clock.now() + HOUR_MS;
    // Not on whole seconds: the queue's delays are, and the last fraction is what a handler must wait out.
    const dueAt = (index: number): number => first + Math.round((index * SPREAD_MS) / DEADLINES) + ((index * 7) % 50);
    say(`lateness: planting ${DEADLINES} deadlines`);
    const planted = await plantTasks(cloud.deps, DEADLINES, dueAt);
    await cloud.settle();
    say('lateness: a minute of deadlines begins');
    await cloud.advance(first - 2 * LEAD_MS);
    await cloud.setClock(first - LEAD_MS);
    await cloud.deps.clock.until(first + SPREAD_MS);
    const client = createDynamoClient({ endpoint: cloud.dynamoDb.endpoint });
    await untilNothingDue(client, cloud.dynamoDb.ledger, first + SPREAD_MS + 50, 30_000);
    await cloud.settle();
    const { lateness, ...counts } = await escalatedOf(client, cloud.dynamoDb.ledger, codecs, planted);
    client.destroy();
    return {
      deadlines: DEADLINES,
      p50Ms: round(percentile(lateness, 50)),
      p99Ms: round(percentile(lateness, 99)),
      maxMs: round(percentile(lateness, 100)),
      ...counts,
    };
  } finally {
    await cloud.stop();
  }
}
