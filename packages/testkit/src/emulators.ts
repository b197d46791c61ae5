import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';

// Each test file is its own module instance, so this is new for every file.
const filePrefix = `t${randomUUID().replaceAll('-', '').slice(0, 12)}-`;

async function endpointOf(name: 'dynamodb' | 'sqs'): Promise<string> {
  const answer = await fetch(`${inject('emulators')}/${name}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** The run's DynamoDB Local, in memory, and a prefix for table names that no other test file has. */
export async function testDynamoDb(): Promise<{ endpoint: string; tablePrefix: string }> {
  return { endpoint: await endpointOf('dynamodb'), tablePrefix: filePrefix };
}

/** The run's SQS, in memory, and a prefix for queue names that no other test file has. */
export async function testSqs(): Promise<{ endpoint: string; queuePrefix: string }> {
  return { endpoint: await endpointOf('sqs'), queuePrefix: filePrefix };
}
