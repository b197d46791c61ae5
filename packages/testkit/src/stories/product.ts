import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventStore } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { createDynamoClient, createEventStore, tableNames } from '@duban/dynamodb';
import { freePort } from '@duban/local-cloud/emulators/index';
import { z } from 'zod';
import { ProductApi } from './product-api.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const manifest = z.object({ scripts: z.object({ start: z.string() }) });
/** What `npm start` runs, but for npm itself, which would stand between a signal and the product. */
const [, ...START] = manifest
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
  .scripts.start.split(' ');
const started: { child: ChildProcess; dataDir: string }[] = [];

interface Runtime {
  readonly pid: number;
  readonly dynamoDb: { readonly endpoint: string; readonly pid: number };
}

/** What a crash takes with it. */
export interface Crash {
  readonly node: boolean;
  readonly java: boolean;
}

/** The product as a person starts it, in a folder and on a port of its own. */
export class Product extends ProductApi {
  readonly #dataDir: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  readonly #env: Readonly<Record<string, string>>;

  private constructor(dataDir: string, port: number, env: Readonly<Record<string, string>>) {
    super(`http://127.0.0.1:${port}`);
    this.#env = env;
    this.#dataDir = dataDir;
    this.#port = port;
  }

  /**
   * @param outbound how notices leave, as an operator writes it
   * @param from a folder of {@link prepare}, of which a copy is taken; default: an empty one, in which the county is seeded
   */
  static async start(outbound: object = {}, from: string | null = null): Promise<Product> {
    const dataDir = newFolder();
    if (from !== null) cpSync(from, dataDir, { recursive: true });
    const file = join(dataDir, 'outbound.json');
    writeFileSync(file, JSON.stringify(outbound));
    const product = new Product(dataDir, await freePort(), { DUBAN_OUTBOUND: file });
    await product.#launch();
    return product;
  }

  /** A folder that a product has seeded, worked in and left in good order; whoever asks for it removes it. */
  static async prepare(work: (product: Product) => Promise<void>): Promise<string> {
    const product = await Product.start();
    await work(product);
    const gone = new Promise((resolve) => product.#child?.once('close', resolve));
    product.#child?.kill('SIGINT');
    await gone;
    // It stays until all have been copied from it.
    started.splice(
      started.findIndex(({ dataDir }) => dataDir === product.#dataDir),
      1,
    );
    return product.#dataDir;
  }

  async #launch(): Promise<void> {
    const child = spawn(process.execPath, START, {
      cwd: ROOT,
      env: { ...process.env, ...this.#env, DUBAN_DATA: this.#dataDir, PORT: String(this.#port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    started.push({ child, dataDir: this.#dataDir });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += String(chunk);
        if (said.includes('Ctrl+C')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('close', () => reject(new Error(`It ended before it had started: ${said}`)));
    });
  }

  get pid(): number {
    return this.#runtime().pid;
  }

  get databasePid(): number {
    return this.#runtime().dynamoDb.pid;
  }

  /** kill -9. */
  strike({ node, java }: Crash): void {
    const { pid, dynamoDb } = this.#runtime();
    if (java) process.kill(dynamoDb.pid, 'SIGKILL');
    if (node) process.kill(pid, 'SIGKILL');
  }

  /** Starts it again on the same folder, once it is gone. */
  async restart(): Promise<void> {
    const child = this.#child;
    if (child !== null && (child.exitCode ?? child.signalCode) === null) {
      await new Promise((resolve) => child.once('close', resolve));
    }
    await this.#launch();
  }

  /** Its ledger, wherever that is after a restart. */
  ledger(): EventStore {
    const client = createDynamoClient({ endpoint: this.#runtime().dynamoDb.endpoint });
    return createEventStore({ client, tableName: tableNames('duban-').ledger, codecs });
  }

  #runtime(): Runtime {
    return JSON.parse(readFileSync(join(this.#dataDir, 'runtime.json'), 'utf8')) as Runtime;
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'duban-crash-'));
}

/** Ends every product a test has started and removes its data. */
export async function endProducts(): Promise<void> {
  for (const { child, dataDir } of started.splice(0)) {
    const gone = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
