import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DueWake, WakeQueue } from '@duban/application';
import { MAX_WAKES_PER_MESSAGE, type WakeMessage } from '@duban/contracts/wake-message';
import { sendBatches } from './send-batches.ts';

/** The service's own limit. */
const LONGEST_DELAY_SECONDS = 900;
const SECOND_MS = 1000;
/**
 * Real time a message may spend on its way beside its delay: sent, delivered, received. Taken off the delay, for what
 * comes early waits in the handler, and what comes late is late.
 */
const ON_THE_WAY_MS = 250;

export interface WakeQueueOptions {
  readonly client: SQSClient;
  /** Attempts at deliveries wait for others' machines: they have a queue of their own. */
  readonly queues: { readonly wake: string; readonly delivery: string };
  /** How many seconds of the clock pass in one real second; default 1. A clock that stands still has 0. */
  readonly speed?: () => number;
}

/** Sends wakes so that they arrive in the second of their instant; the consumer waits out the last fraction. */
export function createWakeQueue({ client, queues, speed = () => 1 }: WakeQueueOptions): WakeQueue {
  return {
    async send(wakes, now, { alone = false } = {}) {
      for (const { queue, messages } of wakeMessages(wakes, now, { alone, speed: speed() })) {
        const refused = await sendBatches(
          client,
          queues[queue],
          messages.map(({ body, delaySeconds }) => ({ MessageBody: body, DelaySeconds: delaySeconds })),
        );
        if (refused.length > 0)
          throw new Error(`The wake queue refused ${refused.length} of ${messages.length} messages`);
      }
    },
  };
}

/** The messages that wakes make, for the queue each of them belongs to. */
export interface QueuedWakes {
  readonly queue: 'wake' | 'delivery';
  readonly messages: readonly { readonly body: string; readonly delaySeconds: number }[];
}

/**
 * How wakes travel: those of one second together, delayed so that they arrive in it.
 * @param options `alone`: one wake a message; `speed`: how many seconds of the clock pass in a real one, default 1
 */
export function wakeMessages(
  wakes: readonly DueWake[],
  now: number,
  { alone = false, speed = 1 }: { readonly alone?: boolean; readonly speed?: number } = {},
): readonly QueuedWakes[] {
  const isDelivery = ({ ref }: DueWake) => ref.type === 'delivery';
  const queued = (queue: QueuedWakes['queue'], its: readonly DueWake[], most: number): QueuedWakes => ({
    queue,
    messages: groupWakes(its, alone ? 1 : most).map((group) => messageOf(group, now, speed)),
  });
  const others = wakes.filter((wake) => !isDelivery(wake));
  const all = [
    queued('wake', others, MAX_WAKES_PER_MESSAGE),
    queued('delivery', wakes.filter(isDelivery), DELIVERIES_PER_MESSAGE),
  ];
  return all.filter(({ messages }) => messages.length > 0);
}

/** Few: whoever receives a message has done when the slowest attempt of it has. */
const DELIVERIES_PER_MESSAGE = 5;

/** Wakes of one second together, earliest first, as many as a message is to hold. */
function groupWakes(wakes: readonly DueWake[], most: number): DueWake[][] {
  const groups: DueWake[][] = [];
  let second = Number.NaN;
  for (const wake of [...wakes].sort((a, b) => a.at - b.at)) {
    const group = groups.at(-1);
    const its = Math.floor(wake.at / SECOND_MS);
    if (group && its === second && group.length < most) group.push(wake);
    else groups.push([wake]);
    second = its;
  }
  return groups;
}

function messageOf(group: readonly DueWake[], now: number, pace: number): QueuedWakes['messages'][number] {
  const at = group[0]?.at ?? now;
  const message: WakeMessage = {
    v: 1,
    at,
    wakes: group.map((wake) => ({
      jurisdiction: wake.ref.jurisdiction,
      type: wake.ref.type,
      id: wake.ref.id,
      at: wake.at,
    })),
  };
  // Whole seconds only: a ceiling would be late by up to one.
  const seconds = Math.floor(((at - now) / pace - ON_THE_WAY_MS) / SECOND_MS);
  const delaySeconds = at <= now ? 0 : Math.min(LONGEST_DELAY_SECONDS, Math.max(0, seconds));
  return { body: JSON.stringify(message), delaySeconds };
}
