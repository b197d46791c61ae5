import {
  createDynamoClient,
  createEventStore,
  createTables,
  createViewStore,
  createWakeIndex,
  dumpViews,
} from '@duban/dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventStoreContract } from '../contracts/event-store.ts';
import { sampleCodecs } from '../contracts/sample-aggregate.ts';
import { viewStoreContract } from '../contracts/view-store.ts';
import { testDynamoDb } from '../emulators.ts';
import { type DynamoDbFault, type FaultProxy, startDynamoDbProxy } from './proxy.ts';

/** Every twentieth call or so. */
const CHANCES = {
  ...{ 'cut before': 0.01, 'cut after': 0.01, 'cut within the answer': 0.01, delayed: 0.01, 'answered late': 0.01 },
  ...{ '500 before': 0.005, '500 after': 0.005, '503': 0.005, throttled: 0.006 },
  ...{
    'cancelled: None': 0.02,
    'cancelled: TransactionConflict': 0.02,
    'cancelled: ProvisionedThroughputExceeded': 0.02,
  },
  ...{ 'cancelled: ThrottlingError': 0.02, 'in progress': 0.01, 'delivered twice': 0.02, 'part of a batch': 0.1 },
} as const;
/** A store that is told of a rival, or that a row is impossible, must say so: what comes of that is asked one by one. */
const OF_VIEWS = { ...CHANCES, 'cancelled: ConditionalCheckFailed': 0.02 } as const;

let proxy: FaultProxy<DynamoDbFault>;
let tables = 0;
async function farTables() {
  const { tablePrefix } = await testDynamoDb();
  const client = createDynamoClient({ endpoint: proxy.endpoint });
  tables += 1;
  proxy.chances({});
  const names = await createTables(client, `${tablePrefix}${tables}-`);
  return { client, ...names };
}

beforeAll(async () => {
  const { endpoint } = await testDynamoDb();
  proxy = await startDynamoDbProxy({ target: endpoint, seed: 20231001, sparesLastAttempt: true });
});
afterAll(() => proxy.stop());

describe('an event store behind faults', () => {
  eventStoreContract(async () => {
    const { client, ledger: tableName } = await farTables();
    proxy.chances(CHANCES);
    return {
      store: createEventStore({ client, tableName, codecs: sampleCodecs }),
      wakes: createWakeIndex({ client, tableName, pageSize: 5 }),
    };
  });
});

describe('a view store behind faults', () => {
  viewStoreContract(async () => {
    const { client, views: tableName } = await farTables();
    proxy.chances(OF_VIEWS);
    const views = createViewStore({ client, tableName, generationCacheMs: 0 });
    return { views, dump: () => dumpViews(client, tableName) };
  });
});

it('have met every kind of fault they were to meet', () => {
  expect(Object.keys(proxy.met()).sort()).toEqual(Object.keys(OF_VIEWS).sort());
});
