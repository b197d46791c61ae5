import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';

// Each test file is its own module instance, so this is new for every file.
const filePrefix = `t${randomUUID().replaceAll('-', '').slice(0, 12)}-`;

async function endpointOf(name: 'dynamodb' | 'dynamodb-apart' | 'sqs'): Promise<string> {
  const answer = await fetch(`${inject('emulators')}/${name}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/**
 * The run's DynamoDB Local, in memory, and a prefix for table names that no other test file has.
 * @param apart another one: DynamoDB Local looks through the stream records of all tables, deleted ones too, at each
 *   read of any stream, so that a test that writes tens of thousands slows every other for the rest of the run
 */
export async function testDynamoDb(apart = false): Promise<{ endpoint: string; tablePrefix: string }> {
  return { endpoint: await endpointOf(apart ? 'dynamodb-apart' : 'dynamodb'), tablePrefix: filePrefix };
}

/** The run's SQS, in memory, and a prefix for queue names that no other test file has. */
export async function testSqs(): Promise<{ endpoint: string; queuePrefix: string }> {
  return { endpoint: await endpointOf('sqs'), queuePrefix: filePrefix };
}
