import { codecs } from '@duban/contracts/stored/codecs';
import { createProjector, type StreamRecord } from '@duban/dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';

const project = createProjector(compose(), codecs);

/** The ledger's stream into the views. A batch that fails comes again; projecting it twice changes nothing. */
export async function handler(event: DynamoDBStreamEvent): Promise<void> {
  await project(event.Records as readonly StreamRecord[]);
}
