import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EventStore, refKey, taskRef } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import type { ExistingTask } from '@duban/domain';
import { createDynamoClient, createEventStore, tableNames } from '@duban/dynamodb';
import { freePort } from '@duban/local-cloud/emulators/index';
import { afterEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../local-cloud/src/main.ts', import.meta.url));
const ITEMS = 500;
const REFS = Array.from({ length: ITEMS }, (_, index) => taskRef('433122', `task_luxi-2023-anquan-${1000 + index}`));
const started: { child: ChildProcess; dataDir: string }[] = [];

interface Runtime {
  readonly pid: number;
  readonly dynamoDb: { readonly endpoint: string; readonly pid: number };
}

afterEach(async () => {
  for (const { child, dataDir } of started.splice(0)) {
    const gone = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

/** The product as a person starts it, in a folder and on a port of its own. */
async function start(dataDir: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, DUBAN_DATA: dataDir, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push({ child, dataDir });
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
  return child;
}

const runtimeOf = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8')) as Runtime;

async function post(
  url: string,
  path: string,
  body: unknown,
  token = '',
  method = 'POST',
): Promise<{ accessToken: string }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { accessToken: string };
}

/** 500 tasks due at one midnight, and the clock a few seconds before it. */
async function prepareStorm(url: string): Promise<void> {
  const { accessToken } = await post(url, '/dev/token', { admin: true });
  const tasks = REFS.map((_, index) => ({
    documentNumber: '泸政办发〔2023〕5号',
    list: '安全生产',
    seq: 1000 + index,
    title: `排查第${index}处`,
    text: '排查并整改',
    leadUnits: ['县住建局'],
    due: '2023-06-15',
  }));
  await post(url, '/v1/imports', { jurisdiction: '433122', tasks }, accessToken);
  await post(url, '/dev/clock/advance', { to: '2023-06-15T23:59:50+08:00' });
  await post(url, '/dev/clock', { now: '2023-06-15T23:59:57+08:00' }, '', 'PUT');
}

function ledgerAt(endpoint: string): EventStore {
  const client = createDynamoClient({ endpoint });
  return createEventStore({ client, tableName: tableNames('duban-').ledger, codecs });
}

async function escalated(store: EventStore): Promise<number> {
  const heads = await store.loadMany(REFS);
  return REFS.filter(
    (ref) => ((heads.get(refKey(ref))?.state ?? { escalations: [] }) as ExistingTask).escalations.length > 0,
  ).length;
}

async function until(store: () => EventStore, enough: (count: number) => boolean): Promise<number> {
  for (;;) {
    const count = await escalated(store()).catch(() => -1);
    if (enough(count)) return count;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CASES = [
  { dies: 'DynamoDB Local', node: false, java: true },
  { dies: 'the node process', node: true, java: false },
  { dies: 'both', node: true, java: true },
];

it.each(CASES)(
  'kill -9 of $dies in the middle of 500 escalations: each happens exactly once',
  { timeout: 240_000 },
  async ({ node, java }) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'duban-crash-'));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = await start(dataDir, port);
    await prepareStorm(url);
    const before = runtimeOf(dataDir);
    const store = ledgerAt(before.dynamoDb.endpoint);
    const count = await until(
      () => store,
      (found) => found > 0,
    );
    if (java) process.kill(before.dynamoDb.pid, 'SIGKILL');
    if (node) process.kill(before.pid, 'SIGKILL');
    // Struck in the middle, or the case shows nothing.
    expect(count).toBeLessThan(ITEMS);
    if (node) {
      await new Promise((resolve) =>
        (child.exitCode ?? child.signalCode) === null ? child.once('close', resolve) : resolve(null),
      );
      await start(dataDir, port);
    }
    const now = () => ledgerAt(runtimeOf(dataDir).dynamoDb.endpoint);
    await until(now, (found) => found === ITEMS);
    const after = now();
    const twice: string[] = [];
    for (const ref of REFS) {
      const events = await after.read(ref);
      if (events.filter(({ event }) => event.type === 'TaskEscalated').length !== 1) twice.push(ref.id);
      expect(await after.verify(ref)).toMatchObject({ ok: true });
    }
    expect(twice).toEqual([]);
  },
);
