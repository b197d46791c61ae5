import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';

const ENTRIES_PER_BATCH = 10;
const ATTEMPTS = 5;

/** A message to send; `Id` is the place in the list. */
export type OutgoingMessage = Omit<SendMessageBatchRequestEntry, 'Id'>;

/**
 * Sends messages ten a call and repeats those the queue did not take.
 * @returns the places of messages that were refused to the end
 */
export async function sendBatches(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<readonly number[]> {
  let waiting = messages.map((_, index) => index);
  for (let attempt = 0; waiting.length > 0 && attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(attempt);
    const refused = await Promise.all(
      batchesOf(waiting).map((places) => sendBatch(client, queueUrl, messages, places)),
    );
    waiting = refused.flat();
  }
  return waiting;
}

async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly OutgoingMessage[],
  places: readonly number[],
): Promise<number[]> {
  const Entries = places.map((place) => ({ ...(messages[place] as OutgoingMessage), Id: String(place) }));
  const answer = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return (answer.Failed ?? []).map((failed) => Number(failed.Id));
}

function batchesOf(places: readonly number[]): number[][] {
  const batches: number[][] = [];
  for (let start = 0; start < places.length; start += ENTRIES_PER_BATCH) {
    batches.push(places.slice(start, start + ENTRIES_PER_BATCH));
  }
  return batches;
}

async function pause(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * (0.5 + Math.random() / 2)));
}
