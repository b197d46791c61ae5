import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Attempts before a message is set aside. */
export const MAX_RECEIVE_COUNT = 5;
const DAY_SECONDS = 86_400;

export interface QueueUrls {
  readonly wake: string;
  readonly wakeDeadLetters: string;
  readonly delivery: string;
  readonly deliveryDeadLetters: string;
}

/** The queues of a deployed stage. */
export interface DeployedQueues extends QueueUrls {
  /** Notes of batches of the ledger's stream that were given up, by their reader. */
  readonly streamFailures: { readonly project: string; readonly react: string };
}

/**
 * Finds the queues that the stacks have made.
 * @throws QueueDoesNotExist when one is not there
 */
export async function findQueues(client: SQSClient, prefix: string): Promise<DeployedQueues> {
  const find = async (name: string): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: `${prefix}${name}` }));
    if (!QueueUrl) throw new Error(`The queue ${prefix}${name} has no URL`);
    return QueueUrl;
  };
  return {
    wake: await find('wake'),
    wakeDeadLetters: await find('wake-dead'),
    delivery: await find('delivery'),
    deliveryDeadLetters: await find('delivery-dead'),
    streamFailures: { project: await find('project-failures'), react: await find('react-failures') },
  };
}

/**
 * Creates the queues and their dead-letter queues as the deployed ones are, for a local cloud or a test; queues that
 * exist stay. Dead letters are kept 14 days, as long as the service can; wakes 4, for the wake index finds them anyway.
 */
export async function createQueues(client: SQSClient, prefix: string): Promise<QueueUrls> {
  const [wake, wakeDeadLetters] = await createWithDeadLetters(client, `${prefix}wake`);
  const [delivery, deliveryDeadLetters] = await createWithDeadLetters(client, `${prefix}delivery`);
  return { wake, wakeDeadLetters, delivery, deliveryDeadLetters };
}

async function createWithDeadLetters(client: SQSClient, name: string): Promise<readonly [string, string]> {
  const deadLetters = await create(client, `${name}-dead`, { MessageRetentionPeriod: 14 * DAY_SECONDS });
  const attributes = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
  );
  const deadLetterTargetArn = attributes.Attributes?.QueueArn;
  const queue = await create(client, name, {
    VisibilityTimeout: 60,
    MessageRetentionPeriod: 4 * DAY_SECONDS,
    ReceiveMessageWaitTimeSeconds: 20,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVE_COUNT }),
  });
  return [queue, deadLetters];
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
