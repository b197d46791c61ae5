import { rebuildViews, type StreamRef, taskRef, tickAlarmClock } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { createDynamoClient, createEventStore, dumpViews } from '@duban/dynamodb';
import { pollQueue } from '@duban/local-cloud/queue-poller';
import { handleWakeMessages } from '@duban/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DYNAMODB_CHANCES, SQS_CHANCES } from '../faults/chances.ts';
import {
  type DynamoDbFault,
  type FaultProxy,
  type SqsFault,
  startDynamoDbProxy,
  startSqsProxy,
} from '../faults/proxy.ts';
import { reckon, unfinished } from '../faults/reckoning.ts';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { countyOf } from './county.ts';

const ITEMS = 300;
const DUE = Date.parse('2023-06-16T00:00:00+08:00');
const NOW = Date.parse('2023-06-15T09:00:00+08:00');
const SEED = 20231001;

let dynamoDb: FaultProxy<DynamoDbFault>;
let sqs: FaultProxy<SqsFault>;
let system: CloudTestSystem;
let refs: readonly StreamRef[];
let direct: string;

beforeAll(async () => {
  system = await createCloudTestSystem({
    ...{ now: NOW, bundle: 'structure of luxi' },
    through: async (endpoints) => {
      direct = endpoints.dynamoDb;
      dynamoDb = await startDynamoDbProxy({ target: endpoints.dynamoDb, seed: SEED });
      sqs = await startSqsProxy({ target: endpoints.sqs, seed: SEED });
      return { dynamoDb: dynamoDb.endpoint, sqs: sqs.endpoint };
    },
  });
  const numbers = Array.from({ length: ITEMS }, (_, index) => 1_000 + index);
  const tasks = numbers.map((seq) => ({
    ...{ documentNumber: '泸政办发〔2023〕5号', list: '安全生产', leadUnits: ['县住建局'], due: '2023-06-15' },
    ...{ seq, title: `排查第${seq}处`, text: '排查并整改' },
  }));
  const imported = await countyOf(system).admin().post('/v1/imports', { jurisdiction: '433122', tasks });
  if (imported.status >= 300) throw new Error(`The import answered ${imported.status}`);
  await system.advance(DUE - 1_000);
  refs = numbers.map((seq) => taskRef('433122', `task_luxi-2023-anquan-${seq}`));
});
afterAll(async () => {
  await system.close();
  await Promise.all([dynamoDb.stop(), sqs.stop()]);
});

/** What the alarm clock and the wake queue do each minute, until nothing is left of the storm. */
async function carryOut(): Promise<void> {
  const { deps, clock, queues } = system;
  const client = createDynamoClient({ endpoint: direct });
  const store = createEventStore({ client, tableName: system.tables.ledger, codecs });
  const ending = new AbortController();
  const poller = pollQueue({
    ...{
      client: system.sqs,
      queueUrl: queues.wake,
      receivers: 4,
      batchesAtOnce: 4,
      signal: ending.signal,
      log: deps.log,
    },
    carryOut: (records) => handleWakeMessages(deps, records),
  });
  clock.moveTo(DUE);
  while ((await unfinished(store, refs, DUE)) > 0) {
    // It may fail as well, and looks again a minute later.
    await tickAlarmClock(deps, clock.now() - 60_000).catch(() => null);
    await expect.poll(() => poller.busy(), { timeout: 10_000, interval: 20 }).toBe(false);
    clock.moveTo(clock.now() + 60_000);
  }
  ending.abort();
  await poller.finished;
  client.destroy();
}

function scaled<Kind extends string>(chances: Readonly<Record<Kind, number>>, by: number): Record<Kind, number> {
  const entries = Object.entries<number>(chances).map(([kind, chance]) => [kind, chance * by]);
  return Object.fromEntries(entries) as Record<Kind, number>;
}

it(`of ${ITEMS} items of one instant none is lost and none done twice, whatever the calls meet`, async () => {
  // A small storm makes few calls: every other one meets something.
  dynamoDb.chances(scaled(DYNAMODB_CHANCES, 2));
  sqs.chances(scaled(SQS_CHANCES, 2));
  await carryOut();
  await system.settle();
  dynamoDb.chances({});
  sqs.chances({});
  await system.settle();

  const structure = await system.deps.structures.current('433122');
  expect(await reckon(system.deps.store, refs, structure, system.clock.now())).toEqual({
    ...{ lost: 0, duplicate: 0 },
    // Reminded a day before, missed, and the first rung; the first and the last are told of.
    steps: 3 * ITEMS,
    notices: 2 * ITEMS,
  });
  for (const ref of refs) expect(await system.deps.store.verify(ref), ref.id).toMatchObject({ ok: true });
  const followed = await dumpViews(system.client, system.tables.views);
  await rebuildViews(system.deps);
  expect(await dumpViews(system.client, system.tables.views)).toEqual(followed);
  // A storm that met nothing would show nothing.
  const met = (proxy: { met(): Readonly<Record<string, number>> }) =>
    Object.values(proxy.met()).reduce((sum, count) => sum + count, 0);
  expect(met(dynamoDb)).toBeGreaterThan(15);
  // Few calls carry many wakes: how many there are, and so how many fail, differs from run to run.
  expect(met(sqs)).toBeGreaterThan(0);
});
