import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@duban/local-cloud/emulators/index';
import { startLocalCloud } from '@duban/local-cloud/local-cloud';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));
/** Kept between runs: what pip installed. */
const KEPT = resolve('.ci/schemathesis');
const SECONDS = process.env.DUBAN_SCHEMATHESIS_SECONDS ?? '90';
const EXAMPLES = process.env.DUBAN_SCHEMATHESIS_EXAMPLES ?? '6';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

/** Installs with pip into a folder of its own, once for each list of requirements. */
async function install(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const packages = join(KEPT, `packages-${digest}`);
  if (existsSync(packages)) return packages;
  const unfinished = `${packages}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(KEPT, { recursive: true });
  const options = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location', '--target', unfinished];
  await run('python3', ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS]);
  renameSync(unfinished, packages);
  return packages;
}

/** The whole local cloud with the county in it, asked over a socket by whoever may do most. */
const packages = await install();
const dataDir = mkdtempSync(join(tmpdir(), 'duban-schemathesis-'));
const cloud = await startLocalCloud({ dataDir, port: await freePort(), quiet: true });
try {
  const answered = await fetch(new URL('/dev/token', cloud.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"admin":true}',
  });
  const { accessToken } = (await answered.json()) as { accessToken: string };
  const words = [
    ...['-m', 'schemathesis.cli', 'run', new URL('/openapi.json', cloud.url).href],
    ...['--header', `Authorization: Bearer ${accessToken}`, '--checks', CHECKS.join(',')],
    ...['--phases', 'examples,coverage,fuzzing', '--max-examples', EXAMPLES, '--max-time', SECONDS],
    ...[
      '--request-timeout',
      '30',
      '--generation-database',
      'none',
      '--no-color',
      '--continue-on-failure',
      '--warnings',
      'off',
    ],
    ...process.argv.slice(2),
  ];
  const child = spawn('python3', words, {
    stdio: 'inherit',
    cwd: dataDir,
    env: { ...process.env, PYTHONPATH: packages },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((done) => child.once('close', (code) => done(code ?? 1)));
} finally {
  await cloud.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
