import { eventStoreContract } from '@duban/testkit/contracts/event-store';
import { sampleCodecs } from '@duban/testkit/contracts/sample-aggregate';
import { testTables } from '@duban/testkit/contracts/test-tables';
import { describe } from 'vitest';
import { createEventStore } from './event-store.ts';
import { createWakeIndex } from './wake-index.ts';

describe('DynamoDB event store', () => {
  eventStoreContract(async () => {
    const { client, ledger: tableName } = await testTables();
    return {
      store: createEventStore({ client, tableName, codecs: sampleCodecs }),
      wakes: createWakeIndex({ client, tableName, pageSize: 5 }),
    };
  });
});
