import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Log, reactSince, taskRef, wakeBatch } from '@duban/application';
import { createStreamsClient, handleStreamBatch, type StreamRange, type StreamRecord } from '@duban/dynamodb';
import { redriveDeadLetters, redriveStreamFailures } from '@duban/local-cloud/commands/redrive';
import { handleWakeMessages } from '@duban/messaging';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testDynamoDb, testSqs } from '../emulators.ts';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { ANQUAN, type County, countyOf, DIRECTOR, ISSUED } from './county.ts';

const DUE = Date.parse('2023-09-01T00:00:00+08:00');
const JURISDICTION = '433122';
const refOf = (seq: number) => taskRef(JURISDICTION, `task_${ANQUAN}-${seq}`);
const wakeOf = (seq: number) => ({ ref: refOf(seq), at: DUE });
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let system: CloudTestSystem;
let county: County;
beforeAll(async () => {
  system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
  county = countyOf(system);
  await system.advance(DUE - 1);
  system.clock.moveTo(DUE);
});
afterAll(() => system.close());

const escalations = async (seq: number) => {
  const head = await system.deps.store.load(refOf(seq));
  return ((head?.state ?? { escalations: [] }) as { escalations: readonly object[] }).escalations.length;
};

async function spoil(seq: number): Promise<() => Promise<void>> {
  const TableName = system.tables.ledger;
  const Key = { pk: { S: `${JURISDICTION}#task#task_${ANQUAN}-${seq}` }, sk: { S: 'head' } };
  const { Item = {} } = await system.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  await system.client.send(new PutItemCommand({ TableName, Item: { ...Item, hash: { S: 'not a hash' } } }));
  return async () => void (await system.client.send(new PutItemCommand({ TableName, Item })));
}

describe('an item whose head cannot be read', () => {
  it('fails alone: its neighbours in the batch are woken, and it is when it has been mended', async () => {
    const mend = await spoil(4);
    const report = await wakeBatch(system.deps, [wakeOf(9), wakeOf(4), wakeOf(10)]);
    expect(report).toMatchObject({
      woken: 2,
      failed: [{ wake: { ref: refOf(4) }, reason: expect.stringContaining('hash') }],
    });
    expect(report.lateMs).toEqual([0, 0]);
    expect([await escalations(9), await escalations(10)]).toEqual([1, 1]);
    await mend();
    await wakeBatch(system.deps, [wakeOf(4)]);
    expect(await escalations(4)).toBe(1);
  });

  it('is set apart from a message it shares, and ends with the dead letters by itself', async () => {
    const mend = await spoil(11);
    const wakes = [11, 14].map((seq) => ({ ...refOf(seq), at: DUE }));
    const records = [{ messageId: 'shared', body: JSON.stringify({ v: 1, at: DUE, wakes }) }];
    const done = await handleWakeMessages(system.deps, records);
    expect(done.batchItemFailures).toEqual([]);
    expect(done.events).toMatchObject({ Escalated: 1 });
    const alone = [{ messageId: 'alone', body: JSON.stringify({ v: 1, at: DUE, wakes: [wakes[0]] }) }];
    expect((await handleWakeMessages(system.deps, alone)).batchItemFailures).toEqual([{ itemIdentifier: 'alone' }]);
    await mend();
  });
});

describe('a batch of the ledger’s stream', () => {
  const record = (number: number): StreamRecord => ({ dynamodb: { SequenceNumber: String(number) } });
  const numbersOf = (records: readonly StreamRecord[]) =>
    records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber));

  it('is handled as a whole', async () => {
    const handle = vi.fn(async (records: readonly StreamRecord[]) => records.length);
    expect(await handleStreamBatch(handle, [1, 2, 3].map(record), quiet)).toEqual({ batchItemFailures: [], done: [3] });
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('names the first record that fails alone; those before it are done, those after it come again', async () => {
    const handle = async (records: readonly StreamRecord[]) => {
      if (numbersOf(records).includes(3)) throw new Error('poison');
      return numbersOf(records);
    };
    expect(await handleStreamBatch(handle, [1, 2, 3, 4].map(record), quiet)).toEqual({
      batchItemFailures: [{ itemIdentifier: '3' }],
      done: [[1], [2]],
    });
  });

  it('that fails only together is done one by one', async () => {
    const handle = async (records: readonly StreamRecord[]) => {
      if (records.length > 1) throw new Error('too much at once');
      return records.length;
    };
    const { batchItemFailures, done } = await handleStreamBatch(handle, [1, 2].map(record), quiet);
    expect([batchItemFailures, done]).toEqual([[], [1, 1]]);
  });
});

