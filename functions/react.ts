import { codecs } from '@duban/contracts/stored/codecs';
import { createReactor, handleStreamBatch, type StreamRecord } from '@duban/dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { LEDGER, METRICS, settings, VIEWS, WAKES } from './env.ts';
import { log } from './log.ts';
import { createMeter } from './metrics.ts';

const env = settings({ ...LEDGER, ...VIEWS, ...WAKES, ...METRICS });
const react = createReactor(compose(env), codecs);
const meter = createMeter(env);

/** The ledger's stream into digests. What fails comes again; nobody is told twice. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const records = event.Records as readonly StreamRecord[];
  const { batchItemFailures, done } = await handleStreamBatch(react, records, log);
  for (const { joined } of done) meter.count('NoticesJoined', joined);
  meter.publish();
  return { batchItemFailures: [...batchItemFailures] };
}
