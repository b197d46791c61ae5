import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@duban/local-cloud/emulators/index';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** Where it is deployed to; China's partition by `DUBAN_TEST_REGION=cn-north-1`. */
export const REGION = process.env.DUBAN_TEST_REGION ?? 'ap-southeast-1';

export interface LocalAws {
  readonly endpoint: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Installs the emulator with pip into a folder of its own, once for each list of requirements.
 * @returns where Python finds it
 */
export async function installLocalAws(folder: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const packages = resolve(folder, `packages-${digest}`);
  if (existsSync(packages)) return packages;
  const unfinished = `${packages}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  const options = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location', '--target', unfinished];
  await run('python3', ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS]);
  renameSync(unfinished, packages);
  return packages;
}

/** A certificate for the loopback, so that rules that refuse what is not encrypted can be put to the test. */
export async function makeCertificate(folder: string): Promise<{ readonly cert: string; readonly key: string }> {
  mkdirSync(folder, { recursive: true });
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1';
  const subject = ['-subj', '/CN=localhost', '-addext', names];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...subject,
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  return { cert, key };
}

/**
 * Starts the emulator on a free port of the loopback, over TLS, and with IAM enforced: functions run with the rights of
 * their own roles.
 * @param packages of {@link installLocalAws}
 */
export async function startLocalAws(
  packages: string,
  folder: string,
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<LocalAws> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const child = spawn('python3', ['-m', 'ministack'], {
    cwd: folder,
    env: {
      // The emulator runs the `node` it finds first: ours, and not the system's.
      PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter),
      HOME: folder,
      PYTHONPATH: packages,
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: 'localhost',
      MINISTACK_REGION: REGION,
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: cert,
      MINISTACK_SSL_KEY: key,
      NODE_EXTRA_CA_CERTS: cert,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-20_000);
    });
  }
  await answering(endpoint, child, () => said);
  const { pid } = child;
  if (pid === undefined) throw new Error('The local AWS has no process id.');
  return { endpoint, pid, stop: () => ended(child) };
}

async function answering(endpoint: string, child: ChildProcess, said: () => string): Promise<void> {
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`The local AWS ended at once: ${said()}`);
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  await ended(child);
  throw new Error(`The local AWS did not start in ${START_TIMEOUT_MS / 1000} s: ${said()}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
