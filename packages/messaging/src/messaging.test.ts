import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DueWake } from '@duban/application';
import { parseWakeMessage, type WakeMessage } from '@duban/contracts/wake-message';
import { testSqs } from '@duban/testkit/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueues, createSqsClient, createWakeQueue, redrive } from './index.ts';

const NOW = Date.UTC(2023, 7, 31, 16);
let client: SQSClient;
let endpoint: string;
let queuePrefix: string;

beforeAll(async () => {
  ({ endpoint, queuePrefix } = await testSqs());
  client = createSqsClient({ endpoint });
});
afterAll(() => client.destroy());

function wake(n: number, at: number): DueWake {
  return { ref: { jurisdiction: '433122', type: 'task', id: `task_${n}` }, at };
}

async function receiveAll(queueUrl: string): Promise<WakeMessage[]> {
  const bodies: WakeMessage[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    for (const message of Messages) {
      bodies.push(parseWakeMessage(message.Body ?? ''));
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }
}

async function depth(queueUrl: string) {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
  };
}

describe('wake queue', () => {
  it('groups the wakes of one second, fifty a message', async () => {
    const queues = await createQueues(client, `${queuePrefix}group-`);
    const wakes = Array.from({ length: 730 }, (_, n) => wake(n, NOW - 2000 + (n % 2) * 1000 + (n % 7)));
    await createWakeQueue({ client, queues }).send(wakes, NOW);
    const messages = await receiveAll(queues.wake);
    expect(messages).toHaveLength(16);
    const ids = messages.flatMap((message) => message.wakes.map(({ id }) => id));
    expect(new Set(ids).size).toBe(730);
    for (const message of messages) {
      const seconds = message.wakes.map(({ at }) => Math.floor(at / 1000));
      expect(new Set(seconds).size).toBe(1);
      expect(message.at).toBe(Math.min(...message.wakes.map(({ at }) => at)));
    }
  });

  it("delays by the whole seconds that are left, at the clock's speed", async () => {
    const queues = await createQueues(client, `${queuePrefix}delay-`);
    await createWakeQueue({ client, queues }).send([wake(1, NOW + 999), wake(2, NOW + 60_300)], NOW);
    expect(await depth(queues.wake)).toEqual({ visible: 1, delayed: 1 });
    await createWakeQueue({ client, queues, speed: () => 3600 }).send([wake(3, NOW + 60_300)], NOW);
    expect(await depth(queues.wake)).toEqual({ visible: 2, delayed: 1 });
    await createWakeQueue({ client, queues, speed: () => 0 }).send([wake(4, NOW + 1)], NOW);
    expect(await depth(queues.wake)).toEqual({ visible: 2, delayed: 2 });
  });

  it('throws when the queue cannot be reached', async () => {
    const lost = createWakeQueue({
      client,
      queues: { wake: `${endpoint}/000000000000/absent`, delivery: `${endpoint}/000000000000/absent` },
    });
    await expect(lost.send([wake(1, NOW)], NOW)).rejects.toThrow();
  });
});

describe('wake message', () => {
  it.each([
    ['{"v":1', 'not JSON'],
    ['{"v":2,"at":1,"wakes":[]}', 'v'],
    ['{"v":1,"at":1,"wakes":[]}', 'wakes'],
    ['{"v":1,"at":1,"wakes":[{"jurisdiction":"433122","type":"secret","id":"x","at":1}]}', 'wakes.0.type'],
  ])('names the fault of %s', (body, field) => {
    expect(() => parseWakeMessage(body)).toThrow(field);
    expect(() => parseWakeMessage(body)).not.toThrow('secret');
  });
});

describe('redrive', () => {
  it('moves dead letters back, up to a limit', async () => {
    const queues = await createQueues(client, `${queuePrefix}redrive-`);
    const dead = createWakeQueue({
      client,
      queues: { wake: queues.wakeDeadLetters, delivery: queues.deliveryDeadLetters },
    });
    await dead.send(
      Array.from({ length: 25 }, (_, n) => wake(n, NOW - n * 1000)),
      NOW,
    );
    const options = { client, deadLetterUrl: queues.wakeDeadLetters, targetUrl: queues.wake };
    expect(await redrive({ ...options, limit: 12 })).toEqual({ moved: 12, left: 0 });
    expect((await depth(queues.wakeDeadLetters)).visible).toBe(13);
    expect(await redrive(options)).toEqual({ moved: 13, left: 0 });
    expect((await depth(queues.wakeDeadLetters)).visible).toBe(0);
    expect(await receiveAll(queues.wake)).toHaveLength(25);
  });

  it('is set up to take a message aside after five attempts, and once only', async () => {
    const queues = await createQueues(client, `${queuePrefix}aside-`);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.wake, AttributeNames: ['All'] }),
    );
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 5 });
    expect(Attributes?.VisibilityTimeout).toBe('60');
    expect(await createQueues(client, `${queuePrefix}aside-`)).toEqual(queues);
  });
});
