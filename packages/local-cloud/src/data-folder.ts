import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyRing, newKeyRing, parseKeyRing } from '@duban/sealing';
import { z } from 'zod';

const runtime = z.strictObject({
  pid: z.int(),
  url: z.string(),
  dynamoDb: z.strictObject({ endpoint: z.string(), pid: z.int() }),
  sqs: z.strictObject({ endpoint: z.string() }),
});
/** Where the parts of a running copy listen. */
export type Runtime = z.infer<typeof runtime>;

const clockBase = z.strictObject({ virtual: z.number(), real: z.number(), speed: z.number().nonnegative() });

/** Somebody else is at work in the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/** A ledger was being restored here and is not whole. */
export class UnfinishedRestoreError extends Error {
  override readonly name = 'UnfinishedRestoreError';
}

/** All that one copy of the local cloud keeps. */
export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
  }

  get dynamoDb(): string {
    return join(this.path, 'dynamodb');
  }
  get sqs(): string {
    return join(this.path, 'sqs');
  }

  /**
   * Takes the folder for this process. The lock of a process that is gone, killed or not, is taken over.
   * @throws FolderInUseError while the other process lives
   */
  lock(): void {
    const file = join(this.path, 'lock');
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner !== process.pid && isAlive(owner)) {
      throw new FolderInUseError(
        `数据目录 ${this.path} 正被进程 ${owner} 使用；请先停止它，或用 DUBAN_DATA 指定另一个目录。\n` +
          `The data folder ${this.path} is in use by process ${owner}: stop it, or name another folder with DUBAN_DATA.`,
      );
    }
    writeFileSync(file, String(process.pid));
  }

  unlock(): void {
    rmSync(join(this.path, 'lock'), { force: true });
    rmSync(join(this.path, 'runtime.json'), { force: true });
  }

  /** The parts of a running copy; null when none runs. */
  running(): Runtime | null {
    const stored = this.#read('runtime.json');
    if (stored === null) return null;
    const parsed = runtime.parse(JSON.parse(stored));
    return isAlive(parsed.pid) ? parsed : null;
  }
  keepRuntime(value: Runtime): void {
    this.#write('runtime.json', JSON.stringify(value));
  }

  clockBase(): z.infer<typeof clockBase> | null {
    const stored = this.#read('clock.json');
    return stored === null ? null : clockBase.parse(JSON.parse(stored));
  }
  keepClockBase(value: z.infer<typeof clockBase>): void {
    this.#write('clock.json', JSON.stringify(value));
  }

  issuerKey(): string | null {
    return this.#read('issuer-key.json');
  }
  keepIssuerKey(value: string): void {
    this.#write('issuer-key.json', value);
  }

  /** The keys that addresses and links are sealed with; made when first asked for. Whoever loses them loses those. */
  keyRing(): KeyRing {
    const kept = this.#read('sealing-keys.json');
    const stored = kept ?? newKeyRing();
    if (kept === null) this.#write('sealing-keys.json', stored);
    return parseKeyRing(stored);
  }

  /** The gazette has been loaded whole. */
  get seeded(): boolean {
    return existsSync(join(this.path, 'seeded'));
  }
  markSeeded(): void {
    this.#write('seeded', '');
  }

  /** From the first row of a restore until its last, nobody may take what is here for a county. */
  beginRestore(): void {
    this.#write('restoring', '');
  }
  endRestore(): void {
    this.markSeeded();
    rmSync(join(this.path, 'restoring'), { force: true });
  }
  /** @throws UnfinishedRestoreError between the two */
  refuseUnfinished(): void {
    if (!existsSync(join(this.path, 'restoring'))) return;
    throw new UnfinishedRestoreError(
      `${this.path} 中的恢复尚未完成；请再次运行 ledger restore，或删除该目录。\n` +
        `A restore in ${this.path} has not been finished: run ledger restore again, or delete the folder.`,
    );
  }

  #read(name: string): string | null {
    try {
      return readFileSync(join(this.path, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Renamed into place: a process killed in the middle leaves the old content, never half of the new. */
  #write(name: string, content: string): void {
    const file = join(this.path, name);
    writeFileSync(`${file}.new`, content, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
