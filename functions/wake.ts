import { handleWakeMessages } from '@duban/messaging';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { LEDGER, METRICS, settings, VIEWS, WAKES } from './env.ts';
import { createMeter } from './metrics.ts';

const env = settings({ ...LEDGER, ...VIEWS, ...WAKES, ...METRICS });
const deps = compose(env);
const meter = createMeter(env);

/** The wake queue's messages; those that failed come again, one by one, and end with the dead letters. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batchItemFailures, events, lateMs } = await handleWakeMessages(deps, event.Records);
  for (const late of lateMs) meter.observe('WakeLateness', late);
  for (const [type, count] of Object.entries(events)) meter.count(type, count);
  meter.count('WakeMessagesFailed', batchItemFailures.length);
  meter.publish();
  return { batchItemFailures: [...batchItemFailures] };
}
