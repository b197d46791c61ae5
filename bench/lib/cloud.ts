import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dependencies, StreamRef } from '@duban/application';
import { taskRef } from '@duban/application';
import type { Instant } from '@duban/calendar';
import { type OutboundSettings, parseOutboundSettings } from '@duban/channels';
import { freePort } from '@duban/local-cloud/emulators/index';
import { startLocalCloud } from '@duban/local-cloud/local-cloud';
import { JURISDICTION, OFFICE_POST } from './tasks.ts';

/** A Tuesday morning after the plans were issued: nothing of the county's own falls due in the hours that follow. */
const CLOUD_START: Instant = Date.parse('2023-05-16T09:00:00+08:00');

/** The whole local cloud on a folder of its own, with data on disk and the real county in it. */
export interface BenchCloud {
  readonly url: string;
  readonly deps: Dependencies;
  readonly dynamoDb: {
    readonly endpoint: string;
    readonly pid: number;
    readonly ledger: string;
    readonly dataDir: string;
  };
  taskRef(id: string): StreamRef;
  /** A token of the director of the office of 安全生产. */
  tokenOfOffice(): Promise<string>;
  /** Sets the clock, as a person at the desk would; the alarm clock looks at once. */
  setClock(now: Instant): Promise<void>;
  /** Runs everything that falls due up to an instant. */
  advance(to: Instant): Promise<void>;
  /** Resolves when views and digests have followed everything written so far. */
  settle(): Promise<void>;
  /** Stops everything and keeps the data until `stop`. */
  halt(): Promise<void>;
  stop(): Promise<void>;
}

/** @param outbound how notices leave; default: not at all */
export async function startBenchCloud(outbound: OutboundSettings = parseOutboundSettings({})): Promise<BenchCloud> {
  const dataDir = mkdtempSync(join(tmpdir(), 'duban-bench-'));
  const cloud = await startLocalCloud({
    dataDir,
    port: await freePort(),
    now: CLOUD_START,
    speed: 1,
    quiet: true,
    outbound,
  }).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const call = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(new URL(path, cloud.url), {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url: cloud.url,
    deps: cloud.deps,
    dynamoDb: { ...cloud.dynamoDb, dataDir: join(dataDir, 'dynamodb') },
    taskRef: (id) => taskRef(JURISDICTION, id),
    tokenOfOffice: async () => {
      const structure = await cloud.deps.structures.current(JURISDICTION);
      const person = structure.holder(OFFICE_POST, cloud.deps.clock.now())?.code;
      return ((await call('POST', '/dev/token', { person })) as { accessToken: string }).accessToken;
    },
    setClock: async (now) => void (await call('PUT', '/dev/clock', { now: new Date(now).toISOString(), speed: 1 })),
    advance: async (to) => void (await call('POST', '/dev/clock/advance', { to: new Date(to).toISOString() })),
    settle: () => cloud.settle(),
    halt: () => cloud.stop(),
    stop: async () => {
      await cloud.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
