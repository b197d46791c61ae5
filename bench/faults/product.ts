import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@duban/local-cloud/emulators/index';
import { DYNAMODB_CHANCES, SQS_CHANCES } from '@duban/testkit/faults/chances';
import {
  type DynamoDbFault,
  type FaultProxy,
  type SqsFault,
  startDynamoDbProxy,
  startSqsProxy,
} from '@duban/testkit/faults/proxy';
import { ProductApi } from '@duban/testkit/stories/product-api';
import { z } from 'zod';

export const VICTIMS = ['server', 'dynamodb'] as const;
export type Victim = (typeof VICTIMS)[number];

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../packages/local-cloud/src/cli.ts', import.meta.url));
const LOOK_EVERY_MS = 25;
/** A product that has not come back by then does not come back. */
const PATIENCE_MS = 120_000;
const runtime = z.object({ pid: z.int(), dynamoDb: z.object({ pid: z.int() }) });

/** The product as processes on a folder of its own, spoken to over HTTP; its network is faulty when told to be. */
export class FaultyProduct extends ProductApi {
  /** Times the server ended without having been killed, and was started again. */
  fellOver = 0;
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'duban-faults-'));
  readonly #dynamoDb: FaultProxy<DynamoDbFault>;
  readonly #sqs: FaultProxy<SqsFault>;
  readonly #ports: { server: number; dynamoDb: number; sqs: number };
  #child: ChildProcess | null = null;
  #ended = false;

  private constructor(
    dynamoDb: FaultProxy<DynamoDbFault>,
    sqs: FaultProxy<SqsFault>,
    ports: { server: number; dynamoDb: number; sqs: number },
  ) {
    super(`http://127.0.0.1:${ports.server}`);
    this.#dynamoDb = dynamoDb;
    this.#sqs = sqs;
    this.#ports = ports;
  }

  static async start(seed: number): Promise<FaultyProduct> {
    const ports = { server: await freePort(), dynamoDb: 0, sqs: 0 };
    const at = (port: 'dynamoDb' | 'sqs') => () => `http://127.0.0.1:${ports[port]}`;
    const dynamoDb = await startDynamoDbProxy({ target: at('dynamoDb'), seed });
    const sqs = await startSqsProxy({ target: at('sqs'), seed: seed + 1 });
    const product = new FaultyProduct(dynamoDb, sqs, ports);
    await product.#launch();
    await product.#answers();
    return product;
  }

  /** DynamoDB Local itself, past the proxy. */
  get dynamoDbEndpoint(): string {
    return `http://127.0.0.1:${this.#ports.dynamoDb}`;
  }

  faults(on: boolean): void {
    this.#dynamoDb.chances(on ? DYNAMODB_CHANCES : {});
    this.#sqs.chances(on ? SQS_CHANCES : {});
  }

  /** Faults met so far, by service and kind. */
  met(): Readonly<Record<string, number>> {
    const named = (service: string, met: Readonly<Record<string, number>>) =>
      Object.entries(met).map(([kind, count]) => [`${service} ${kind}`, count]);
    return Object.fromEntries([...named('dynamodb', this.#dynamoDb.met()), ...named('sqs', this.#sqs.met())]);
  }

  /**
   * kill -9, and what follows from it: whoever supervises starts the server again, and the server DynamoDB Local.
   * @returns seconds until a request that reads ledger and views was answered again
   */
  async strike(victim: Victim): Promise<number> {
    const child = this.#child;
    const pid = await this.#pidOf(victim);
    const struck = performance.now();
    process.kill(pid, 'SIGKILL');
    // Or the last answers of the one that is dying would count as its successor's.
    if (victim === 'server' && child !== null) await once(child, 'close');
    else await gone(pid);
    await this.#answers();
    return (performance.now() - struck) / 1_000;
  }

  /** Runs `npm run duban -- …` beside it. */
  async command(...words: readonly string[]): Promise<{ readonly ok: boolean; readonly said: string }> {
    const options = { env: { ...process.env, DUBAN_DATA: this.#dataDir }, maxBuffer: 64 * 1024 * 1024 };
    return promisify(execFile)(process.execPath, [CLI, ...words], options).then(
      ({ stdout }) => ({ ok: true, said: stdout }),
      (error: { stdout?: string; message: string }) => ({ ok: false, said: error.stdout || error.message }),
    );
  }

  async stop(): Promise<void> {
    this.#ended = true;
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await Promise.all([this.#dynamoDb.stop(), this.#sqs.stop()]);
    rmSync(this.#dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** New ports for the emulators: what the killed one has started may still be letting go of the old ones. */
  async #launch(): Promise<void> {
    this.#ports.dynamoDb = await freePort();
    this.#ports.sqs = await freePort();
    const child = spawn(process.execPath, ['--max-old-space-size=256', SERVER], {
      env: {
        ...process.env,
        DUBAN_DATA: this.#dataDir,
        PORT: String(this.#ports.server),
        FAULTS_DYNAMODB_PORT: String(this.#ports.dynamoDb),
        FAULTS_DYNAMODB_PROXY: this.#dynamoDb.endpoint,
        FAULTS_SQS_PORT: String(this.#ports.sqs),
        FAULTS_SQS_PROXY: this.#sqs.endpoint,
      },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    this.#child = child;
    child.once('close', (_code, signal) => {
      if (this.#ended) return;
      if (signal === null) this.fellOver += 1;
      void this.#launch();
    });
  }

  /** Resolves when a list is answered: that reads the structure from the ledger, and the views. */
  async #answers(): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        await this.call('GET', '/v1/tasks?limit=1', undefined, await this.adminToken());
        return;
      } catch (error) {
        if (performance.now() - began > PATIENCE_MS) throw error;
        await pause(LOOK_EVERY_MS);
      }
    }
  }

  /** Of the one that runs: what is written down may be the last one's for a moment. */
  async #pidOf(victim: Victim): Promise<number> {
    if (victim === 'server' && this.#child?.pid !== undefined) return this.#child.pid;
    for (;;) {
      const { dynamoDb } = runtime.parse(JSON.parse(readFileSync(join(this.#dataDir, 'runtime.json'), 'utf8')));
      if (isAlive(dynamoDb.pid)) return dynamoDb.pid;
      await pause(LOOK_EVERY_MS);
    }
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(1);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
