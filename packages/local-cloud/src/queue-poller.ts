import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Log, Places } from '@duban/application';
import type { PartialBatchResponse, WakeRecord } from '@duban/messaging';

const BATCH = 10;
const LONG_POLL_SECONDS = 2;
const PAUSE_AFTER_ERROR_MS = 300;

export interface PollQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly carryOut: (records: readonly WakeRecord[]) => Promise<PartialBatchResponse>;
  /** Requests for messages side by side. */
  readonly receivers: number;
  /** Batches carried out side by side. */
  readonly batchesAtOnce: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface QueuePoller {
  /** Messages in hand. */
  readonly busy: () => boolean;
  pause(): void;
  resume(): void;
  readonly finished: Promise<void>;
}

/** Stands in for the event source mapping: hands over batches, deletes what succeeded, leaves what failed to come again. */
export function pollQueue(options: PollQueueOptions): QueuePoller {
  const { client, queueUrl: QueueUrl, signal, log } = options;
  const room = new Places(options.batchesAtOnce);
  const underWay = new Set<Promise<void>>();
  let inHand = 0;
  let gate: PromiseWithResolvers<void> | null = null;

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      await gate?.promise;
      await room.take();
      try {
        const messages = await receive();
        if (messages.length > 0) start(messages);
        else room.giveBack();
      } catch (error) {
        room.giveBack();
        if (signal.aborted) return;
        await failed(error);
      }
    }
  }

  async function receive(): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: BATCH,
      WaitTimeSeconds: LONG_POLL_SECONDS,
    });
    return (await client.send(command, { abortSignal: signal })).Messages ?? [];
  }

  function start(messages: readonly Message[]): void {
    inHand += messages.length;
    const work = carryOut(messages)
      .catch((error: unknown) => (signal.aborted ? undefined : failed(error)))
      .finally(() => {
        inHand -= messages.length;
        underWay.delete(work);
        room.giveBack();
      });
    underWay.add(work);
  }

  async function failed(error: unknown): Promise<void> {
    log.warn('queue_poller.failed', { fault: error instanceof Error ? error.name : 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
  }

  async function carryOut(messages: readonly Message[]): Promise<void> {
    const records = messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
    const { batchItemFailures } = await options.carryOut(records);
    const failures = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = '' }) => !failures.has(MessageId));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
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
    finished: Promise.all(Array.from({ length: options.receivers }, loop)).then(async () => {
      await Promise.all(underWay);
    }),
  };
}
