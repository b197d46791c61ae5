import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';

// Each test file is its own module instance, so this is new for every file.
const filePrefix = `t${randomUUID().replaceAll('-', '').slice(0, 12)}-`;
const own = `dynamodb/${filePrefix}`;
let asked = false;

afterAll(async () => {
  if (asked) await fetch(`${inject('emulators')}/${own}`, { method: 'DELETE' });
});

async function endpointOf(path: string): Promise<string> {
  const answer = await fetch(`${inject('emulators')}/${path}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/**
 * The file's own DynamoDB Local, in memory, and a prefix for table names that no other test file has. Its own, because
 * DynamoDB Local looks through the stream records of all tables, deleted ones too, at each read of any stream: one for
 * the whole run would be slower for every file than for the one before.
 */
export async function testDynamoDb(): Promise<{ endpoint: string; tablePrefix: string }> {
  asked = true;
  return { endpoint: await endpointOf(own), tablePrefix: filePrefix };
}

/** The run's SQS, in memory, and a prefix for queue names that no other test file has. */
export async function testSqs(): Promise<{ endpoint: string; queuePrefix: string }> {
  return { endpoint: await endpointOf('sqs'), queuePrefix: filePrefix };
}
