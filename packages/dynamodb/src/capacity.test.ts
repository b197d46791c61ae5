import { added, sampleCodecs, sampleCommit, sampleRef } from '@duban/testkit/contracts/sample-aggregate';
import { testTables } from '@duban/testkit/contracts/test-tables';
import { describe, expect, it } from 'vitest';
import type { CapacityUnits } from './capacity.ts';
import { createEventStore } from './event-store.ts';
import { createWakeIndex } from './wake-index.ts';

describe('capacity', () => {
  it('is reported once for each call', async () => {
    const seen: [string, CapacityUnits][] = [];
    const { client, ledger: tableName } = await testTables({ onCapacity: (...call) => seen.push(call) });
    const store = createEventStore({ client, tableName, codecs: sampleCodecs });
    const ref = sampleRef('metered');
    await store.commit([sampleCommit(ref, null, [added(1)], { nextWakeAt: 5 })]);
    expect(seen.map(([command]) => command)).toEqual(['TransactWriteItemsCommand']);
    expect(seen[0]?.[1]).toMatchObject({ readUnits: 0, writeUnitsBySize: 4 });
    expect(seen[0]?.[1].writeUnits).toBeGreaterThan(0);
    expect(seen[0]?.[1].indexWriteUnits).toBeGreaterThan(0);
    seen.length = 0;
    await store.load(ref);
    expect(seen).toEqual([['GetItemCommand', expect.objectContaining({ readUnits: 1, writeUnits: 0 })]]);
    seen.length = 0;
    expect(await createWakeIndex({ client, tableName, wakeShards: 8 }).earliest()).toBe(5);
    expect(seen).toHaveLength(8);
    expect(seen.reduce((sum, [, units]) => sum + units.indexReadUnits, 0)).toBeGreaterThan(0);
  });
});