describe('dead letters', () => {
  it('go back to the queue they came from, wakes first, and no more than was asked for', async () => {
    const { sqs, queues } = system;
    const dead = { wake: queues.wakeDeadLetters, delivery: queues.deliveryDeadLetters };
    for (const kind of ['wake', 'delivery'] as const) {
      for (const n of [1, 2]) {
        await sqs.send(new SendMessageCommand({ QueueUrl: dead[kind], MessageBody: `${kind} ${n}` }));
      }
    }
    const receive = async (QueueUrl: string) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      // Wakes of other tests may lie there as well.
      return Messages.map(({ Body = '' }) => Body).filter((body) => /^\w+ \d$/.test(body));
    };
    expect(await redriveDeadLetters({ sqs, queues }, 3)).toBe(true);
    expect((await receive(queues.wake)).sort()).toEqual(['wake 1', 'wake 2']);
    const [back, ...more] = await receive(queues.delivery);
    expect(back).toMatch(/^delivery /);
    expect(more).toEqual([]);
    expect(await redriveDeadLetters({ sqs, queues })).toBe(true);
    expect(await receive(queues.delivery)).toEqual([back === 'delivery 1' ? 'delivery 2' : 'delivery 1']);
    expect(await receive(dead.delivery)).toEqual([]);
  });
});

describe('a batch that a reader of the stream has given up', () => {
  it('is carried out from its note by redrive, and a note that cannot be read stays', async () => {
    const [streams, queueing] = [createStreamsClient({ endpoint: (await testDynamoDb()).endpoint }), await testSqs()];
    const queue = async (name: string) => {
      const created = await system.sqs.send(new CreateQueueCommand({ QueueName: `${queueing.queuePrefix}${name}` }));
      return created.QueueUrl ?? '';
    };
    const queues = {
      ...system.queues,
      streamFailures: { project: await queue('project'), react: await queue('react') },
    };
    const body = {
      plan: ANQUAN,
      title: '视图漏掉的一项',
      text: '视图漏掉的一项',
      leadUnits: ['县住建局'],
      due: '2023-12-01',
    };
    const { id } = (await county.as(DIRECTOR.person).post<{ id: string }>('/v1/tasks', body)).body;
    await system.settle();
    const range = await rangeOf(streams, id);
    const listed = async () => (await system.deps.views.get(JURISDICTION, [id])).has(id);
    await forget(id);
    expect(await listed()).toBe(false);
    const note = { timestamp: '2023-09-01T00:00:00Z', DDBStreamBatchInfo: { ...range, batchSize: 2 } };
    for (const MessageBody of [JSON.stringify(note), 'not a note']) {
      await system.sqs.send(new SendMessageCommand({ QueueUrl: queues.streamFailures.project, MessageBody }));
    }
    const close = () => undefined;
    const parts = {
      deps: system.deps,
      client: system.client,
      streams,
      sqs: system.sqs,
      tables: system.tables,
      queues,
      close,
    };
    // Not all is well as long as a note stays that nobody can read.
    expect(await redriveStreamFailures(parts, queues)).toBe(false);
    expect(await listed()).toBe(true);
    streams.destroy();
  });

  /** Where in the stream an item's records are. */
  async function rangeOf(streams: ReturnType<typeof createStreamsClient>, id: string): Promise<StreamRange> {
    const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName: system.tables.ledger }));
    const StreamArn = Streams[0]?.StreamArn ?? '';
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
      const numbers: string[] = [];
      const start = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
      let { ShardIterator } = await streams.send(start);
      for (let more = true; more && ShardIterator !== undefined; ) {
        const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
        const its = Records.filter(({ dynamodb }) => dynamodb?.NewImage?.pk?.S === `${JURISDICTION}#task#${id}`);
        numbers.push(...its.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? ''));
        more = Records.length > 0;
        ShardIterator = NextShardIterator;
      }
      const [startSequenceNumber] = numbers;
      const endSequenceNumber = numbers.at(-1);
      if (startSequenceNumber === undefined || endSequenceNumber === undefined) continue;
      return { streamArn: StreamArn, shardId: ShardId, startSequenceNumber, endSequenceNumber };
    }
    throw new Error(`The stream says nothing of ${id}.`);
  }

  /** As if the projection of this item had never been. */
  async function forget(id: string): Promise<void> {
    const TableName = system.tables.views;
    const pk = { S: `g1#${JURISDICTION}#doc#${id}` };
    const { Items = [] } = await system.client.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    );
    expect(Items.length).toBeGreaterThan(0);
    for (const { sk } of Items) {
      if (sk === undefined) continue;
      await system.client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    }
  }
});

describe('what should have been told and was not', () => {
  it('is told by catching up, once', async () => {
    await system.settle();
    const since = Date.parse(ISSUED);
    const whole = await reactSince(system.deps, since);
    expect(whole.joined).toBe(0);
    expect(whole.events).toBeGreaterThan(100);
    // As if nobody had ever been told of it.
    const pk = { S: `${JURISDICTION}#claim#notice/task_${ANQUAN}-9/${await lastVersion(9)}/post:${DIRECTOR.post}` };
    const Key = { pk, sk: { S: 'claim' } };
    const forgotten = new DeleteItemCommand({ TableName: system.tables.ledger, Key, ReturnValues: 'ALL_OLD' });
    expect((await system.client.send(forgotten)).Attributes).toBeDefined();
    expect(await reactSince(system.deps, since)).toEqual({ ...whole, joined: 1 });
    expect(await reactSince(system.deps, since)).toMatchObject({ joined: 0 });
    expect(await reactSince(system.deps, DUE + 1)).toMatchObject({ joined: 0 });
  });

  const lastVersion = async (seq: number) => (await system.deps.store.load(refOf(seq)))?.version;
});
