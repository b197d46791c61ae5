import { type ChildProcess, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@duban/local-cloud/emulators/index';
import { Redis } from 'ioredis';
import { kill9Tree, spawnServer, userFor } from '../lib/processes.ts';

const START_PATIENCE_MS = 30_000;

/** When what is written reaches the disk: before each answer, or within a second of it. */
export type AppendFsync = 'always' | 'everysec';

export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Redis on a folder of its own and on the loopback, with every write in its append-only file. */
export class RedisServer {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'duban-peers-redis-'));
  readonly #user = userFor('redis');
  readonly #appendFsync: AppendFsync;
  #child: ChildProcess | null = null;
  #gone: Promise<void> = Promise.resolve();
  port = 0;

  constructor(appendFsync: AppendFsync) {
    this.#appendFsync = appendFsync;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('Redis has not been started.');
    return pid;
  }

  async start(): Promise<void> {
    if (this.#user !== null) chownSync(this.#dataDir, this.#user.uid, this.#user.gid);
    this.port = await freePort();
    await this.#launch();
  }

  async #launch(): Promise<void> {
    const settings = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: this.#dataDir,
      appendonly: 'yes',
      appendfsync: this.#appendFsync,
      save: '',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawnServer('redis-server', args, this.#user);
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()));
    const client = new Redis({
      port: this.port,
      host: '127.0.0.1',
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    client.on('error', () => undefined);
    // It answers LOADING with an error until its file is read.
    const begun = performance.now();
    while ((await client.ping().catch(() => '')) !== 'PONG') {
      if (performance.now() - begun > START_PATIENCE_MS) throw new Error('Redis did not start.');
      await pause(20);
    }
    client.disconnect();
  }

  kill9(): void {
    kill9Tree(this.pid);
  }

  async restart(): Promise<void> {
    await this.#gone;
    await this.#launch();
  }

  async stop(): Promise<void> {
    if (this.#child !== null) {
      this.kill9();
      await this.#gone;
    }
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
