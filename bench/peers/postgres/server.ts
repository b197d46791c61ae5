import { type ChildProcess, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@duban/local-cloud/emulators/index';
import pg from 'pg';
import { kill9Tree, spawnServer, userFor } from '../lib/processes.ts';

const START_PATIENCE_MS = 30_000;
/** Where Debian keeps its versions. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of initdb and postgres; null when they are not installed. */
export function postgresFolder(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null;
}

/** PostgreSQL on a folder of its own and on the loopback, as it comes: fsync, synchronous_commit and full_page_writes are on. */
export class PostgresServer {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'duban-peers-pg-'));
  readonly #user = userFor('postgres');
  readonly #folder: string;
  #port = 0;
  #child: ChildProcess | null = null;
  #gone: Promise<void> = Promise.resolve();

  constructor() {
    const folder = postgresFolder();
    if (folder === null) throw new Error('PostgreSQL is not installed.');
    this.#folder = folder;
  }

  get url(): string {
    return `postgres://peers@127.0.0.1:${this.#port}/postgres`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('PostgreSQL has not been started.');
    return pid;
  }

  async start(): Promise<void> {
    if (this.#user !== null) chownSync(this.#dataDir, this.#user.uid, this.#user.gid);
    const options = ['-D', this.#dataDir, '-U', 'peers', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    execFileSync(join(this.#folder, 'initdb'), options, { ...this.#user, stdio: 'ignore', cwd: '/' });
    this.#port = await freePort();
    await this.#launch();
  }

  /** Until it answers: after kill -9 it refuses to start while a process of the old one still lives. */
  async #launch(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='].flatMap((setting) => ['-c', setting]);
    const begun = performance.now();
    for (let alive = false; performance.now() - begun < START_PATIENCE_MS; ) {
      if (!alive) {
        const child = spawnServer(
          join(this.#folder, 'postgres'),
          ['-D', this.#dataDir, '-p', String(this.#port), ...settings],
          this.#user,
        );
        alive = true;
        this.#child = child;
        this.#gone = new Promise((resolve) =>
          child.once('close', () => {
            alive = false;
            resolve();
          }),
        );
      }
      if (await this.#answers()) return;
      await pause(50);
    }
    throw new Error('PostgreSQL did not start.');
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The postmaster and every process of it. */
  kill9(): void {
    kill9Tree(this.pid);
  }

  async restart(): Promise<void> {
    await this.#gone;
    await this.#launch();
  }

  async stop(): Promise<void> {
    if (this.#child !== null) {
      // At once, without waiting for anybody's connection.
      this.#child.kill('SIGQUIT');
      await this.#gone;
    }
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
