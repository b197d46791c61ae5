import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rebuildViews } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { BackupError, createEventStore, createTables, exportLedger, restoreLedger } from '@duban/dynamodb';
import { DataFolder } from '@duban/local-cloud/data-folder';
import { freePort } from '@duban/local-cloud/emulators/index';
import { startLocalCloud } from '@duban/local-cloud/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDynamoDb } from '../emulators.ts';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { ANQUAN, type County, countyOf, DIRECTOR, ISSUED } from './county.ts';

let system: CloudTestSystem;
let county: County;
let lines: readonly string[];
let tables = 0;
beforeAll(async () => {
  system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'structure of luxi' });
  county = countyOf(system);
  const office = county.as(DIRECTOR.person);
  for (const title of ['排查𠮷家坪隐患', '整治䶮头路段', '建\u{2A6D6}台账']) {
    const body = { plan: ANQUAN, title, text: title, leadUnits: ['县住建局'], due: '2023-06-01' };
    expect((await office.post('/v1/tasks', body)).status).toBe(201);
  }
  await county.advance('2023-06-20T08:35:00+08:00');
  lines = await backup();
});
afterAll(() => system.close());

async function backup(): Promise<string[]> {
  const from = { client: system.client, tableName: system.tables.ledger };
  const collected: string[] = [];
  for await (const line of exportLedger(from, { exportedAt: '2023-06-20T00:35:00Z', clock: system.clock.now() })) {
    collected.push(line);
  }
  return collected;
}

/** An empty ledger. */
async function empty(): Promise<string> {
  tables += 1;
  const { tablePrefix } = await testDynamoDb();
  return (await createTables(system.client, `${tablePrefix}restored${tables}-`)).ledger;
}

async function* reading(given: readonly string[]): AsyncGenerator<string> {
  yield* given;
}

const restore = (tableName: string, given: readonly string[]) =>
  restoreLedger({ client: system.client, tableName }, () => reading(given));
const storeOf = (tableName: string) => createEventStore({ client: system.client, tableName, codecs });
const rowsIn = async (tableName: string) => {
  let rows = 0;
  for await (const _ of exportLedger({ client: system.client, tableName }, { exportedAt: '', clock: 0 })) rows += 1;
  return rows - 2;
};

describe('a ledger restored from its backup', () => {
  it('holds every row, every chain, and every rare character', async () => {
    const tableName = await empty();
    expect(await restore(tableName, lines)).toEqual({ rows: lines.length - 2, clock: system.clock.now() });
    const store = storeOf(tableName);
    let heads = 0;
    for await (const head of store.scanHeads(null)) {
      heads += 1;
      expect(await store.verify(head.ref), head.ref.id).toMatchObject({ ok: true });
      expect(head).toEqual(await system.deps.store.load(head.ref));
    }
    expect(heads).toBeGreaterThan(4);
    const again: string[] = [];
    for await (const line of exportLedger({ client: system.client, tableName }, { exportedAt: '', clock: 0 }))
      again.push(line);
    const sorted = (given: readonly string[]) =>
      given
        .slice(1, -1)
        .map((line) => JSON.stringify(Object.entries(JSON.parse(line)).sort()))
        .sort();
    expect(sorted(again)).toEqual(sorted(lines));
  });

  it('shows, once its views are built, what was shown before', async () => {
    const tableName = await empty();
    await restore(tableName, lines);
    const shown = await system.dumpViews();
    await rebuildViews({ ...system.deps, store: storeOf(tableName) });
    expect(await system.dumpViews()).toEqual(shown);
  });

  it('may be restored once more when that died in the middle', async () => {
    const tableName = await empty();
    const half = lines.slice(1, lines.length >> 1).map((line) => JSON.parse(line));
    const torn = [lines[0] ?? '', ...half.map((row) => JSON.stringify(row)), footOf(half)];
    await restore(tableName, torn);
    expect(await rowsIn(tableName)).toBe(half.length);
    await restore(tableName, lines);
    expect(await rowsIn(tableName)).toBe(lines.length - 2);
  });
});

function footOf(rows: readonly object[]): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(JSON.stringify(row)).update('\n');
  return JSON.stringify({ end: true, rows: rows.length, sha256: hash.digest('hex') });
}

describe('a backup is refused, and nothing written,', () => {
  const cases: readonly [string, () => readonly string[], RegExp][] = [
    ['when the file is empty', () => [], /empty/],
    ['when it is something else', () => ['{"a":1}'], /not the beginning of a backup/],
    ['when it was cut short', () => lines.slice(0, -1), /ends in the middle/],
    [
      'when a line was cut',
      () => [...lines.slice(0, 5), lines[5]?.slice(0, 20) ?? '', ...lines.slice(6)],
      /Line 6 cannot be read/,
    ],
    ['when a row is missing', () => lines.filter((_, index) => index !== 7), /missing or altered/],
    [
      'when a row was altered',
      () => lines.map((line, index) => (index === 7 ? line.replace(/"S":"/, '"S":"x') : line)),
      /missing or altered/,
    ],
    [
      'when a row was put in twice',
      () => [...lines.slice(0, 8), lines[7] ?? '', ...lines.slice(8)],
      /missing or altered/,
    ],
    ['when it goes on after its end', () => [...lines, lines[7] ?? ''], /goes on after its end/],
    ['when a row is none', () => [lines[0] ?? '', '{"pk":{"S":"a"}}', ...lines.slice(1)], /Line 2 is not a row/],
  ];
  it.each(cases)('%s', async (_why, given, fault) => {
    const tableName = await empty();
    const refused = restore(tableName, given());
    await expect(refused).rejects.toThrow(BackupError);
    await expect(refused).rejects.toThrow(fault);
    expect(await rowsIn(tableName)).toBe(0);
  });

  it('when the ledger holds what the backup does not', async () => {
    const before = await rowsIn(system.tables.ledger);
    await county.advance('2023-06-21T08:35:00+08:00');
    const task = { plan: ANQUAN, title: '备份之后', text: '备份之后', leadUnits: ['县住建局'], due: '2023-07-01' };
    await county.as(DIRECTOR.person).post('/v1/tasks', task);
    await expect(restore(system.tables.ledger, lines)).rejects.toThrow(/restore into an empty ledger/);
    expect(await rowsIn(system.tables.ledger)).toBeGreaterThan(before);
  });
});

describe('a restore that died', () => {
  it('leaves no folder that would be taken for a county', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'duban-restore-'));
    const folder = new DataFolder(dataDir);
    folder.beginRestore();
    const start = async () => startLocalCloud({ dataDir, port: await freePort(), quiet: true });
    await expect(start()).rejects.toThrow(/run ledger restore again, or delete the folder/);
    // It has let go of the folder: the command may have it.
    expect(() => folder.lock()).not.toThrow();
    folder.unlock();
    folder.endRestore();
    expect(() => folder.refuseUnfinished()).not.toThrow();
    expect(folder.seeded).toBe(true);
    rmSync(dataDir, { recursive: true });
  });
});
