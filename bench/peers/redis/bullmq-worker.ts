import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { escalate, type Item } from '../lib/job.ts';
import { serveParent, tellCommitted, workerSettings } from '../lib/tell-parent.ts';
import { type DeadlineJob, eventsKey, HANDLED, itemKey, jobOf, noticesKey, QUEUE, RECOVERY } from './keys.ts';

/** One script is Redis's transaction: nothing of it, when the item has gone on already. */
const RECORD = `
  if redis.call('HGET', KEYS[1], 'step') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'step', ARGV[1] + 1, 'body', ARGV[2])
  redis.call('RPUSH', KEYS[2], ARGV[3])
  redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[4])
  redis.call('INCR', KEYS[4])
  return 1`;

interface Recorder extends Redis {
  record(
    ...keysAndValues: readonly [
      ...keys: readonly [item: string, events: string, notices: string, handled: string],
      ...values: readonly [step: number, body: string, event: string, told: string],
    ]
  ): Promise<number>;
}

const { port } = workerSettings<{ readonly port: number }>();
const connection = { port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 100 };
const redis = new Redis(connection) as Recorder;
redis.on('error', () => undefined);
redis.defineCommand('record', { numberOfKeys: 4, lua: RECORD });
const queue = new Queue<DeadlineJob>(QUEUE, { connection });
queue.on('error', () => undefined);

const worker = new Worker<DeadlineJob>(
  QUEUE,
  async ({ data: { id, step } }) => {
    const body = await redis.hget(itemKey(id), 'body');
    if (body === null) throw new Error('A deadline of no item.');
    const now = Date.now();
    const { item, event, told, nextDueAt } = escalate(JSON.parse(body) as Item, step, now);
    const done = await redis.record(
      ...([itemKey(id), eventsKey(id), noticesKey(id), HANDLED] as const),
      ...([step, JSON.stringify(item), JSON.stringify(event), told] as const),
    );
    const at = Date.now();
    // Not one transaction with the script: who is killed here is asked again, finds the item gone on, and adds it then.
    if (nextDueAt !== null) {
      const next = jobOf({ id, step: step + 1 }, nextDueAt, now);
      await queue.add(next.name, next.data, next.opts);
    }
    if (done === 1) tellCommitted([id], at);
    else tellCommitted([], at, 1);
  },
  { connection, concurrency: 50, ...RECOVERY },
);
worker.on('error', () => undefined);
await worker.waitUntilReady();
serveParent();
