import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { startDynamoDbLocal } from './dynamodb-local.ts';
import { startSqs } from './sqs.ts';

const cleanups: (() => unknown)[] = [];
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'duban-emulators-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function dynamoDb(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  cleanups.push(() => client.destroy());
  return client;
}

function sqs(endpoint: string): SQSClient {
  const client = new SQSClient({ endpoint, region: 'cn-north-1', credentials });
  cleanups.push(() => client.destroy());
  return client;
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: 2_000 });
    const finish = (answer: boolean) => () => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', finish(true)).once('error', finish(false)).once('timeout', finish(false));
  });
}

/** On loopback, and on no other address this machine has. */
async function expectLoopbackOnly(endpoint: string): Promise<void> {
  const port = Number(new URL(endpoint).port);
  expect(await connects('127.0.0.1', port)).toBe(true);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && !address.address.startsWith('fe80'));
  // A listener on all interfaces answers on any 127/8 address too, so that this fails on a machine without a network.
  const addresses = [
    ...others.map((address) => address.address),
    ...(process.platform === 'linux' ? ['127.0.0.2'] : []),
  ];
  for (const address of addresses) expect(await connects(address, port), address).toBe(false);
}

/** Runs code as another node process and resolves with the first line it prints, parsed as JSON. */
async function elsewhere<T>(file: string, code: string): Promise<{ answer: T; kill9(): Promise<void> }> {
  const module = new URL(file, import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `const m = await import('${module}');${code}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([status]) => Promise.reject(new Error(`the process ended with ${status}`))),
  ]);
  const kill9 = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { answer: JSON.parse(line as string) as T, kill9 };
}

describe('startDynamoDbLocal', () => {
  it('answers on 127.0.0.1 alone, keeps nothing in memory mode, and stops', async () => {
    const local = await startDynamoDbLocal({ dataDir: null });
    cleanups.push(() => local.kill9());
    expect(await dynamoDb(local.endpoint).send(new ListTablesCommand({}))).toMatchObject({ TableNames: [] });
    await expectLoopbackOnly(local.endpoint);
    await local.stop();
    expect(() => process.kill(local.pid, 0)).toThrow('ESRCH');
  });

  it('keeps what was written on disk through kill -9', async () => {
    const folder = dataDir();
    const first = await startDynamoDbLocal({ dataDir: folder });
    cleanups.push(() => first.kill9());
    const before = dynamoDb(first.endpoint);
    await before.send(
      new CreateTableCommand({
        TableName: 'things',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    await before.send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: 'kept' } } }));
    first.kill9();
    await first.stop();
    const second = await startDynamoDbLocal({ dataDir: folder });
    cleanups.push(() => second.stop());
    const found = await dynamoDb(second.endpoint).send(
      new GetItemCommand({ TableName: 'things', Key: { pk: { S: 'kept' } } }),
    );
    expect(found.Item).toEqual({ pk: { S: 'kept' } });
  });

  it('dies with its parent, even when the parent is killed with -9', async () => {
    const parent = await elsewhere<{ endpoint: string; pid: number }>(
      './dynamodb-local.ts',
      'const { endpoint, pid } = await m.startDynamoDbLocal({ dataDir: null });console.log(JSON.stringify({ endpoint, pid }));',
    );
    const { pid } = parent.answer;
    expect(process.kill(pid, 0)).toBe(true);
    await parent.kill9();
    await expect.poll(() => isAlive(pid), { timeout: 15_000, interval: 50 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('startSqs', () => {
  it('answers on 127.0.0.1 alone, and stops', async () => {
    const local = await startSqs({ dataDir: null });
    await expectLoopbackOnly(local.endpoint);
    const { QueueUrl } = await sqs(local.endpoint).send(new CreateQueueCommand({ QueueName: 'q' }));
    expect(QueueUrl?.startsWith(`${local.endpoint}/`)).toBe(true);
    await local.stop();
    expect(await connects('127.0.0.1', Number(new URL(local.endpoint).port))).toBe(false);
  });

  it('keeps queues and messages through kill -9, under its new address', async () => {
    const folder = dataDir();
    const first = await elsewhere<string>(
      './sqs.ts',
      `const s = await m.startSqs({ dataDir: ${JSON.stringify(folder)} });console.log(JSON.stringify(s.endpoint));`,
    );
    const before = sqs(first.answer);
    const { QueueUrl } = await before.send(new CreateQueueCommand({ QueueName: 'q' }));
    await before.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
    await first.kill9();
    const second = await startSqs({ dataDir: folder });
    cleanups.push(() => second.stop());
    const after = sqs(second.endpoint);
    const moved = await after.send(new GetQueueUrlCommand({ QueueName: 'q' }));
    expect(moved.QueueUrl?.startsWith(`${second.endpoint}/`)).toBe(true);
    const { Messages } = await after.send(new ReceiveMessageCommand({ QueueUrl: moved.QueueUrl }));
    expect(Messages?.map((message) => message.Body)).toEqual(['kept']);
  });
});
