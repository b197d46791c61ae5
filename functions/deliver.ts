import { createDeliverer } from '@duban/application';
import { once } from '@duban/application/once';
import { createChannels, parseOutboundSettings } from '@duban/channels';
import { handleWakeMessages } from '@duban/messaging';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { compose, composeSealer, readSecret } from './compose.ts';
import { LEDGER, METRICS, OUTBOUND, SEALED, settings, VIEWS, WAKES } from './env.ts';
import { createMeter } from './metrics.ts';

const env = settings({ ...LEDGER, ...VIEWS, ...WAKES, ...SEALED, ...OUTBOUND, ...METRICS });
const deps = compose(env, composeSealer(env));
const meter = createMeter(env);
const deliverer = once(async () => {
  const outbound = parseOutboundSettings(JSON.parse(await readSecret(env.DUBAN_OUTBOUND_SECRET)));
  return createDeliverer({ ...deps, channels: createChannels(outbound), linkBase: outbound.linkBase });
});

/** The delivery queue's messages: one attempt at each delivery whose time has come, and what came of it. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { deliver } = await deliverer();
  const { batchItemFailures, events, lateMs } = await handleWakeMessages(deps, event.Records, deliver);
  for (const late of lateMs) meter.observe('AttemptLateness', late);
  for (const [type, count] of Object.entries(events)) meter.count(type, count);
  meter.count('WakeMessagesFailed', batchItemFailures.length);
  meter.publish();
  return { batchItemFailures: [...batchItemFailures] };
}
