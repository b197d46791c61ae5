import type { RecordedEvent } from '@duban/application';
import { added, appendInTurn, sampleCodecs, sampleCommit, sampleRef } from '@duban/testkit/contracts/sample-aggregate';
import { testTables } from '@duban/testkit/contracts/test-tables';
import { describe, expect, it } from 'vitest';
import { createCheckpoint } from './checkpoint.ts';
import { createEventStore } from './event-store.ts';
import { pollStream } from './stream.ts';
import { type LedgerChange, parseStreamRecord } from './stream-records.ts';

async function setUp() {
  const { client, streams, ledger, views } = await testTables();
  const store = createEventStore({ client, tableName: ledger, codecs: sampleCodecs });
  const checkpoint = createCheckpoint({ client, tableName: views, name: 'project' });
  const changes: LedgerChange[] = [];
  /** Polls until everything has come, then stops. */
  const pollAll = async (onBatch?: (count: number) => void) => {
    const stop = new AbortController();
    const errors: unknown[] = [];
    const poller = pollStream({
      client: streams,
      tableName: ledger,
      checkpoint,
      batchSize: 7,
      signal: stop.signal,
      onError: (error) => errors.push(error),
      onBatch: async (records) => {
        onBatch?.(records.length);
        changes.push(...records.flatMap((record) => parseStreamRecord(record, sampleCodecs) ?? []));
      },
    });
    await poller.drained();
    stop.abort();
    await poller.finished;
    return errors;
  };
  const events = (): RecordedEvent[] => changes.flatMap((change) => (change.kind === 'commit' ? change.events : []));
  return { store, checkpoint, pollAll, changes, events };
}

describe('stream', () => {
  it('hands over every commit and head, in order, and nothing else', async () => {
    const { store, pollAll, changes, events } = await setUp();
    const ref = sampleRef('one');
    await appendInTurn(store, ref, [1, 2, 3]);
    const claims = [{ key: 'c', value: 1, expiresAt: null }];
    const blobs = [{ name: 'b', data: new Uint8Array(3) }];
    const last = sampleCommit(ref, await store.load(ref), [added(4), added(5)], { claims, blobs });
    await store.commit([last]);
    expect(await pollAll()).toEqual([]);
    expect(events()).toEqual(await store.read(ref));
    const heads = changes.flatMap((change) => (change.kind === 'head' ? [change.head] : []));
    expect(heads.map(({ version }) => version)).toEqual([1, 2, 3, 5]);
    expect(heads.at(-1)).toEqual(await store.load(ref));
    expect(changes).toHaveLength(8);
  });

  it('goes on after its checkpoint', async () => {
    const { store, pollAll, events, changes } = await setUp();
    const ref = sampleRef('resumed');
    await appendInTurn(store, ref, [1, 2, 3, 4, 5]);
    await pollAll();
    expect(events()).toHaveLength(5);
    changes.length = 0;
    await pollAll();
    expect(events()).toEqual([]);
    await appendInTurn(store, ref, [6, 7]);
    await pollAll();
    expect(events().map(({ version }) => version)).toEqual([6, 7]);
  });

  it('brings a batch again whose handler failed, and skips none', async () => {
    const { store, pollAll, events } = await setUp();
    const ref = sampleRef('failing');
    await appendInTurn(
      store,
      ref,
      Array.from({ length: 10 }, (_, n) => n),
    );
    let calls = 0;
    const errors = await pollAll(() => {
      calls += 1;
      if (calls === 2) throw new Error('handler failed');
    });
    expect(errors).toHaveLength(1);
    expect(events().map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('begins anew when the checkpoint is of another stream', async () => {
    const { store, checkpoint, pollAll, events } = await setUp();
    await checkpoint.save({ streamArn: 'arn:aws:dynamodb:former', shards: { 'shard-1': null } });
    await appendInTurn(store, sampleRef('anew'), [1]);
    await pollAll();
    expect(events()).toHaveLength(1);
  });

  it('reads images as Lambda passes them, with binary values in base64', () => {
    const NewImage = { pk: { S: '433122#claim#x' }, sk: { S: 'claim' }, value: { S: '1' } };
    expect(parseStreamRecord({ eventName: 'INSERT', dynamodb: { NewImage } }, sampleCodecs)).toBeNull();
    expect(parseStreamRecord({ eventName: 'REMOVE', dynamodb: {} }, sampleCodecs)).toBeNull();
    const head = {
      pk: { S: '433122#task#task_1' },
      sk: { S: 'head' },
      version: { N: '1' },
      hash: { S: 'h'.repeat(43) },
      state: { S: '{"total":"many","note":""}' },
    };
    const parse = () => parseStreamRecord({ eventName: 'MODIFY', dynamodb: { NewImage: head } }, sampleCodecs);
    expect(parse).toThrow('433122#task#task_1 head: state: total is not a number');
  });
});
