import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type OutgoingMessage, sendBatches } from './send-batches.ts';

const MESSAGES_PER_CALL = 10;

export interface RedriveOptions {
  readonly client: SQSClient;
  readonly deadLetterUrl: string;
  readonly targetUrl: string;
  /** Messages moved at the most; default all. */
  readonly limit?: number;
}

export interface RedriveResult {
  readonly moved: number;
  /** Left in the dead-letter queue, because the target did not take them. */
  readonly left: number;
}

/**
 * Moves messages from a dead-letter queue back to their own. Each is sent before it is deleted: a crash in between
 * leaves it in both, which a consumer of wakes does not mind; never in neither.
 */
export async function redrive({
  client,
  deadLetterUrl,
  targetUrl,
  limit = Infinity,
}: RedriveOptions): Promise<RedriveResult> {
  let moved = 0;
  let left = 0;
  while (moved + left < limit) {
    const messages = await receiveSome(client, deadLetterUrl, { atMost: limit - moved - left });
    if (messages.length === 0) break;
    const refused = new Set(await sendBatches(client, targetUrl, messages.map(outgoing)));
    await remove(
      client,
      deadLetterUrl,
      messages.filter((_, index) => !refused.has(index)),
    );
    moved += messages.length - refused.size;
    left += refused.size;
  }
  return { moved, left };
}

/**
 * Messages that lie in a queue, as many as a call gives; none when it is empty.
 * @param options `visibleAfterSeconds`: how long nobody else sees them; default the queue's own
 */
export async function receiveSome(
  client: SQSClient,
  QueueUrl: string,
  options: { readonly atMost?: number; readonly visibleAfterSeconds?: number } = {},
): Promise<Message[]> {
  const { atMost = MESSAGES_PER_CALL, visibleAfterSeconds: VisibilityTimeout } = options;
  const input = {
    QueueUrl,
    MaxNumberOfMessages: Math.min(MESSAGES_PER_CALL, atMost),
    // A short poll asks some of the queue's servers only and may miss what is there.
    WaitTimeSeconds: 1,
    MessageAttributeNames: ['All'],
    ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout }),
  };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

function outgoing(message: Message): OutgoingMessage {
  return {
    MessageBody: message.Body ?? '',
    ...(message.MessageAttributes && { MessageAttributes: message.MessageAttributes }),
  };
}

async function remove(client: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
  const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length > 0) throw new Error(`${Failed.length} messages were sent again but stay in the dead-letter queue`);
}
