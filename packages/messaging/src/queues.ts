import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Attempts before a message is set aside. */
export const MAX_RECEIVE_COUNT = 5;
const DAY_SECONDS = 86_400;

export interface QueueUrls {
  readonly wake: string;
  readonly wakeDeadLetters: string;
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
  const names = ['wake', 'wake-dead', 'project-failures', 'react-failures'] as const;
  const [wake, wakeDeadLetters, project, react] = (await Promise.all(names.map(find))) as [
    string,
    string,
    string,
    string,
  ];
  return { wake, wakeDeadLetters, streamFailures: { project, react } };
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
