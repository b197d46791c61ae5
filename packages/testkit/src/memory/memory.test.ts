import { eventStoreContract } from '@duban/testkit/contracts/event-store';
import { sampleCodecs } from '@duban/testkit/contracts/sample-aggregate';
import { viewStoreContract } from '@duban/testkit/contracts/view-store';
import { describe } from 'vitest';
import { createMemoryLedger } from './ledger.ts';
import { MemoryViews } from './views.ts';

describe('event store in memory', () => {
  eventStoreContract(async () => createMemoryLedger(sampleCodecs));
});

describe('view store in memory', () => {
  viewStoreContract(async () => {
    const views = new MemoryViews();
    return { views, dump: () => views.dump() };
  });
});
