import { Agent, request } from 'node:http';
import { startBenchCloud } from '../lib/cloud.ts';
import { say } from '../lib/progress.ts';
import { percentile, round } from '../lib/statistics.ts';

export interface HiddenFigure {
  readonly call: string;
  readonly hiddenP50Ms: number;
  readonly absentP50Ms: number;
  readonly hiddenP90Ms: number;
  readonly absentP90Ms: number;
  readonly hiddenP99Ms: number;
  readonly absentP99Ms: number;
  /** How often a guess by the time alone is right, of two answers of which one is of a hidden item; 50 is chance. */
  readonly guessedRightPercent: number;
}

const PAIRS = 400;
const WARM_UP = 50;
/** Head of 县残联, which has no part in the safety list. */
const STRANGER = 'zhang-linli';
const TASK = 'task_luxi-2023-anquan-14';
const DUTY = 'duty_zhengbanfa-5.zongti-yue-tongbao:unit.xian-zhengfu-duchashi';

const CALLS = [
  ['read a task', 'GET', `/v1/tasks/${TASK}`, '/v1/tasks/task_luxi-2023-anquan-91'],
  ['accept a task', 'POST', `/v1/tasks/${TASK}/acceptance`, '/v1/tasks/task_luxi-2023-anquan-91/acceptance'],
  ['read a duty', 'GET', `/v1/duties/${DUTY}`, `/v1/duties/${DUTY.replace('duchashi', 'duchashj')}`],
  ['read its events', 'GET', `/v1/tasks/${TASK}/events`, '/v1/tasks/task_luxi-2023-anquan-91/events'],
] as const;

/** Whether a stranger could tell by the clock what is hidden from what is not there. */
export async function measureHidden(): Promise<readonly HiddenFigure[]> {
  const cloud = await startBenchCloud();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const answered = await fetch(new URL('/dev/token', cloud.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person: STRANGER }),
    });
    const { accessToken } = (await answered.json()) as { accessToken: string };
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const time = (method: string, path: string) => timed(agent, new URL(path, cloud.url), method, headers);
    const figures: HiddenFigure[] = [];
    for (const [call, method, hiddenPath, absentPath] of CALLS) {
      say(`hidden: ${call}`);
      const hidden: number[] = [];
      const absent: number[] = [];
      for (let pair = -WARM_UP; pair < PAIRS; pair += 1) {
        // Each first in turn, so that neither always follows the other.
        const first = pair % 2 === 0;
        const a = await time(method, first ? hiddenPath : absentPath);
        const b = await time(method, first ? absentPath : hiddenPath);
        if (pair < 0) continue;
        hidden.push(first ? a : b);
        absent.push(first ? b : a);
      }
      figures.push({ call, ...figuresOf(hidden, absent) });
    }
    return figures;
  } finally {
    agent.destroy();
    await cloud.stop();
  }
}

function figuresOf(hidden: readonly number[], absent: readonly number[]): Omit<HiddenFigure, 'call'> {
  const ms = (values: readonly number[], percent: number) => round(percentile(values, percent), 3);
  return {
    ...{ hiddenP50Ms: ms(hidden, 50), absentP50Ms: ms(absent, 50), hiddenP90Ms: ms(hidden, 90) },
    ...{ absentP90Ms: ms(absent, 90), hiddenP99Ms: ms(hidden, 99), absentP99Ms: ms(absent, 99) },
    guessedRightPercent: round(100 * guessedRight(hidden, absent), 1),
  };
}

/** The part of all pairs in which the slower one is the hidden one, or the other way round if that is more. */
function guessedRight(hidden: readonly number[], absent: readonly number[]): number {
  let slower = 0;
  for (const one of hidden) for (const other of absent) slower += one > other ? 1 : one === other ? 0.5 : 0;
  const part = slower / (hidden.length * absent.length);
  return Math.max(part, 1 - part);
}

/** Milliseconds from sending to the last byte. @throws Error unless it is 404 */
function timed(agent: Agent, url: URL, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const asked = request(url, { agent, method, headers }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 404) resolve(Number(process.hrtime.bigint() - began) / 1e6);
        else reject(new Error(`${method} ${url.pathname} answered ${response.statusCode}.`));
      });
    });
    asked.once('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}
