import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Attempts before a message is set aside. */
const MAX_RECEIVE_COUNT = 5;
const DAY_SECONDS = 86_400;

export interface QueueUrls {
  readonly wake: string;
  readonly wakeDeadLetters: string;
}

/**
 * Creates the wake queue and its dead-letter queue as the deployed ones are, for a local cloud or a test; queues that
 * exist stay. Dead letters are kept 14 days, as long as the service can; wakes 4, for the wake index finds them anyway.
 */
export async function createQueues(client: SQSClient, prefix: string): Promise<QueueUrls> {
  const wakeDeadLetters = await create(client, `${prefix}wake-dead`, { MessageRetentionPeriod: 14 * DAY_SECONDS });
  const attributes = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: wakeDeadLetters, AttributeNames: ['QueueArn'] }),
  );
  const deadLetterTargetArn = attributes.Attributes?.QueueArn;
  const wake = await create(client, `${prefix}wake`, {
    VisibilityTimeout: 60,
    MessageRetentionPeriod: 4 * DAY_SECONDS,
    ReceiveMessageWaitTimeSeconds: 20,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVE_COUNT }),
  });
  return { wake, wakeDeadLetters };
}

async function create(
  client: SQSClient,
  QueueName: string,
  settings: Record<string, string | number>,
): Promise<string> {
  const Attributes = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (!QueueUrl) throw new Error(`The queue ${QueueName} was created without a URL`);
  return QueueUrl;
}
