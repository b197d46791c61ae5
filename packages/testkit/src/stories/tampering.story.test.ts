import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type AggregateType, aggregates, type EventStore, type Head, type StreamRef } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { createEventStore, createTables } from '@duban/dynamodb';
import { createApp } from '@duban/http-api';
import { auditVerify } from '@duban/local-cloud/commands/audit';
import { DataFolder } from '@duban/local-cloud/data-folder';
import { startSqs } from '@duban/local-cloud/emulators/index';
import { AUDIENCE, createIssuer, LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDynamoDb } from '../emulators.ts';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import {
  BLOB_TAMPERINGS,
  byAnother,
  COMMIT_TAMPERINGS,
  forgedFrom,
  HEAD_TAMPERINGS,
  lastVersionOf,
  NOTHING,
  putStream,
  type StoredStream,
  storedStream,
  type Tampered,
} from '../tampering.ts';
import { type County, countyOf, DIRECTOR } from './county.ts';
import { FOUND_IN_TOWN, OWNER, TOWN } from './duty-county.ts';
import { MEETING, SUPERVISION, UNIT, UNIT_HEAD } from './incident-county.ts';
import { reportCounty } from './report-county.ts';

const TYPES = Object.keys(aggregates) as AggregateType[];
const CLI = fileURLToPath(new URL('../../../local-cloud/src/cli.ts', import.meta.url));

let system: CloudTestSystem;
let ledger: string;
let store: EventStore;
/** One of each type, with three commits where there is one with as many, and with few. */
const streams = new Map<AggregateType, StoredStream>();
let ask: (aggregate: string) => Promise<{ status: number; body: unknown }>;

