import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DueWake, WakeQueue } from '@duban/application';
import { parseWakeMessage } from '@duban/contracts/wake-message';
import { createQueues, createSqsClient, createWakeQueue } from '@duban/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testSqs } from '../emulators.ts';
import { type FaultProxy, type SqsFault, startSqsProxy } from './proxy.ts';
import { SQS_FAULTS } from './sqs-faults.ts';

const NOW = Date.UTC(2023, 7, 31, 16);
const KINDS = Object.keys(SQS_FAULTS) as SqsFault[];
/** Of these the sender learns only that it does not know. */
const TWICE = new Set<SqsFault>(['cut after', 'cut within the answer', '500 after']);

let proxy: FaultProxy<SqsFault>;
let client: SQSClient;
let queue: WakeQueue;
let url: string;

beforeAll(async () => {
  const { endpoint, queuePrefix } = await testSqs();
  proxy = await startSqsProxy({ target: endpoint, seed: 11 });
  client = createSqsClient({ endpoint: proxy.endpoint });
  const queues = await createQueues(client, `${queuePrefix}faults-`);
  url = queues.wake;
  // Its address is the proxy's, or what is sent would go past it.
  expect(url.startsWith(`${proxy.endpoint}/`)).toBe(true);
  queue = createWakeQueue({ client, queues, speed: () => 0 });
});
afterAll(async () => {
  client.destroy();
  await proxy.stop();
});

const receive = async (): Promise<readonly Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 })))
    .Messages ?? [];
const remove = (messages: readonly Message[]) =>
  client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle })),
    }),
  );
const idsOf = ({ Body = '' }: Message) => parseWakeMessage(Body).wakes.map(({ id }) => id);

/** Takes everything out of the queue; answers the ids of the wakes that were in it, those that came twice twice. */
async function emptied(): Promise<string[]> {
  const ids: string[] = [];
  for (let messages = await receive(); messages.length > 0; messages = await receive()) {
    ids.push(...messages.flatMap(idsOf));
    await remove(messages);
  }
  return ids.sort();
}

function wakes(count: number): DueWake[] {
  return Array.from({ length: count }, (_, n) => ({
    ref: { jurisdiction: '433122', type: 'task', id: `task_${String(n).padStart(2, '0')}` },
    at: NOW - n * 1_000,
  }));
}

describe('the wake queue', () => {
  it.each(KINDS.filter((kind) => kind !== 'received again'))(
    'loses nothing that is sent and meets %s',
    async (kind) => {
      // Fifteen seconds are fifteen messages, and two batches.
      const sent = wakes(15);
      proxy.next('SendMessageBatch', kind);
      await queue.send(sent, NOW);
      const arrived = await emptied();
      expect([...new Set(arrived)]).toEqual(sent.map(({ ref }) => ref.id).sort());
      expect(arrived.length > sent.length).toBe(TWICE.has(kind));
    },
  );

  it.each(['500 before', 'cut before', 'throttled', 'part of a batch'] as const)(
    'says that it could not send when %s does not end',
    async (kind) => {
      proxy.chances({ [kind]: 1 });
      const sent = queue.send(wakes(5), NOW);
      if (kind === 'part of a batch') await expect(sent).resolves.toBeUndefined();
      else await expect(sent).rejects.toThrow();
      proxy.chances({});
      expect(new Set(await emptied()).size).toBe(kind === 'part of a batch' ? 5 : 0);
    },
  );

  it('hands a message to two when it is received again, and both may delete it', async () => {
    await queue.send(wakes(3), NOW);
    proxy.next('ReceiveMessage', 'received again');
    const [first, second] = [await receive(), await receive()];
    expect(second.map(({ MessageId }) => MessageId).sort()).toEqual(first.map(({ MessageId }) => MessageId).sort());
    expect(first).toHaveLength(3);
    await remove(first);
    await remove(second);
    expect(await emptied()).toEqual([]);
  });

  it('keeps what a batch of deletions left out', async () => {
    await queue.send(wakes(4), NOW);
    const messages = await receive();
    proxy.next('DeleteMessageBatch', 'part of a batch');
    const { Successful = [], Failed = [] } = await remove(messages);
    expect(Successful.length).toBeGreaterThan(0);
    expect(Failed.length).toBeGreaterThan(0);
    expect(Successful.length + Failed.length).toBe(4);
  });
});
