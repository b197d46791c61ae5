import { codecs } from '@duban/contracts/stored/codecs';
import { createProjector, handleStreamBatch, type StreamRecord } from '@duban/dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { composeViews } from './compose.ts';
import { LEDGER, settings, VIEWS } from './env.ts';
import { log } from './log.ts';

const project = createProjector(composeViews(settings({ ...LEDGER, ...VIEWS })), codecs);

/** The ledger's stream into the views. What fails comes again; projecting it twice changes nothing. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { batchItemFailures } = await handleStreamBatch(project, event.Records as readonly StreamRecord[], log);
  return { batchItemFailures: [...batchItemFailures] };
}
