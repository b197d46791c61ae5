import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { tickAlarmClock } from '@duban/application';
import type { TaskDefinition } from '@duban/domain';

import { DEFAULT_WAKE_SHARDS } from '@duban/dynamodb';
import type { Item } from '@duban/dynamodb/attributes';
import { planCommit } from '@duban/dynamodb/commit-plan';
import { wakeShardOf } from '@duban/dynamodb/keys';
import { type BareCloud, importCounty, startBareCloud } from '../lib/bare-cloud.ts';
import { say } from '../lib/progress.ts';
import { median, round } from '../lib/statistics.ts';
import { assignment, JURISDICTION, plantTasks, realDefinitions } from '../lib/tasks.ts';

export interface AlarmClockFigure {
  /** Heads with a pending wake in the ledger. */
  readonly stored: number;
  /** Of these, due before the horizon. */
  readonly due: number;
  /** One tick, median. */
  readonly ms: number;
  readonly readUnits: number;
}

const STORED = [1_000, 10_000, 100_000];
const DUE = 100;
const TICKS = 31;
/** Ticks that are not counted: the first ones find nothing compiled. */
const WARM_UP = 20;
const WRITERS = 4;
const DAY_MS = 86_400_000;

/** What one tick costs with more and more stored and the same hundred due. */
export async function measureAlarmClock(): Promise<readonly AlarmClockFigure[]> {
  const cloud = await startBareCloud();
  try {
    await importCounty(cloud.deps, { tasks: false });
    const soon = cloud.deps.clock.now() + 30_000;
    await plantTasks(cloud.deps, DUE, () => soon);
    const figures: AlarmClockFigure[] = [];
    let stored = DUE;
    for (const wanted of STORED) {
      say(`alarmClock: storing up to ${wanted} items`);
      await storeHeads(cloud, stored, wanted);
      stored = wanted;
      figures.push(await measureTicks(cloud, stored));
    }
    return figures;
  } finally {
    await cloud.stop();
  }
}

async function measureTicks({ deps, during, sent }: BareCloud, stored: number): Promise<AlarmClockFigure> {
  const milliseconds: number[] = [];
  let readUnits = 0;
  for (let tick = -WARM_UP; tick < TICKS; tick += 1) {
    sent.length = 0;
    const units = await during(async () => {
      const start = performance.now();
      await tickAlarmClock(deps, null);
      if (tick >= 0) milliseconds.push(performance.now() - start);
    });
    readUnits = units.readUnits + units.indexReadUnits;
    if (sent.length !== DUE) throw new Error(`The alarm clock found ${sent.length} of ${DUE} items.`);
  }
  return { stored, due: DUE, ms: round(median(milliseconds), 2), readUnits };
}

/**
 * Heads as the event store writes them, due from a day on: the real rows of one assignment of each real task, under
 * new keys, because deciding a hundred thousand assignments would measure something else and take minutes.
 */
async function storeHeads(cloud: BareCloud, from: number, to: number): Promise<void> {
  const { deps, client, tables } = cloud;
  const templates = await headRows(cloud);
  const dueAt = deps.clock.now() + DAY_MS;
  const rowAt = (index: number): Item => {
    const id = deps.ids.next('task');
    return {
      ...(templates[index % templates.length] as Item),
      pk: { S: `${JURISDICTION}#task#${id}` },
      wakeShard: { S: wakeShardOf(id, DEFAULT_WAKE_SHARDS) },
      nextWakeAt: { N: String(dueAt + index * 1_000) },
    };
  };
  let next = from;
  const write = async (): Promise<void> => {
    while (next < to) {
      const start = next;
      next = Math.min(to, start + 25);
      const puts = Array.from({ length: next - start }, (_, offset) => ({
        PutRequest: { Item: rowAt(start + offset) },
      }));
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tables.ledger]: puts } }));
      if (Object.keys(answer.UnprocessedItems ?? {}).length > 0) throw new Error('Heads were left unwritten.');
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

async function headRows({ deps, tables }: BareCloud): Promise<readonly Item[]> {
  const structure = await deps.structures.current(JURISDICTION);
  const now = deps.clock.now();
  const config = { tableName: tables.ledger, wakeShards: DEFAULT_WAKE_SHARDS, schema: () => 1 };
  return realDefinitions().map((definition: TaskDefinition) => {
    const commit = assignment(structure, now, deps.ids.next('task'), { ...definition, dueAt: now + DAY_MS });
    const plan = planCommit(commit, 0, config);
    const head = 'rejected' in plan ? undefined : plan.actions[1]?.Put?.Item;
    if (head === undefined) throw new Error('An assignment has no head row.');
    return head;
  });
}
