import type { Log } from '@duban/application';
import { parseOutboundSettings } from '@duban/channels';
import { type LocalCloud, startLocalCloud } from '@duban/local-cloud/local-cloud';
import { plantTasks } from '../../lib/tasks.ts';
import { serveParent, tellCommitted, workerSettings } from '../lib/tell-parent.ts';

/** A Tuesday morning after the plans were issued: nothing of the county's own falls due in the hours that follow. */
const CLOUD_START = Date.parse('2023-05-16T09:00:00+08:00');
const HOUR_MS = 3_600_000;
/** From the moment the clock is set, and the alarm clock looks, to the first deadline. */
const LEAD_MS = 5_000;

const { dataDir, port } = workerSettings<{ readonly dataDir: string; readonly port: number }>();
const cloud = await startLocalCloud({
  dataDir,
  port,
  now: CLOUD_START,
  speed: 1,
  quiet: true,
  outbound: parseOutboundSettings({}),
});
noteCommits(cloud);

/** The product logs each wake once its group is committed; that line is what tells, and nothing of it is replaced. */
function noteCommits({ deps }: LocalCloud): void {
  const log = deps.log as { -readonly [Level in keyof Log]: Log[Level] };
  const info = log.info;
  log.info = (message, fields) => {
    info(message, fields);
    if (message === 'wake.carried_out') tellCommitted([String(fields?.id)], deps.clock.now());
  };
}

async function call(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL(path, cloud.url), { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
}

/** The clock is moved to the deadlines once the views of new tasks have followed. */
async function plant(offsets: readonly number[]): Promise<readonly (readonly [string, number])[]> {
  const first = cloud.deps.clock.now() + HOUR_MS;
  const planted = await plantTasks(cloud.deps, offsets.length, (index) => first + (offsets[index] ?? 0));
  await cloud.settle();
  await call('POST', '/dev/clock/advance', { to: new Date(first - 2 * LEAD_MS).toISOString() });
  await call('PUT', '/dev/clock', { now: new Date(first - LEAD_MS).toISOString(), speed: 1 });
  return [...planted];
}

serveParent(async (request) => {
  if (request.ask === 'plant') return plant(request.offsets);
  await cloud.settle();
  return null;
});
