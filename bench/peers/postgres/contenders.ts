import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Contender, Effects, Struck } from '../lib/contender.ts';
import { dueById, LEAD_MS, makeItems, type Planted } from '../lib/items.ts';
import { WorkerProcess } from '../lib/worker-process.ts';
import { EXPIRY, jobOf, QUEUE } from './boss.ts';
import { countEffects, DUE_INDEX, insertItems, remainingItems, SCHEMA } from './items-table.ts';
import { PostgresServer } from './server.ts';

interface Kind {
  readonly name: string;
  readonly worker: URL;
  prepare(pool: pg.Pool, url: string): Promise<void>;
  /** What the items' rows do not say by themselves. */
  schedule(planted: readonly Planted[], url: string): Promise<void>;
  /** item_id and n: how many next deadlines it has. */
  readonly nextDeadlines: string;
}

/** Starts pg-boss for a moment, as who sends jobs and works on none. */
async function withBoss(url: string, work: (boss: PgBoss) => Promise<void>): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await work(boss);
  await boss.stop({ graceful: false });
}

const PG_BOSS: Kind = {
  name: 'pg-boss, PostgreSQL',
  worker: new URL('./boss-worker.ts', import.meta.url),
  prepare: (_, url) => withBoss(url, (boss) => boss.createQueue(QUEUE, EXPIRY)),
  schedule: (planted, url) =>
    withBoss(url, async (boss) => {
      await boss.insert(
        QUEUE,
        planted.map(({ id, dueAt }) => jobOf({ id, step: 0, dueAt })),
      );
    }),
  nextDeadlines: `SELECT data->>'id' AS item_id, count(*) AS n FROM pgboss.job WHERE data->>'step' = '1' GROUP BY 1`,
};

const POLLER: Kind = {
  name: 'SKIP LOCKED by hand, PostgreSQL',
  worker: new URL('./poller-worker.ts', import.meta.url),
  prepare: async (pool) => void (await pool.query(DUE_INDEX)),
  schedule: async () => undefined,
  nextDeadlines: 'SELECT id AS item_id, 1 AS n FROM items WHERE step = 1 AND due_ms IS NOT NULL',
};

class PostgresContender implements Contender {
  readonly name: string;
  readonly settle = null;
  readonly #kind: Kind;
  readonly #server = new PostgresServer();
  #pool: pg.Pool | null = null;
  #worker: WorkerProcess | null = null;

  constructor(kind: Kind) {
    this.name = kind.name;
    this.#kind = kind;
  }

  async start(): Promise<void> {
    await this.#server.start();
    const { url } = this.#server;
    this.#pool = new pg.Pool({ connectionString: url, max: 2 });
    this.#pool.on('error', () => undefined);
    await this.#pool.query(SCHEMA);
    await this.#kind.prepare(this.#pool, url);
    this.#worker = new WorkerProcess(this.#kind.worker, { url });
    await this.#worker.start();
  }

  get #started(): { readonly pool: pg.Pool; readonly worker: WorkerProcess } {
    if (this.#pool === null || this.#worker === null) throw new Error(`${this.name} has not been started.`);
    return { pool: this.#pool, worker: this.#worker };
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
    const planted = makeItems(offsets, Date.now() + LEAD_MS);
    await insertItems(this.#started.pool, planted);
    await this.#kind.schedule(planted, this.#server.url);
    return dueById(planted);
  }

  processes() {
    return { worker: this.#started.worker.pid, store: this.#server.pid };
  }

  remaining(at: number): Promise<number> {
    return remainingItems(this.#started.pool, at);
  }

  async strike(what: Struck): Promise<void> {
    const { worker } = this.#started;
    if (what !== 'worker') this.#server.kill9();
    if (what !== 'store') worker.kill9();
    if (what !== 'worker') await this.#server.restart();
    if (what !== 'store') await worker.restart();
  }

  effects(due: ReadonlyMap<string, number>): Promise<Effects> {
    return countEffects(this.#started.pool, [...due.keys()], this.#kind.nextDeadlines);
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
    await this.#pool?.end().catch(() => undefined);
    await this.#server.stop();
  }
}

export const pgBoss = (): Contender => new PostgresContender(PG_BOSS);
export const skipLocked = (): Contender => new PostgresContender(POLLER);
