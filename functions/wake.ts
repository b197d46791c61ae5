import { handleWakeMessages } from '@duban/messaging';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { compose } from './compose.ts';

const deps = compose();

/** The wake queue's messages; those that failed come again, one by one, and end with the dead letters. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batchItemFailures } = await handleWakeMessages(deps, event.Records);
  return { batchItemFailures: [...batchItemFailures] };
}
