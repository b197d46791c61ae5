import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { App, Stack } from 'sst/constructs';
import { metricsNamespace, pipelineEnvironment } from './environment.ts';
import { dubanFunction } from './function.ts';
import {
  appendToLedger,
  followStream,
  readLedger,
  readSecrets,
  readViews,
  receiveFrom,
  sendMail,
  sendTo,
  sendWakes,
  streamArn,
  writeViews,
} from './permissions.ts';
import { DELIVER_TIMEOUT, type Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { emptyStack } from './stack.ts';
import type { Storage } from './storage.ts';

export interface DeliveryFunctions {
  readonly project: LambdaFunction;
  readonly react: LambdaFunction;
  readonly deliver: LambdaFunction;
}

/** The two readers of the ledger's stream, one for the views and one for digests; and what brings digests to people. */
export function deliveryStack(app: App, settings: Settings, storage: Storage, queues: Queues): DeliveryFunctions {
  const stack = emptyStack(
    app,
    'delivery',
    'Duban: views and digests, which follow the ledger, and what brings digests to people',
  );
  const { streamFailures } = queues;
  const project = dubanFunction(stack, settings, storage, {
    name: 'project',
    description: 'Brings lists, counters and inboxes up to the ledger',
    timeout: Duration.minutes(1),
    memoryMb: 1024,
    environment: { DUBAN_LEDGER_TABLE: storage.ledger.tableName, DUBAN_VIEWS_TABLE: storage.views.tableName },
    allowed: [
      ...followStream(storage),
      readLedger(storage),
      writeViews(storage),
      sendTo(streamFailures.project, 'NoteFailures'),
    ],
  });
  // Items are independent of each other: batches of one shard may be projected side by side.
  follow(stack, 'Views', project, storage, streamFailures.project, { parallelizationFactor: 4 });
  const react = dubanFunction(stack, settings, storage, {
    name: 'react',
    description: 'Tells people: what has happened joins the digest of their mailbox',
    timeout: Duration.minutes(1),
    memoryMb: 1024,
    environment: { ...pipelineEnvironment(storage, queues), ...metricsNamespace(settings) },
    allowed: [
      ...followStream(storage),
      appendToLedger(storage),
      readViews(storage),
      ...sendWakes(queues),
      sendTo(streamFailures.react, 'NoteFailures'),
    ],
  });
  follow(stack, 'Digests', react, storage, streamFailures.react, {});
  return { project, react, deliver: deliverFunction(stack, settings, storage, queues) };
}

/** In no network of its own: it reaches what the internet reaches. */
function deliverFunction(stack: Stack, settings: Settings, storage: Storage, queues: Queues): LambdaFunction {
  const { sealing, outbound } = storage.secrets;
  const deliver = dubanFunction(stack, settings, storage, {
    name: 'deliver',
    description: 'Delivers digests by webhook, robot, mail and short message: one attempt at each whose time has come',
    timeout: DELIVER_TIMEOUT,
    memoryMb: 1024,
    environment: {
      ...pipelineEnvironment(storage, queues),
      ...metricsNamespace(settings),
      DUBAN_SEALING_SECRET: sealing.attrId,
      DUBAN_OUTBOUND_SECRET: outbound.attrId,
    },
    allowed: [
      appendToLedger(storage),
      readViews(storage),
      receiveFrom(queues.delivery),
      ...sendWakes(queues),
      ...readSecrets(stack, storage, [sealing, outbound]),
      ...sendMail(settings.sesIdentities),
    ],
  });
  new EventSourceMapping(stack, 'Deliveries', {
    target: deliver,
    eventSourceArn: queues.delivery.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    // Each has at most four attempts under way at one endpoint: other people's machines see no more than eighty.
    maxConcurrency: 20,
  });
  return deliver;
}

/**
 * A record that fails is found by halves and by its number, tried some minutes long, and then noted in the queue of
 * failures, from where it is brought back; it holds up its neighbours no longer than that.
 */
function follow(
  stack: Stack,
  id: string,
  target: LambdaFunction,
  { ledger }: Storage,
  failures: Queue,
  more: { readonly parallelizationFactor?: number },
): void {
  new EventSourceMapping(stack, id, {
    target,
    eventSourceArn: streamArn(ledger),
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 200,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: 20,
    maxRecordAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    ...more,
  });
}
