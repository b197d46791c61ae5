import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Contender, Effects, Struck } from '../lib/contender.ts';
import { dueById, LEAD_MS, makeItems } from '../lib/items.ts';
import { WorkerProcess } from '../lib/worker-process.ts';
import { type DeadlineJob, eventsKey, HANDLED, itemKey, jobOf, noticesKey, QUEUE } from './keys.ts';
import { type AppendFsync, RedisServer } from './server.ts';

const AT_ONCE = 500;

interface Started {
  readonly redis: Redis;
  readonly queue: Queue<DeadlineJob>;
  readonly worker: WorkerProcess;
}

class BullMq implements Contender {
  readonly name: string;
  readonly settle = null;
  readonly #server: RedisServer;
  #parts: Started | null = null;
  #planted = 0;

  constructor(appendFsync: AppendFsync) {
    this.name = `BullMQ, Redis (appendfsync ${appendFsync})`;
    this.#server = new RedisServer(appendFsync);
  }

  async start(): Promise<void> {
    await this.#server.start();
    const { port } = this.#server;
    const connection = { port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 100 };
    const redis = new Redis(connection);
    const queue = new Queue<DeadlineJob>(QUEUE, { connection });
    for (const each of [redis, queue]) each.on('error', () => undefined);
    const worker = new WorkerProcess(new URL('./bullmq-worker.ts', import.meta.url), { port });
    this.#parts = { redis, queue, worker };
    await worker.start();
  }

  get #started(): Started {
    if (this.#parts === null) throw new Error(`${this.name} has not been started.`);
    return this.#parts;
  }

  get committed(): ReadonlyMap<string, number> {
    return this.#started.worker.committed;
  }
  get refused(): number {
    return this.#started.worker.refused;
  }

  now(): number {
    return Date.now();
  }

  async plant(offsets: readonly number[]): Promise<ReadonlyMap<string, number>> {
    const { redis, queue } = this.#started;
    const planted = makeItems(offsets, Date.now() + LEAD_MS);
    for (let start = 0; start < planted.length; start += AT_ONCE) {
      const some = planted.slice(start, start + AT_ONCE);
      const rows = redis.pipeline();
      for (const { id, item } of some) rows.hset(itemKey(id), { step: '0', body: JSON.stringify(item) });
      await rows.exec();
      await queue.addBulk(some.map(({ id, dueAt }) => jobOf({ id, step: 0 }, dueAt, Date.now())));
    }
    this.#planted += planted.length;
    return dueById(planted);
  }

  processes() {
    return { worker: this.#started.worker.pid, store: this.#server.pid };
  }

  /** Of all that were planted: what was planted before has been handled. A job is done with its next deadline only. */
  async remaining(): Promise<number> {
    const { redis, queue } = this.#started;
    const left = this.#planted - Number((await redis.get(HANDLED)) ?? 0);
    return Math.max(left, await queue.getJobCountByTypes('active', 'wait'));
  }

  async strike(what: Struck): Promise<void> {
    const { worker } = this.#started;
    if (what !== 'worker') this.#server.kill9();
    if (what !== 'store') worker.kill9();
    if (what !== 'worker') await this.#server.restart();
    if (what !== 'store') await worker.restart();
  }

  async effects(due: ReadonlyMap<string, number>): Promise<Effects> {
    const { redis, queue } = this.#started;
    let lost = 0;
    let doubled = 0;
    const ids = [...due.keys()];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      const counts = await Promise.all(
        some.map((id) =>
          Promise.all([
            redis.llen(eventsKey(id)),
            redis.hlen(noticesKey(id)),
            queue.getJobState(`${id}-1`).then((state) => (state === 'delayed' ? 1 : 0)),
          ]),
        ),
      );
      lost += counts.filter((each) => Math.min(...each) === 0).length;
      doubled += counts.filter((each) => Math.max(...each) > 1).length;
    }
    return { lost, doubled };
  }

  async stop(): Promise<void> {
    if (this.#parts !== null) {
      const { redis, queue, worker } = this.#parts;
      await worker.stop();
      redis.disconnect();
      await queue.disconnect();
    }
    await this.#server.stop();
  }
}

export const bullMq = (appendFsync: AppendFsync): Contender => new BullMq(appendFsync);
