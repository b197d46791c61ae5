import type { CommitOutcome, EventStore, Head, StreamRef, ViewStore } from '@duban/application';
import { createDynamoClient, createEventStore, createViewStore, createWakeIndex, dumpViews } from '@duban/dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, added, appendInTurn, sampleCodecs, sampleCommit, sampleRef } from '../contracts/sample-aggregate.ts';
import { testTables } from '../contracts/test-tables.ts';
import { sampleProjection } from '../contracts/view-store.ts';
import { DYNAMODB_FAULTS } from './dynamodb-faults.ts';
import { type DynamoDbFault, type FaultProxy, startDynamoDbProxy } from './proxy.ts';

const KINDS = Object.keys(DYNAMODB_FAULTS) as DynamoDbFault[];
/** The ones any call can meet. */
const COMMON = KINDS.filter((kind) => !/^(cancelled|in progress|delivered twice|part of a batch)/.test(kind));

let proxy: FaultProxy<DynamoDbFault>;
let store: EventStore;
let far: EventStore;
let views: ViewStore;
let wakes: ReturnType<typeof createWakeIndex>;

beforeAll(async () => {
  const { client, endpoint, ledger: tableName, views: viewsTable } = await testTables();
  proxy = await startDynamoDbProxy({ target: endpoint, seed: 7 });
  const behind = createDynamoClient({ endpoint: proxy.endpoint });
  store = createEventStore({ client, tableName, codecs: sampleCodecs });
  far = createEventStore({ client: behind, tableName, codecs: sampleCodecs });
  views = createViewStore({ client: behind, tableName: viewsTable, generationCacheMs: 0 });
  wakes = createWakeIndex({ client: behind, tableName });
});
afterAll(() => proxy.stop());

/** What is asked for meets the fault, and once only. */
async function meeting<T>(kind: DynamoDbFault, operation: string, ask: () => Promise<T>): Promise<T> {
  const before = proxy.met()[kind] ?? 0;
  proxy.next(operation, kind);
  const answer = await ask();
  expect(proxy.met()[kind]).toBe(before + 1);
  return answer;
}

/** Five that exist, of which the fourth was overtaken, and one that is new. */
async function rivals(name: string) {
  const refs = Array.from({ length: 6 }, (_, n) => sampleRef(`${name}-${n}`));
  const heads: Head[] = [];
  for (const ref of refs.slice(0, 5)) heads.push(await appendInTurn(store, ref, [1]));
  await appendInTurn(store, refs[3] as StreamRef, [1]);
  const claims = [{ key: `new/${name}`, value: name, expiresAt: null }];
  const commits = refs.map((ref, n) =>
    sampleCommit(ref, heads[n] ?? null, [added(n)], n === 5 ? { claims, nextWakeAt: AT } : {}),
  );
  return { refs, commits };
}

/** What the fault lets the product believe of one commit at the most, and rightly. */
const BELIEVED: Readonly<Partial<Record<DynamoDbFault, CommitOutcome['status']>>> = {
  'cancelled: ConditionalCheckFailed': 'conflict',
  'cancelled: ItemCollectionSizeLimitExceeded': 'rejected',
  'cancelled: ValidationError': 'rejected',
};
const OF_TRANSACTIONS = KINDS.filter((kind) => kind !== 'part of a batch');

describe('a commit that meets', () => {
  it.each(OF_TRANSACTIONS)('%s tells each of its streams the truth, and its neighbours are written', async (kind) => {
    const { refs, commits } = await rivals(kind.replaceAll(/\W/g, '-'));
    const outcomes = await meeting(kind, 'TransactWriteItems', () => far.commit(commits));
    const believed = BELIEVED[kind];
    const heads = await Promise.all(refs.map((ref) => store.load(ref)));
    const refused = outcomes.flatMap(({ status }, n) => (n !== 3 && status !== 'committed' ? [n] : []));
    // Which of them the fault names is a matter of the seed: it may be the one that was overtaken.
    expect(['conflict', believed]).toContain(outcomes[3]?.status);
    expect(refused.length).toBeLessThanOrEqual(believed === undefined ? 0 : 1);
    for (const [n, ref] of refs.entries()) {
      const before = n === 5 ? 0 : n === 3 ? 2 : 1;
      expect(heads[n]?.version ?? 0, ref.id).toBe(outcomes[n]?.status === 'committed' ? before + 1 : before);
      expect(await store.verify(ref)).toMatchObject({ ok: true });
    }
    for (const n of refused) {
      expect(outcomes[n]?.status).toBe(believed);
      // Nothing of it is left that would be in the way of another attempt.
      expect(await far.commit([commits[n] as (typeof commits)[number]])).toMatchObject([{ status: 'committed' }]);
    }
  });

  it.each(['cancelled: TransactionConflict', 'cancelled: None', '500 before'] as const)(
    '%s for ever ends, and says that it was not written',
    async (kind) => {
      const ref = sampleRef(`ever-${kind.replaceAll(/\W/g, '-')}`);
      proxy.chances({ [kind]: 1 });
      const outcome = await far.commit([sampleCommit(ref, null, [added(1)])]).catch(() => 'out of reach');
      proxy.chances({});
      expect(outcome).toEqual(kind.startsWith('cancelled') ? [{ status: 'conflict' }] : 'out of reach');
      expect(await store.load(ref)).toBeNull();
    },
  );
});

