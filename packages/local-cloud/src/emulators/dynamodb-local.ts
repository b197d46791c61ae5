import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JavaMissingError, javaCommand, requireJava } from './java.ts';
import { packageFolder } from './package-folder.ts';

const START_TIMEOUT_MS = 60_000;

export interface DynamoDbLocalOptions {
  /** Folder of the tables; null keeps them in memory. It is created when it does not exist. */
  readonly dataDir: string | null;
  /** A free one is picked when left out. */
  readonly port?: number;
}

export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly pid: number;
  /** Lets it finish what it is doing; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL, as a power failure would; for crash tests. */
  kill9(): void;
}

/** A port of 127.0.0.1 that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

function launch(command: string, workDir: string, port: number, dataDir: string | null): ChildProcess {
  const emulator = join(packageFolder('amplify-dynamodb-simulator'), 'emulator');
  const library = join(emulator, 'DynamoDBLocal_lib');
  const launcher = fileURLToPath(new URL('./LoopbackDynamoDb.java', import.meta.url));
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Djava.library.path=${library}`];
  const classPath = [join(emulator, 'DynamoDBLocal.jar'), join(library, '*')].join(delimiter);
  const storage = dataDir === null ? ['-inMemory'] : ['-dbPath', workDir];
  return spawn(
    command,
    [...flags, '-cp', classPath, launcher, '-port', String(port), '-sharedDb', '-disableTelemetry', ...storage],
    // It writes dynamodb-local-metadata.json where it stands, so it stands among its own data.
    { cwd: workDir, stdio: ['pipe', 'pipe', 'pipe'] },
  );
}

/** Resolves at the launcher's word that it listens; rejects with what it said when it ends before that. */
async function started(child: ChildProcess): Promise<void> {
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((done, failed) => {
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        failed(new Error(`DynamoDB Local did not start in ${START_TIMEOUT_MS / 1000} s: ${said}`));
      }, START_TIMEOUT_MS);
      const listen = (chunk: Buffer): void => {
        said = (said + chunk).slice(-4_000);
        if (/^listening$/m.test(said)) done();
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('error', failed);
      child.once('close', (code) => {
        const noCompiler = said.includes('jdk.compiler');
        failed(
          noCompiler
            ? new JavaMissingError(
                'DynamoDB Local needs a Java that can run source files, and this one cannot: install a JDK 17, https://adoptium.net',
              )
            : new Error(`DynamoDB Local ended at once with code ${code}: ${said}`),
        );
      });
    });
  } finally {
    clearTimeout(timer);
  }
  // The pipes must be drained for ever, or the emulator blocks when they fill.
  child.stdout?.removeAllListeners('data').resume();
  child.stderr?.removeAllListeners('data').resume();
}

/**
 * Starts Amazon's DynamoDB Local as a child process that listens on 127.0.0.1 only and ends with this process.
 * It answers when the promise resolves. One database for all regions and credentials (`-sharedDb`).
 *
 * @throws JavaMissingError when Java is missing or older than 17.
 */
export async function startDynamoDbLocal(options: DynamoDbLocalOptions): Promise<DynamoDbLocal> {
  const command = javaCommand();
  await requireJava(command);
  const workDir = options.dataDir === null ? mkdtempSync(join(tmpdir(), 'duban-dynamodb-')) : resolve(options.dataDir);
  mkdirSync(workDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const child = launch(command, workDir, port, options.dataDir);
  const gone = new Promise<void>((done) => child.once('close', () => done()).once('error', () => done()));
  if (options.dataDir === null) void gone.then(() => rmSync(workDir, { recursive: true, force: true }));
  // A write to a process that was killed fails on its pipe; that is what closing it is for.
  child.stdin?.on('error', () => undefined);
  await started(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('DynamoDB Local has no process id');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid,
    stop: () => {
      child.stdin?.end();
      return gone;
    },
    kill9: () => void child.kill('SIGKILL'),
  };
}
