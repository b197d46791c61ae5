import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { testTables } from '@duban/testkit/contracts/test-tables';
import { sampleProjection, viewStoreContract } from '@duban/testkit/contracts/view-store';
import { describe, expect, it } from 'vitest';
import { dumpViews } from './view-dump.ts';
import { createViewStore } from './view-store.ts';

async function make() {
  const { client, views: tableName } = await testTables();
  const views = createViewStore({ client, tableName, generationCacheMs: 0 });
  return { client, tableName, views, dump: () => dumpViews(client, tableName) };
}

describe('DynamoDB view store', () => {
  viewStoreContract(make);

  it('leaves no row of a former generation', async () => {
    const { client, tableName, views } = await make();
    const projections = Array.from({ length: 40 }, (_, n) => sampleProjection(n, 1));
    await views.apply(projections);
    const heads = async function* () {
      yield* projections;
    };
    await views.rebuild(heads);
    await views.rebuild(heads);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    expect(new Set(Items.map((row) => row.pk?.S?.split('#')[0]))).toEqual(new Set(['meta', 'g3']));
  });

  it('takes up where an interrupted rebuild left off, and takes over from a running one', async () => {
    const { views, dump } = await make();
    await views.apply([sampleProjection(1, 1)]);
    const before = await dump();
    const interrupted = views.rebuild(async function* () {
      yield sampleProjection(1, 1);
      throw new Error('power failure');
    });
    await expect(interrupted).rejects.toThrow('power failure');
    expect(await dump()).toEqual(before);
    const overtaken = views.rebuild(async function* () {
      await views.rebuild(async function* () {
        yield sampleProjection(1, 1);
      });
      yield sampleProjection(1, 1);
    });
    await expect(overtaken).rejects.toThrow();
    expect(await dump()).toEqual(before);
  });
});
