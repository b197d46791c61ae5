import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventStore, StreamRef } from '@duban/application';
import { added, appendInTurn, sampleCodecs, sampleCommit, sampleRef } from '@duban/testkit/contracts/sample-aggregate';
import { testTables } from '@duban/testkit/contracts/test-tables';
import { sampleProjection } from '@duban/testkit/contracts/view-store';
import { type DynamoDbFault, type FaultProxy, startDynamoDbProxy } from '@duban/testkit/faults/proxy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Item, textValue } from './attributes.ts';
import { batchGet } from './batch-get.ts';
import { createDynamoClient } from './client.ts';
import { createEventStore } from './event-store.ts';
import { commitKey, HEAD_KEY, streamKey } from './keys.ts';
import { createViewStore } from './view-store.ts';

let client: DynamoDBClient;
let endpoint: string;
let tableName: string;
let viewsTable: string;
let store: EventStore;

function storeOn(dynamo: DynamoDBClient): EventStore {
  return createEventStore({ client: dynamo, tableName, codecs: sampleCodecs });
}

beforeAll(async () => {
  ({ client, endpoint, ledger: tableName, views: viewsTable } = await testTables());
  store = storeOn(client);
});

describe('a lost answer', () => {
  let proxy: FaultProxy<DynamoDbFault>;
  beforeAll(async () => {
    proxy = await startDynamoDbProxy({ target: endpoint, seed: 1 });
  });
  afterAll(() => proxy.stop());

  it.each([
    ['cut after', 1, 1],
    ['cut after', 3, 2],
    ['500 after', 1, 2],
    ['500 after', 3, 3],
  ] as const)(
    '(%s, %i attempts of the SDK, %i answers lost) is not taken for a conflict',
    async (how, maxAttempts, lost) => {
      const far = createDynamoClient({ endpoint: proxy.endpoint, maxAttempts });
      const name = `lost-${how}-${maxAttempts}`;
      const refs = Array.from({ length: 5 }, (_, n) => sampleRef(`${name}-${n}`));
      const stale = await appendInTurn(store, refs[3] as StreamRef, [1]);
      await appendInTurn(store, refs[3] as StreamRef, [1]);
      const commits = refs.map((ref, n) =>
        sampleCommit(ref, n === 3 ? stale : null, [added(n)], {
          claims: [{ key: `${name}/${n}`, value: n, expiresAt: null }],
        }),
      );
      const lose = () => proxy.next('TransactWriteItems', ...Array.from({ length: lost }, () => how));
      lose();
      const outcomes = await storeOn(far).commit(commits);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'committed',
        'committed',
        'committed',
        'conflict',
        'committed',
      ]);
      const before = proxy.calls('TransactWriteItems');
      lose();
      const single = sampleCommit(refs[0] as StreamRef, await store.load(refs[0] as StreamRef), [added(9)]);
      expect(await storeOn(far).commit([single])).toMatchObject([{ status: 'committed', version: 2 }]);
      expect(proxy.calls('TransactWriteItems')).toBeGreaterThan(before + 1);
      expect(await store.verify(refs[0] as StreamRef)).toEqual({ ok: true, versions: 2 });
      far.destroy();
    },
  );

  it('does not make the same commit of somebody else ours', async () => {
    const ref = sampleRef('not-ours');
    await store.commit([sampleCommit(ref, null, [added(1)])]);
    const meta = { at: 1, actor: 'system:wake', correlationId: 'another' };
    expect(await store.commit([sampleCommit(ref, null, [added(1)], { meta })])).toEqual([{ status: 'conflict' }]);
  });

  it('counts nothing twice in the views', async () => {
    const far = createDynamoClient({ endpoint: proxy.endpoint, maxAttempts: 1 });
    const views = createViewStore({ client: far, tableName: viewsTable, generationCacheMs: 0 });
    await views.apply([sampleProjection(1, 1)]);
    proxy.next('TransactWriteItems', 'cut after', 'cut after');
    await views.apply([sampleProjection(1, 2), sampleProjection(2, 1)]);
    expect(await views.counters('433122', 'plan/p')).toMatchObject({ total: 2 });
    far.destroy();
  });

  it('is an error when nobody answers any more', async () => {
    const gone = await startDynamoDbProxy({ target: endpoint, seed: 1 });
    await gone.stop();
    const far = createDynamoClient({ endpoint: gone.endpoint, maxAttempts: 1 });
    await expect(storeOn(far).commit([sampleCommit(sampleRef('gone'), null, [added(1)])])).rejects.toThrow();
  });
});

