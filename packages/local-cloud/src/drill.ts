import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import { createDynamoClient, dumpViews, tableNames } from '@duban/dynamodb';
import { freePort } from './emulators/index.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));
/** A summer of the first county: deadlines missed, ladders climbed, digests released. */
const SUMMER: DrillPlan = { exportAt: '2023-09-01T08:35:00+08:00', goOnUntil: '2023-10-08T08:35:00+08:00' };

export interface DrillPlan {
  /** The county works until then and is exported. */
  readonly exportAt: string;
  /** It goes on until then, and so does what was restored. */
  readonly goOnUntil: string;
}

export interface DrillReport {
  readonly rows: number;
  readonly kilobytes: number;
  readonly chains: number;
  readonly faults: number;
  /** Rows that lists, counters and inboxes show. */
  readonly shown: number;
  /** They show the same after the ledger was restored and they were built anew. */
  readonly same: boolean;
  /** Escalations of the month that followed, in the county that went on and in the one that was restored. */
  readonly escalated: { readonly original: number; readonly restored: number };
  readonly seconds: { readonly export: number; readonly restore: number };
}

/**
 * A restore drill, from beginning to end as an engineer would do it: a county at work is exported, lost, restored from
 * the file, verified, and goes on as if nothing had been.
 */
export async function runDrill(say: (line: string) => void, plan: DrillPlan = SUMMER): Promise<DrillReport> {
  const home = mkdtempSync(join(tmpdir(), 'duban-drill-'));
  const data = join(home, 'data');
  const file = join(home, 'ledger.gz');
  try {
    say(`1 一个县工作到 ${plan.exportAt} · a county works until then`);
    const before = await inCloud(data, async (cloud) => {
      await advance(cloud, plan.exportAt);
      return shownBy(cloud);
    });
    say('2 停机导出 · stopped, and exported');
    const exported = await duban(data, 'ledger', 'export', file);
    say(exported.said);
    say(
      `3 原县继续到 ${plan.goOnUntil} 以作对照，然后数据全部丢失 · it goes on, to compare with; then all of it is lost`,
    );
    const original = await inCloud(data, (cloud) => advance(cloud, plan.goOnUntil));
    rmSync(data, { recursive: true });
    say('4 从文件恢复 · restored from the file');
    const restored = await duban(data, 'ledger', 'restore', file);
    say(restored.said);
    say('5 核对视图，恢复后的县继续 · its views are compared, and it goes on');
    const after = await inCloud(data, async (cloud) => ({
      shown: await shownBy(cloud),
      restored: await advance(cloud, plan.goOnUntil),
    }));
    const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
    return {
      rows: number(restored.said, /(\d+) rows restored/),
      kilobytes: Math.round(statSync(file).size / 1024),
      chains: number(restored.said, /(\d+) chains verified/),
      faults: number(restored.said, /chains verified, (\d+) faults/),
      shown: Object.keys(before).length,
      same: isDeepStrictEqual(before, after.shown),
      escalated: { original: original.Escalated ?? 0, restored: after.restored.Escalated ?? 0 },
      seconds: { export: exported.seconds, restore: restored.seconds },
    };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function inCloud<T>(dataDir: string, work: (cloud: LocalCloud) => Promise<T>): Promise<T> {
  const cloud = await startLocalCloud({ dataDir, port: await freePort(), quiet: true });
  try {
    return await work(cloud);
  } finally {
    await cloud.stop();
  }
}

/** @returns what happened on the way, by type of event */
async function advance({ url }: LocalCloud, to: string): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`${url}/dev/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to }),
  });
  if (!answer.ok) throw new Error(`The clock did not go on: ${await answer.text()}`);
  return ((await answer.json()) as { events: Record<string, number> }).events;
}

async function shownBy(cloud: LocalCloud): Promise<Readonly<Record<string, unknown>>> {
  await cloud.settle();
  const client = createDynamoClient({ endpoint: cloud.dynamoDb.endpoint });
  try {
    return await dumpViews(client, tableNames('duban-').views);
  } finally {
    client.destroy();
  }
}

async function duban(data: string, ...words: readonly string[]): Promise<{ said: string; seconds: number }> {
  const started = performance.now();
  const env = { ...process.env, DUBAN_DATA: data };
  const { stdout } = await run(process.execPath, [CLI, ...words], { env, timeout: 300_000 });
  return { said: stdout.trim(), seconds: Math.round((performance.now() - started) / 100) / 10 };
}

if (import.meta.main) {
  const report = await runDrill((line) => void process.stdout.write(`${line}\n`));
  const { faults, same, escalated } = report;
  const passed = faults === 0 && same && escalated.original === escalated.restored && escalated.original > 0;
  process.stdout.write(
    `${JSON.stringify(report)}\n${passed ? '演练通过 The drill has passed.' : '演练未通过 The drill has failed.'}\n`,
  );
  process.exitCode = passed ? 0 : 1;
}
