import { type BenchCloud, startBenchCloud } from '../lib/cloud.ts';
import { type LoadRequest, runLoad } from '../lib/load.ts';
import { say } from '../lib/progress.ts';
import { percentile, round } from '../lib/statistics.ts';
import { OFFICE_GROUP, OFFICE_UNIT, plantTasks } from '../lib/tasks.ts';

export interface HttpFigure {
  readonly call: string;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 8;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;
/** As many as an office of a county has on its list. */
const TASKS = 300;
const DAY_MS = 86_400_000;

/** The five commonest calls over a socket, by the director of an office whose list holds three hundred tasks. */
export async function measureHttp(): Promise<readonly HttpFigure[]> {
  const cloud = await startBenchCloud();
  try {
    const token = await cloud.tokenOfOffice();
    const calls = await prepare(cloud);
    const figures: HttpFigure[] = [];
    for (const [call, requests] of calls) {
      say(`http: ${call}`);
      const load = { url: cloud.url, token, requests, connections: CONNECTIONS };
      await runLoad({ ...load, seconds: WARM_UP_SECONDS });
      const result = await runLoad({ ...load, seconds: SECONDS });
      if (Object.keys(result.refused).length > 0) throw new Error(`${call}: refused ${JSON.stringify(result.refused)}`);
      figures.push({
        call,
        requestsPerSecond: round(result.requests / result.seconds),
        p50Ms: round(percentile(result.latencies, 50), 1),
        p99Ms: round(percentile(result.latencies, 99), 1),
      });
      await cloud.settle();
    }
    return figures;
  } finally {
    await cloud.stop();
  }
}

/** Half of the tasks are overdue, so that lists, counters and the inbox show something. */
async function prepare(cloud: BenchCloud): Promise<readonly (readonly [string, readonly LoadRequest[]])[]> {
  const now = cloud.deps.clock.now();
  const planted = await plantTasks(cloud.deps, TASKS, (index) => now + (index % 2 === 0 ? 1_000 : 30 * DAY_MS));
  await cloud.settle();
  say('http: letting half of the tasks fall due');
  await cloud.advance(now + DAY_MS);
  await cloud.settle();
  const mine = [...planted.keys()];
  const led: string[] = [];
  const heads = await cloud.deps.store.loadMany(mine.map((id) => cloud.taskRef(id)));
  for (const { ref, state } of heads.values()) {
    if ((state as { leadUnits: readonly string[] }).leadUnits.includes(OFFICE_UNIT)) led.push(ref.id);
  }
  const get = (path: string): LoadRequest => ({ method: 'GET', path });
  return [
    ['list my tasks', [get('/v1/tasks?limit=50')]],
    ['read a task', mine.map((id) => get(`/v1/tasks/${id}`))],
    ['inbox', [get('/v1/inbox')]],
    [
      'report progress',
      led.map((id) => ({ method: 'POST', path: `/v1/tasks/${id}/progress`, body: { noChange: true } })),
    ],
    ['dashboard', [get(`/v1/dashboard?office=${OFFICE_GROUP}`)]],
  ];
}