/** A week in which something happens to one of everything. */
async function live(county: County): Promise<void> {
  const made = async (person: string, path: string, body: object): Promise<string> => {
    const answer = await county.as(person).post<{ id: string }>(path, body);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const problem = await made(TOWN, '/v1/problems', { ...FOUND_IN_TOWN, unit: '县住建局', term: 'one_month' });
  await made(UNIT_HEAD, '/v1/incidents', {
    ...{ kind: MEETING, unit: UNIT, title: '会议', startsAt: '2023-08-26', mode: 'written' },
    facts: { time: '上午', place: '县政府', course: '会议', signer: '杨宏玉', contact: '值班室' },
  });
  const hook = await made(DIRECTOR.person, '/v1/webhooks', {
    ...{ recipient: { post: DIRECTOR.post }, name: '转发', url: 'https://example.com/hook' },
  });
  await made(DIRECTOR.person, `/v1/webhooks/${hook}/secret`, {});
  await made(DIRECTOR.person, `/v1/webhooks/${hook}/test`, {});
  await made(OWNER, `/v1/problems/${problem}/solution`, { outcome: '已解决' });
  await county.advance('2023-09-01T10:00:00+08:00');
  await made(DIRECTOR.person, `/v1/webhooks/${hook}/cancellation`, {});
  await system.settle();
}

beforeAll(async () => {
  system = await reportCounty(createCloudTestSystem);
  await live(countyOf(system));
  await testDynamoDb();
  // The names of a copy on one machine, so that the command finds it; nothing follows these tables.
  ({ ledger } = await createTables(system.client, 'duban-'));
  store = createEventStore({ client: system.client, tableName: ledger, codecs });
  for (const type of TYPES) {
    const candidates = await Promise.all(
      (await refsOf(type)).map((ref) => storedStream(system.client, system.tables.ledger, ref)),
    );
    const [chosen] = candidates.sort((a, b) => Math.abs(a.commits.length - 3) - Math.abs(b.commits.length - 3));
    if (chosen === undefined) throw new Error(`There is no ${type}`);
    streams.set(type, chosen);
    await putStream(system.client, ledger, chosen);
  }
  const issuer = await createIssuer('https://issuer.test');
  const app = createApp({
    deps: { ...system.deps, store },
    auth: { issuer: issuer.issuer, audience: AUDIENCE, keys: issuer.keys },
    bootstrapAdmins: [LOCAL_ADMIN],
    defaultJurisdiction: system.jurisdiction,
  });
  const authorization = `Bearer ${await issuer.token(SUPERVISION)}`;
  ask = async (aggregate) => {
    const answer = await app.request(`/v1/audit/verification?aggregate=${encodeURIComponent(aggregate)}`, {
      headers: { authorization },
    });
    return { status: answer.status, body: await answer.json() };
  };
}, 300_000);
afterAll(() => system.close());

/** A dozen of a type, those with most versions. */
async function refsOf(type: AggregateType): Promise<readonly StreamRef[]> {
  const heads: Head[] = [];
  for await (const head of system.deps.store.scanHeads(null)) if (head.ref.type === type) heads.push(head);
  return heads
    .sort((a, b) => b.version - a.version)
    .slice(0, 12)
    .map(({ ref }) => ref);
}

const streamOf = (type: AggregateType) => streams.get(type) as StoredStream;
/** What the table holds of each, when it is not as it was. */
const tamperedWith = new Map<AggregateType, StoredStream>();
async function put(stream: StoredStream): Promise<void> {
  const { type } = stream.ref;
  await putStream(system.client, ledger, stream, tamperedWith.get(type) ?? streamOf(type));
  tamperedWith.set(type, stream);
}

async function command(options: Parameters<typeof auditVerify>[2] = {}) {
  const said: string[] = [];
  const ok = await auditVerify({ store }, system.jurisdiction, options, (line) => said.push(line));
  return { ok, said };
}

/** Both name the aggregate and the version; afterwards the stream is as it was. */
async function named({ stream, version }: Tampered, what: string): Promise<void> {
  const { id, type } = stream.ref;
  await put(stream);
  const { ok, said } = await command({ aggregate: id });
  expect(ok, what).toBe(false);
  expect(said[0]?.startsWith(`433122 ${id} version ${version}: `), `${what}: ${said[0]}, not ${version}`).toBe(true);
  const { status, body } = await ask(id);
  expect(status, what).toBe(200);
  expect(body, what).toMatchObject({ ok: false, aggregate: id, version });
  await put(streamOf(type));
}

describe.each(TYPES)('a %s', (type) => {
  it('is whole, with commits to tamper with', async () => {
    const stream = streamOf(type);
    expect(stream.commits.length).toBeGreaterThan(type === 'report' ? 0 : 1);
    expect(await ask(stream.ref.id)).toEqual({ status: 200, body: { ok: true, versions: lastVersionOf(stream) } });
    expect((await command({ aggregate: stream.ref.id })).ok).toBe(true);
  });

  it('names the version of whatever is done to its first, a middle and its last commit', async () => {
    const stream = streamOf(type);
    const last = stream.commits.length - 1;
    for (const place of new Set([0, last >> 1, last])) {
      for (const [what, tamper] of Object.entries(COMMIT_TAMPERINGS)) {
        const tampered = tamper(stream, place);
        if (tampered !== null) await named(tampered, `commit ${place} of ${last + 1} ${what}`);
      }
    }
  });

  it('names the version of whatever is done to its head', async () => {
    for (const [what, tamper] of Object.entries(HEAD_TAMPERINGS)) {
      const tampered = tamper(streamOf(type));
      if (tampered !== null) await named(tampered, `head ${what}`);
    }
  });
});

it.each(['structure', 'report'] as const)('a blob that a %s names cannot be exchanged or taken away', async (type) => {
  for (const [what, tamper] of Object.entries(BLOB_TAMPERINGS)) {
    await named(tamper(streamOf(type)) as Tampered, `blob ${what}`);
  }
});

describe('npm run duban -- audit verify', () => {
  it('names every one of them, also those without a head or with an unreadable one, and ends with 1', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'duban-tampering-'));
    const sqs = await startSqs({ dataDir: null });
    const { endpoint } = await testDynamoDb();
    const runtime = { pid: process.pid, url: 'http://127.0.0.1', dynamoDb: { endpoint, pid: process.pid } };
    new DataFolder(dataDir).keepRuntime({ ...runtime, sqs: { endpoint: sqs.endpoint } });
    const run = () =>
      promisify(execFile)(process.execPath, [CLI, 'audit', 'verify'], {
        env: { ...process.env, DUBAN_DATA: dataDir },
      }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
      );
    expect(await run()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${TYPES.length} chains verified, 0 faults`),
    });
    const expected: string[] = [];
    for (const [number, type] of TYPES.entries()) {
      const stream = streamOf(type);
      const ways = [
        HEAD_TAMPERINGS.removed,
        HEAD_TAMPERINGS['its state made unreadable'],
        HEAD_TAMPERINGS['its hash changed'],
      ];
      const tampered = ways[number % ways.length]?.(stream) as Tampered;
      await put(tampered.stream);
      expected.push(`433122 ${stream.ref.id} version ${tampered.version}: `);
    }
    const { code, stdout } = await run();
    for (const line of expected) expect(stdout).toContain(line);
    expect(stdout).toContain(`${TYPES.length} chains verified, ${TYPES.length} faults`);
    expect(code).toBe(1);
    for (const stream of streams.values()) await put(stream);
    await sqs.stop();
    rmSync(dataDir, { recursive: true });
  });
});

describe('an anchor', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'duban-anchor-'));
    file = join(folder, 'anchor.txt');
    expect((await command({ anchor: file })).ok).toBe(true);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const task = () => streamOf('task');
  const line = (version: number, fault: string) => `433122 ${task().ref.id} version ${version}: ${fault}`;

  it('is the same file of the same ledger, and says what it was compared with', async () => {
    const again = join(folder, 'again.txt');
    const { ok, said } = await command({ against: file, anchor: again });
    expect(ok).toBe(true);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(file, 'utf8'));
    const digests = said.slice(1).map((text) => /[0-9a-f]{64}$/.exec(text)?.[0]);
    expect(digests).toHaveLength(2);
    expect(digests[0]).toBe(digests[1]);
  });

  it('knows a chain that was written anew from a point on, head and all, which the chain itself does not', async () => {
    const forged = forgedFrom(task(), 0, byAnother);
    const hash = forged.commits.at(-1)?.hash as StoredStream['head'][string];
    await put({ ...forged, head: { ...task().head, hash } });
    expect((await command()).ok).toBe(true);
    const { ok, said } = await command({ against: file });
    expect(ok).toBe(false);
    expect(said[0]).toBe(line(lastVersionOf(task()), 'not what was anchored'));
    await put(task());
  });

  it('knows an aggregate that is gone altogether', async () => {
    const { ref, head } = task();
    await put({ ref, head: NOTHING, commits: [], others: [] });
    expect((await command()).ok).toBe(true);
    const { ok, said } = await command({ against: file });
    expect(ok).toBe(false);
    expect(said[0]).toBe(line(Number(head.version?.N), 'anchored, and missing'));
    await put(task());
  });

  it('is not written of a ledger with a fault, and refused when it cannot be read', async () => {
    await put(
      (COMMIT_TAMPERINGS['its text changed'] as NonNullable<(typeof COMMIT_TAMPERINGS)[string]>)(task(), 0)
        ?.stream as StoredStream,
    );
    const never = join(folder, 'never.txt');
    expect((await command({ anchor: never })).ok).toBe(false);
    expect(() => readFileSync(never)).toThrow('ENOENT');
    await put(task());
    for (const text of ['', 'x\n', readFileSync(file, 'utf8').slice(0, -5)]) {
      const torn = join(folder, 'torn.txt');
      writeFileSync(torn, text);
      const { ok, said } = await command({ against: torn });
      expect(ok).toBe(false);
      expect(said).toHaveLength(1);
    }
    expect((await command({ against: join(folder, 'absent.txt') })).said).toHaveLength(1);
  });
});
