import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '@duban/calendar';
import { codecs } from '@duban/contracts/stored/codecs';
import { createDynamoClient } from '@duban/dynamodb';
import type { Item } from '@duban/dynamodb/attributes';
import { type BenchCloud, startBenchCloud } from '../lib/cloud.ts';
import { watchCpu } from '../lib/cpu.ts';
import { escalatedOf, ledgerRows } from '../lib/ledger.ts';
import { say } from '../lib/progress.ts';
import { type CommitRows, rawCommitRate } from '../lib/raw.ts';
import { round } from '../lib/statistics.ts';
import { JURISDICTION, plantTasks } from '../lib/tasks.ts';
import { untilNothingDue } from '../lib/wait.ts';

export interface StormFigure {
  readonly items: number;
  /** From the due instant until the last escalation is committed. */
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly rawItemsPerSecond: number;
  readonly ratio: number;
  /** From before the alarm clock looks until the last escalation is committed; the SQS emulator is part of the process. */
  readonly ownCpuSecondsPer1000: number;
  /** With DynamoDB Local's; null where there is no /proc. */
  readonly cpuSecondsPer1000: number | null;
  readonly lost: number;
  readonly duplicates: number;
  readonly early: number;
  /** The same, until views and digests have followed as well. */
  readonly settled: {
    readonly seconds: number;
    readonly ownCpuSecondsPer1000: number;
    readonly cpuSecondsPer1000: number | null;
  };
}

const ITEMS = 10_000;
/** From the moment the clock is set, and the alarm clock looks, to the due instant. */
const LEAD_MS = 6_000;
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 180_000;

/** Ten thousand items of one office that fall due at one instant. */
export async function measureStorm(): Promise<StormFigure> {
  const cloud = await startBenchCloud();
  const client = createDynamoClient({ endpoint: cloud.dynamoDb.endpoint });
  try {
    const dueAt = cloud.deps.clock.now() + 2 * HOUR_MS;
    say(`storm: planting ${ITEMS} items`);
    const planted = await plantTasks(cloud.deps, ITEMS, () => dueAt);
    say('storm: letting views follow');
    await cloud.settle();
    const before = await headsOf(client, cloud, planted);
    await cloud.advance(dueAt - 2 * LEAD_MS);
    say('storm: begins');
    const { committed, settled } = await runStorm(client, cloud, dueAt);
    say('storm: reading the ledger');
    const { lateness: _, ...counts } = await escalatedOf(client, cloud.dynamoDb.ledger, codecs, planted);
    const commits = await commitRowsOf(client, cloud, before);
    await cloud.halt();
    say('storm: writing the same rows by hand');
    const raw = await rawCommitRate(cloud.dynamoDb.dataDir, cloud.dynamoDb.ledger, commits);
    const rate = ITEMS / committed.seconds;
    return {
      items: ITEMS,
      ...committed,
      itemsPerSecond: round(rate),
      rawItemsPerSecond: round(raw),
      ratio: round(rate / raw, 2),
      ...counts,
      settled,
    };
  } finally {
    client.destroy();
    await cloud.stop();
  }
}

async function runStorm(client: DynamoDBClient, cloud: BenchCloud, dueAt: Instant) {
  const { deps, dynamoDb, setClock, settle } = cloud;
  const cpu = watchCpu(dynamoDb.pid);
  await setClock(dueAt - LEAD_MS);
  await deps.clock.until(dueAt);
  const start = performance.now();
  const soFar = () => {
    const { own, all } = cpu();
    const per1000 = (seconds: number) => round((seconds * 1_000) / ITEMS, 3);
    return {
      seconds: round((performance.now() - start) / 1_000, 2),
      ownCpuSecondsPer1000: per1000(own),
      cpuSecondsPer1000: all === null ? null : per1000(all),
    };
  };
  await untilNothingDue(client, dynamoDb.ledger, dueAt, PATIENCE_MS);
  const committed = soFar();
  await settle();
  return { committed, settled: soFar() };
}

/** Head rows of the planted tasks by partition key. */
async function headsOf(
  client: DynamoDBClient,
  { dynamoDb }: BenchCloud,
  planted: ReadonlyMap<string, Instant>,
): Promise<ReadonlyMap<string, Item>> {
  const keys = new Set([...planted.keys()].map((id) => `${JURISDICTION}#task#${id}`));
  const heads = new Map<string, Item>();
  for await (const row of ledgerRows(client, dynamoDb.ledger)) {
    const key = row.pk?.S ?? '';
    if (row.sk?.S === 'head' && keys.has(key)) heads.set(key, row);
  }
  return heads;
}

/** The rows the storm wrote, beside those they replaced. */
async function commitRowsOf(
  client: DynamoDBClient,
  { dynamoDb }: BenchCloud,
  before: ReadonlyMap<string, Item>,
): Promise<readonly CommitRows[]> {
  const heads = new Map<string, Item>();
  const events = new Map<string, Item>();
  for await (const row of ledgerRows(client, dynamoDb.ledger)) {
    const key = row.pk?.S ?? '';
    if (!before.has(key)) continue;
    if (row.sk?.S === 'head') heads.set(key, row);
    // The first commit of a stream is its assignment, written before the storm.
    else if (row.sk?.S !== 'e#000000000001') events.set(key, row);
  }
  return [...before].flatMap(([key, row]) => {
    const head = heads.get(key);
    const event = events.get(key);
    return head === undefined || event === undefined
      ? []
      : [{ before: withBytes(row), head: withBytes(head), event: withBytes(event) }];
  });
}

/** The lean client leaves bytes in base64; the plain SDK that writes them again wants them as bytes. */
function withBytes(row: Item): Item {
  const entries = Object.entries(row).map(([name, value]) => {
    const bytes: unknown = value.B;
    return [name, typeof bytes === 'string' ? { B: new Uint8Array(Buffer.from(bytes, 'base64')) } : value];
  });
  return Object.fromEntries(entries);
}
