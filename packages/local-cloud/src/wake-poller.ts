import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Dependencies } from '@duban/application';
import { handleWakeMessages } from '@duban/messaging';

/** Batches carried out side by side; a batch may wait up to a second for its instants. */
const LOOPS = 6;
const BATCH = 10;
const LONG_POLL_SECONDS = 2;
const PAUSE_AFTER_ERROR_MS = 300;

export interface WakePoller {
  /** Messages in hand. */
  readonly busy: () => boolean;
  pause(): void;
  resume(): void;
  readonly finished: Promise<void>;
}

/** Stands in for the event source mapping: hands over batches, deletes what succeeded, leaves what failed to come again. */
export function pollWakes(deps: Dependencies, client: SQSClient, queueUrl: string, signal: AbortSignal): WakePoller {
  let inHand = 0;
  let gate: PromiseWithResolvers<void> | null = null;

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      await gate?.promise;
      try {
        const messages = await receive();
        inHand += messages.length;
        try {
          if (messages.length > 0) await carryOut(messages);
        } finally {
          inHand -= messages.length;
        }
      } catch (error) {
        if (signal.aborted) return;
        deps.log.warn('wake_poller.failed', { fault: error instanceof Error ? error.name : 'unknown' });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
      }
    }
  }

  async function receive(): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: BATCH,
      WaitTimeSeconds: LONG_POLL_SECONDS,
    });
    return (await client.send(command, { abortSignal: signal })).Messages ?? [];
  }

  async function carryOut(messages: readonly Message[]): Promise<void> {
    const records = messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
    const { batchItemFailures } = await handleWakeMessages(deps, records);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }

  return {
    busy: () => inHand > 0,
    pause: () => {
      gate ??= Promise.withResolvers<void>();
    },
    resume: () => {
      gate?.resolve();
      gate = null;
    },
    finished: Promise.all(Array.from({ length: LOOPS }, loop)).then(() => undefined),
  };
}
