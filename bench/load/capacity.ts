import { setTimeout as pause } from 'node:timers/promises';
import { say } from '../lib/progress.ts';
import type { OpenLoad, Shot } from './open-load.ts';
import { summarise } from './summary.ts';

/** Beyond this the 99th percentile has bent: whoever asks waits for others more than for their own answer (ms). */
const KNEE_P99_MS = 1_000;
const FIRST_RATE = 20;
const GROWTH = 1.3;
/** How often the interval between the last good rate and the first bad one is halved. */
const HALVINGS = 2;
/** Long enough for many to have seen their inbox, and what is escalated to them: only then do they mark and acknowledge. */
const WARM_UP_SECONDS = 30;
/** Long enough for the rare and heavy, a workbook of two thousand tasks, to come up as often as they will. */
const STEP_SECONDS = 25;
const BREATH_MS = 3_000;

export interface Capacity {
  /** Requests a second, of the mixture. */
  readonly perSecond: number;
  readonly steps: readonly { readonly perSecond: number; readonly p99Ms: number; readonly shed: number }[];
}

/** The highest rate of the mixture that is answered in time: none refused, the 99th percentile not bent. */
export async function measureCapacity(load: OpenLoad, mixed: () => Shot): Promise<Capacity> {
  const steps: Capacity['steps'][number][] = [];
  await load.during(FIRST_RATE, WARM_UP_SECONDS, mixed);
  const holds = async (perSecond: number): Promise<boolean> => {
    const summary = summarise(await load.during(perSecond, STEP_SECONDS, mixed), STEP_SECONDS);
    // A wrong answer is a fault of somebody's program, and no measure of what can be done.
    if (Object.keys(summary.faults).length > 0) throw new Error(`answered wrongly: ${JSON.stringify(summary.faults)}`);
    const good = summary.p99Ms <= KNEE_P99_MS && summary.shed === 0;
    steps.push({ perSecond: Math.round(perSecond), p99Ms: summary.p99Ms, shed: summary.shed });
    say(`load: ${Math.round(perSecond)}/s p50 ${summary.p50Ms} p99 ${summary.p99Ms} ms, shed ${summary.shed}`);
    await pause(BREATH_MS);
    return good;
  };
  let [low, high] = [0, FIRST_RATE];
  while (await holds(high)) [low, high] = [high, high * GROWTH];
  if (low === 0) throw new Error(`Not even ${FIRST_RATE} requests a second are answered in time.`);
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return { perSecond: Math.round(low), steps };
}
