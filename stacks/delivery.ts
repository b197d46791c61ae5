import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { App, Stack } from 'sst/constructs';
import { metricsNamespace, pipelineEnvironment } from './environment.ts';
import { dubanFunction } from './function.ts';
import { appendToLedger, followStream, readLedger, readViews, sendTo, streamArn, writeViews } from './permissions.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { emptyStack } from './stack.ts';
import type { Storage } from './storage.ts';

export interface DeliveryFunctions {
  readonly project: LambdaFunction;
  readonly react: LambdaFunction;
}

/** The two readers of the ledger's stream: one brings the views up to date, one tells people. */
export function deliveryStack(app: App, settings: Settings, storage: Storage, queues: Queues): DeliveryFunctions {
  const stack = emptyStack(app, 'delivery', 'Duban: views and digests, which follow the ledger');
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
      sendTo(queues.wake, 'SendWakes'),
      sendTo(streamFailures.react, 'NoteFailures'),
    ],
  });
  follow(stack, 'Digests', react, storage, streamFailures.react, {});
  return { project, react };
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
