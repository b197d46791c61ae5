import { Duration } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { NagSuppressions } from 'cdk-nag';
import type { App, Stack } from 'sst/constructs';
import type { Settings } from './settings.ts';
import { emptyStack, physicalName, removalOf } from './stack.ts';
import type { Storage } from './storage.ts';

export interface Queues {
  readonly wake: Queue;
  readonly wakeDeadLetters: Queue;
  /** Wakes of deliveries: attempts wait for other people's machines, and escalations must not wait behind them. */
  readonly delivery: Queue;
  readonly deliveryDeadLetters: Queue;
  /** Where batches of the ledger's stream are noted that views, or digests, could not follow. */
  readonly streamFailures: { readonly project: Queue; readonly react: Queue };
}

/** The longest a wake may take: an import or a holiday notice that is carried on in it moves thousands of items. */
export const WAKE_TIMEOUT = Duration.minutes(2);
/** Three attempts of the longest kind one after the other, and what is written about them. */
export const DELIVER_TIMEOUT = Duration.minutes(1);
/** What a message may need before somebody else may have it: as AWS advises, six times the function's time. */
const VISIBILITY_PER_TIMEOUT = 6;
const ATTEMPTS = 5;
/** As long as the service keeps them. */
const DEAD_LETTER_RETENTION = Duration.days(14);

export function queuesStack(app: App, settings: Settings, { key }: Storage): Queues {
  const stack = emptyStack(app, 'queues', 'Duban: wakes and deliveries on their way, and what could not be done');
  const withDeadLetters = (id: string, name: string, timeout: Duration): readonly [Queue, Queue] => {
    const deadLetters = queue(stack, settings, key, `${id}DeadLetters`, `${name}-dead`, {
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    const wakes = queue(stack, settings, key, id, name, {
      // The wake index finds what is due even when its message has gone.
      retentionPeriod: Duration.days(4),
      receiveMessageWaitTime: Duration.seconds(20),
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * VISIBILITY_PER_TIMEOUT),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: ATTEMPTS },
    });
    return [wakes, deadLetters];
  };
  const [wake, wakeDeadLetters] = withDeadLetters('Wake', 'wake', WAKE_TIMEOUT);
  const [delivery, deliveryDeadLetters] = withDeadLetters('Delivery', 'delivery', DELIVER_TIMEOUT);
  const failures = (id: string, name: string): Queue => {
    const noted = queue(stack, settings, key, id, name, { retentionPeriod: DEAD_LETTER_RETENTION });
    NagSuppressions.addResourceSuppressions(noted, [
      {
        id: 'AwsSolutions-SQS3',
        reason: 'It is a dead-letter queue, of a stream: people read it by redrive, and no function does.',
      },
    ]);
    return noted;
  };
  stack.addOutputs({
    WakeQueue: wake.queueUrl,
    WakeDeadLetters: wakeDeadLetters.queueUrl,
    DeliveryQueue: delivery.queueUrl,
    DeliveryDeadLetters: deliveryDeadLetters.queueUrl,
  });
  return {
    wake,
    wakeDeadLetters,
    delivery,
    deliveryDeadLetters,
    streamFailures: {
      project: failures('ProjectFailures', 'project-failures'),
      react: failures('ReactFailures', 'react-failures'),
    },
  };
}

function queue(
  stack: Stack,
  settings: Settings,
  encryptionMasterKey: Key,
  id: string,
  name: string,
  props: ConstructorParameters<typeof Queue>[2],
): Queue {
  return new Queue(stack, id, {
    queueName: physicalName(settings, name),
    encryption: QueueEncryption.KMS,
    encryptionMasterKey,
    enforceSSL: true,
    removalPolicy: removalOf(settings),
    ...props,
  });
}
