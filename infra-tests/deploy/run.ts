import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { installLocalAws, makeCertificate } from './local-aws.ts';

// Kept between runs: what pip installed. The rest is made anew.
const KEPT = resolve('.ci/local-aws');
const work = resolve(KEPT, `run-${process.pid}`);

mkdirSync(work, { recursive: true });
const packages = await installLocalAws(KEPT);
const certificate = await makeCertificate(work);
const vitest = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--config', 'infra-tests/deploy/vitest.config.ts'];
// A process trusts a certificate from its start on, so that whoever talks to the emulator is started with it.
const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: certificate.cert };
const child = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...trusting, DUBAN_TEST_AWS: JSON.stringify({ packages, work, certificate }) },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
process.exitCode = await new Promise<number>((done) => child.once('close', (code) => done(code ?? 1)));
rmSync(work, { recursive: true, force: true });
