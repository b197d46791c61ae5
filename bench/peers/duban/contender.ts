import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoClient, DEFAULT_WAKE_SHARDS, WAKE_INDEX } from '@duban/dynamodb';
import { wakeShard } from '@duban/dynamodb/keys';
import { DataFolder, type Runtime } from '@duban/local-cloud/data-folder';
import { freePort } from '@duban/local-cloud/emulators/index';
import type { Contender, Effects, Struck } from '../lib/contender.ts';
import { kill9Tree } from '../lib/processes.ts';
import { WorkerProcess } from '../lib/worker-process.ts';
import { countLedger } from './count-ledger.ts';

const LEDGER = 'duban-ledger';
const LOOK_EVERY_MS = 50;
/** A page of a scan, after a storm and beside other work. */
const SCAN_TIMEOUT_MS = 60_000;

/**
 * Duban as `npm start` runs it: one process with the handlers, their pollers and the SQS emulator, and DynamoDB Local,
 * which that process starts, starts again when it dies, and takes along when it dies itself.
 */
class Duban implements Contender {
  readonly name = 'Duban, DynamoDB Local';
  readonly refused = null;
  readonly #folder = new DataFolder(mkdtempSync(join(tmpdir(), 'duban-peers-')));
  #worker: WorkerProcess | null = null;

  async start(): Promise<void> {
    const worker = new WorkerProcess(new URL('./worker.ts', import.meta.url), {
      dataDir: this.#folder.path,
      port: await freePort(),
    });
    this.#worker = worker;
    await worker.start();
  }

  get #started(): WorkerProcess {
    if (this.#worker === null) throw new Error('Duban has not been started.');
    return this.#worker;
  }

  get committed(): ReadonlyMap<string, number> {
    return this.#started.committed;
  }

  readonly settle = async (): Promise<void> => this.#started.ask({ ask: 'settle' });

  now(): number {
    const { virtual, real, speed } = this.#folder.clockBase() ?? { virtual: Number.NaN, real: 0, speed: 0 };
    return virtual + (Date.now() - real) * speed;
  }

  async plant(offsets: readonly number[]): Promise<ReadonlyMap<string, number>> {
    return new Map(await this.#started.ask<[string, number][]>({ ask: 'plant', offsets }));
  }

  #runtime(): Runtime {
    const runtime = this.#folder.running();
    if (runtime === null) throw new Error('Duban does not run.');
    return runtime;
  }

  processes() {
    return { worker: this.#started.pid, store: this.#runtime().dynamoDb.pid };
  }

  async #withClient<T>(work: (client: DynamoDBClient) => Promise<T>, requestTimeoutMs = 5_000): Promise<T> {
    const client = createDynamoClient({ endpoint: this.#runtime().dynamoDb.endpoint, requestTimeoutMs });
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }

  /** Asked of the wake index. */
  remaining(at: number): Promise<number> {
    return this.#withClient(async (client) => {
      const shards = Array.from({ length: DEFAULT_WAKE_SHARDS }, (_, shard) => dueIn(client, shard, at));
      return (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
    });
  }

  async strike(what: Struck): Promise<void> {
    const { dynamoDb } = this.#runtime();
    if (what !== 'worker') kill9Tree(dynamoDb.pid);
    if (what !== 'store') this.#started.kill9();
    if (what !== 'store') await this.#started.restart();
    else while (this.#runtime().dynamoDb.pid === dynamoDb.pid) await pause(LOOK_EVERY_MS);
  }

  effects(due: ReadonlyMap<string, number>): Promise<Effects> {
    return this.#withClient((client) => countLedger(client, LEDGER, due), SCAN_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    const running = this.#folder.running();
    await this.#worker?.stop();
    if (running !== null) kill9Tree(running.dynamoDb.pid);
    rmSync(this.#folder.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function dueIn(client: DynamoDBClient, shard: number, at: number): Promise<number> {
  let count = 0;
  for (let from: Record<string, never> | undefined, more = true; more; ) {
    const answer = await client.send(
      new QueryCommand({
        TableName: LEDGER,
        IndexName: WAKE_INDEX,
        Select: 'COUNT',
        KeyConditionExpression: 'wakeShard = :shard AND nextWakeAt <= :at',
        ExpressionAttributeValues: { ':shard': { S: wakeShard(shard) }, ':at': { N: String(at) } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    count += answer.Count ?? 0;
    from = answer.LastEvaluatedKey as typeof from;
    more = from !== undefined;
  }
  return count;
}

export const duban = (): Contender => new Duban();
