import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { serveEmulators } from './emulator-server.ts';
import { testDynamoDb, testSqs } from './emulators.ts';

const common = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

describe('emulators', () => {
  it('are the same ones at every asking of a file, and answer', async () => {
    const [first, second] = await Promise.all([testDynamoDb(), testDynamoDb()]);
    expect(second).toEqual(first);
    const tables = await new DynamoDBClient({ ...common, endpoint: first.endpoint }).send(new ListTablesCommand({}));
    expect(tables.TableNames).toBeInstanceOf(Array);
    const { endpoint, queuePrefix } = await testSqs();
    const queues = await new SQSClient({ ...common, endpoint }).send(
      new ListQueuesCommand({ QueueNamePrefix: queuePrefix }),
    );
    expect(queues.QueueUrls ?? []).toEqual([]);
  });

  it('start once for many askers, stop when the run ends, and pass the reason on when they cannot start', async () => {
    const calls: string[] = [];
    const server = await serveEmulators({
      good: async () => {
        calls.push('start');
        return { endpoint: 'http://there', stop: async () => void calls.push('stop') };
      },
      bad: () => Promise.reject(new Error('Java is missing')),
    });
    const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(`${server.url}/good`)).text()));
    expect(answers).toEqual(['http://there', 'http://there', 'http://there']);
    const mine = () => fetch(`${server.url}/good/mine`);
    expect(await (await mine()).text()).toBe('http://there');
    await fetch(`${server.url}/good/mine`, { method: 'DELETE' });
    expect(calls.splice(0)).toEqual(['start', 'start', 'stop']);
    const bad = await fetch(`${server.url}/bad`);
    expect([bad.status, await bad.text()]).toEqual([500, 'Java is missing']);
    await server.stop();
    expect(calls).toEqual(['stop']);
  });
});