describe('a ledger somebody has been at', () => {
  /** A stream of the commits 1, 2, 3-4, 5. */
  async function stream(id: string): Promise<StreamRef> {
    const ref = sampleRef(id);
    await appendInTurn(store, ref, [10, 20]);
    await store.commit([sampleCommit(ref, await store.load(ref), [added(30), added(40)])]);
    await appendInTurn(store, ref, [50]);
    expect(await store.verify(ref)).toEqual({ ok: true, versions: 5 });
    return ref;
  }
  const key = (ref: StreamRef, sk: string) => ({ pk: textValue(streamKey(ref)), sk: textValue(sk) });
  const row = async (ref: StreamRef, version: number): Promise<Item> => {
    const [found] = await batchGet(client, tableName, [key(ref, commitKey(version))], { consistent: true });
    return found as Item;
  };
  const put = (Item: Item) => client.send(new PutItemCommand({ TableName: tableName, Item }));
  const remove = (ref: StreamRef, version: number) =>
    client.send(new DeleteItemCommand({ TableName: tableName, Key: key(ref, commitKey(version)) }));
  const set = (ref: StreamRef, sk: string, name: string, value: Item[string]) =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: key(ref, sk),
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );

  it.each([
    ['events', textValue('[{"type":"Added","amount":21,"note":""}]')],
    ['actor', textValue('somebody')],
    ['at', { N: '1' }],
    ['schema', { N: '3' }],
    ['hash', textValue('A'.repeat(43))],
  ])('names the version whose %s was changed', async (name, value) => {
    const ref = await stream(`changed-${name}`);
    await set(ref, commitKey(2), name, value);
    expect(await store.verify(ref)).toMatchObject({ ok: false, version: 2 });
  });

  it('names the version of a removed row, the last one too', async () => {
    const middle = await stream('removed');
    await remove(middle, 3);
    expect(await store.verify(middle)).toEqual({ ok: false, version: 3, fault: 'missing' });
    const last = await stream('removed-last');
    await remove(last, 5);
    expect(await store.verify(last)).toEqual({ ok: false, version: 5, fault: 'missing' });
    const head = await stream('removed-head');
    await client.send(new DeleteItemCommand({ TableName: tableName, Key: key(head, HEAD_KEY) }));
    expect(await store.verify(head)).toMatchObject({ ok: false, version: 5 });
  });

  it('names the first of two rows that changed places', async () => {
    const ref = await stream('reordered');
    const [first, second] = [await row(ref, 1), await row(ref, 2)];
    await put({ ...second, sk: first.sk as Item[string] });
    await put({ ...first, sk: second.sk as Item[string] });
    expect(await store.verify(ref)).toMatchObject({ ok: false, version: 1 });
  });

  it('names the version of a row that was put in', async () => {
    const between = await stream('inserted');
    await put({ ...(await row(between, 2)), sk: textValue(commitKey(4)) });
    expect(await store.verify(between)).toMatchObject({ ok: false, version: 4 });
    const after = await stream('inserted-last');
    await put({ ...(await row(after, 5)), sk: textValue(commitKey(6)) });
    expect(await store.verify(after)).toMatchObject({ ok: false, version: 6 });
    const copied = await stream('inserted-copy');
    const other = await stream('inserted-other');
    await put({ ...(await row(copied, 2)), pk: textValue(streamKey(other)) });
    expect(await store.verify(other)).toMatchObject({ ok: false, version: 2 });
  });

  it('notices a changed head', async () => {
    const ref = await stream('head');
    await set(ref, HEAD_KEY, 'state', textValue('{"total":151,"note":""}'));
    expect(await store.verify(ref)).toMatchObject({ ok: false, version: 5 });
  });

  it('names table, key and field of a row it cannot read, never its content', async () => {
    const ref = await stream('unreadable');
    await set(ref, HEAD_KEY, 'state', textValue('{"total":1,"note":"某人的姓名'));
    const failure = await store.load(ref).catch((error: Error) => error.message);
    expect(failure).toBe(`${tableName} ${streamKey(ref)} head: state: not JSON`);
    await set(ref, HEAD_KEY, 'version', textValue('某人的姓名'));
    expect(await store.load(ref).catch((error: Error) => error.message)).toBe(
      `${tableName} ${streamKey(ref)} head: version: invalid_type`,
    );
    await set(ref, commitKey(2), 'events', textValue('某人的姓名'));
    expect(await store.read(ref).catch((error: Error) => error.message)).toBe(
      `${tableName} ${streamKey(ref)} ${commitKey(2)}: events: not JSON`,
    );
    expect(await store.verify(ref)).toMatchObject({ ok: false });
  });
});
