import { codecs } from '@duban/contracts/stored/codecs';
import { createReactor, type StreamRecord } from '@duban/dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';

const react = createReactor(compose(), codecs);

/** The ledger's stream into digests. A batch that fails comes again; nobody is told twice. */
export async function handler(event: DynamoDBStreamEvent): Promise<void> {
  await react(event.Records as readonly StreamRecord[]);
}
