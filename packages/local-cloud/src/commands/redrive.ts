import { DeleteMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { reactSince } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { parseStreamFailure } from '@duban/contracts/stream-failure';
import { createProjector, createReactor, readStreamRange, type StreamHandler } from '@duban/dynamodb';
import { type DeployedQueues, receiveSome, redrive } from '@duban/messaging';
import type { Parts } from '../parts.ts';
import { print } from './print.ts';

/**
 * Moves dead letters back to their queues: wakes, then deliveries.
 * @param limit messages at the most, of both together; default all
 */
export async function redriveDeadLetters(
  { sqs, queues }: Pick<Parts, 'sqs' | 'queues'>,
  limit = Infinity,
): Promise<boolean> {
  const back = (deadLetterUrl: string, targetUrl: string, most: number) =>
    redrive({ client: sqs, deadLetterUrl, targetUrl, limit: most });
  const wakes = await back(queues.wakeDeadLetters, queues.wake, limit);
  const rest = limit - wakes.moved - wakes.left;
  const deliveries = await back(queues.deliveryDeadLetters, queues.delivery, rest);
  const moved = wakes.moved + deliveries.moved;
  const left = wakes.left + deliveries.left;
  print(
    `死信移回 ${moved} 条（其中送达 ${deliveries.moved} 条），剩余 ${left} 条。 Dead letters moved back: ${moved} (${deliveries.moved} of deliveries), left: ${left}.`,
  );
  return left === 0;
}

/**
 * Carries out what the readers of the ledger's stream have given up, from the records themselves; a note goes only when
 * that has been done.
 */
export async function redriveStreamFailures(parts: Parts, { streamFailures }: DeployedQueues): Promise<boolean> {
  const { deps } = parts;
  const project = await redriveBatches(parts, streamFailures.project, createProjector(deps, codecs));
  const react = await redriveBatches(parts, streamFailures.react, createReactor(deps, codecs));
  print(
    `视图补做 ${project.done} 批，通知补做 ${react.done} 批。 Batches carried out: views ${project.done}, digests ${react.done}.`,
  );
  if (project.forgotten > 0) {
    print(
      `视图有 ${project.forgotten} 批已过流的保存期，请运行 views rebuild。 Views: ${project.forgotten} batches are older than the stream; run views rebuild.`,
    );
  }
  if (react.forgotten > 0) {
    print(
      `通知有 ${react.forgotten} 批已过流的保存期，请运行 digests catch-up --since ${react.since}。 Digests: ${react.forgotten} batches are older than the stream; run digests catch-up --since ${react.since}.`,
    );
  }
  return project.forgotten + react.forgotten + project.unreadable + react.unreadable === 0;
}

/** A batch may be as old as this when it is given up (ms): the age at which the stacks let it go. */
const OLDEST_RECORD_MS = 6 * 3_600_000;

/** What was received is handled within this, or is seen again. */
const HANDLED_IN_SECONDS = 300;

interface Redriven {
  done: number;
  forgotten: number;
  unreadable: number;
  /** When the oldest forgotten batch may have begun. */
  since: string;
}

async function redriveBatches({ sqs, streams }: Parts, QueueUrl: string, handle: StreamHandler): Promise<Redriven> {
  const result: Redriven = { done: 0, forgotten: 0, unreadable: 0, since: '' };
  for (const message of await receiveAll(sqs, QueueUrl)) {
    const failure = parseStreamFailure(message.Body ?? '');
    if (failure === null) {
      result.unreadable += 1;
      print(`无法读取的记录 ${message.MessageId}，未移除。 The note ${message.MessageId} cannot be read; it stays.`);
      continue;
    }
    const records = await readStreamRange(streams, failure.DDBStreamBatchInfo);
    if (records === null) {
      result.forgotten += 1;
      const since = new Date(Date.parse(failure.timestamp) - OLDEST_RECORD_MS).toISOString();
      if (result.since === '' || since < result.since) result.since = since;
      continue;
    }
    await handle(records);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    result.done += 1;
  }
  return result;
}

/** Everything that is there, each once: what stays shows up again later. */
async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const found = new Map<string, Message>();
  for (;;) {
    const messages = await receiveSome(sqs, QueueUrl, { visibleAfterSeconds: HANDLED_IN_SECONDS });
    const fresh = messages.filter(({ MessageId = '' }) => !found.has(MessageId));
    if (fresh.length === 0) return [...found.values()];
    for (const message of fresh) found.set(message.MessageId ?? '', message);
  }
}

/** Tells once more of all that happened since. */
export async function catchUpDigests({ deps }: Parts, since: string | undefined): Promise<boolean> {
  const from = Date.parse(since ?? '');
  if (Number.isNaN(from)) {
    print('请用 --since 写明起始时间。 Say since when: --since 2026-11-25T08:00:00+08:00.');
    return false;
  }
  const { events, joined } = await reactSince(deps, from);
  print(
    `已核对 ${events} 个事件，补发通知 ${joined} 条。 ${events} events looked at, ${joined} notices had been missing.`,
  );
  return true;
}