it.each(['cut after', '500 after', 'cut within the answer'] as const)(
  'a rebuild of the views does not take its own move for another rebuild: %s',
  async (kind) => {
    const { client, views: tableName } = await testTables();
    const behind = createDynamoClient({ endpoint: proxy.endpoint });
    const options = { tableName, generationCacheMs: 0 };
    await createViewStore({ client, ...options }).apply([sampleProjection(1, 1)]);
    const before = await dumpViews(client, tableName);
    // Announced, and switched.
    proxy.next('PutItem', kind, kind);
    await createViewStore({ client: behind, ...options }).rebuild(async function* () {
      yield sampleProjection(1, 1);
    });
    expect(await dumpViews(client, tableName)).toEqual(before);
    behind.destroy();
  },
);

describe('whoever reads or keeps and meets', () => {
  it.each(COMMON)('%s gets it all the same', async (kind) => {
    const number = COMMON.indexOf(kind) + 1;
    const name = kind.replaceAll(/\W/g, '-');
    const refs = [sampleRef(`read-${name}-a`), sampleRef(`read-${name}-b`)] as const;
    await store.commit(refs.map((ref, n) => sampleCommit(ref, null, [added(n), added(n)], { nextWakeAt: AT + n })));
    const [ref] = refs;
    expect(await meeting(kind, 'GetItem', () => far.load(ref))).toEqual(await store.load(ref));
    expect((await meeting(kind, 'BatchGetItem', () => far.loadMany(refs))).size).toBe(2);
    expect(await meeting(kind, 'Query', () => far.read(ref))).toHaveLength(2);
    expect(await meeting(kind, 'Query', () => wakes.earliest())).toBe(AT);
    await meeting(kind, 'PutItem', () => far.keep('433122', { key: name, value: 1, expiresAt: null }));
    expect(await store.claim('433122', name)).toBe(1);
    const blobs = ['a', 'b', 'c'].map((blob) => ({ name: blob, data: new Uint8Array(3) }));
    await meeting(kind, 'BatchWriteItem', () => far.writeBlobs(ref, blobs));
    expect(await store.readBlob(ref, 'c')).toHaveLength(3);
    await meeting(kind, 'TransactWriteItems', () => views.apply([sampleProjection(number, 1)]));
    const list = await meeting(kind, 'Query', () => views.list('433122', 'plan/p', { limit: 10 }));
    expect(list.items).toHaveLength(number);
    expect(await views.counters('433122', 'plan/p')).toMatchObject({ total: number });
  });

  it('part of a batch asks for the rest', async () => {
    const refs = Array.from({ length: 40 }, (_, n) => sampleRef(`part-${n}`));
    await store.commit(refs.map((ref, n) => sampleCommit(ref, null, [added(n)])));
    expect((await meeting('part of a batch', 'BatchGetItem', () => far.loadMany(refs))).size).toBe(40);
    const ref = refs[0] as StreamRef;
    const blobs = Array.from({ length: 20 }, (_, n) => ({ name: `part/${n}`, data: new Uint8Array(n + 1) }));
    await meeting('part of a batch', 'BatchWriteItem', () => far.writeBlobs(ref, blobs));
    for (const { name, data } of blobs) expect(await store.readBlob(ref, name), name).toEqual(Buffer.from(data));
  });

  it('silence gives up in time', async () => {
    const impatient = createDynamoClient({ endpoint: proxy.endpoint, requestTimeoutMs: 1 });
    const { ledger: tableName } = await testTables();
    const waiting = createEventStore({ client: impatient, tableName, codecs: sampleCodecs });
    proxy.chances({ 'answered late': 1 });
    await expect(waiting.load(sampleRef('silence'))).rejects.toThrow(/time/i);
    proxy.chances({});
    impatient.destroy();
  });
});
