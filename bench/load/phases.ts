import { setTimeout as pause } from 'node:timers/promises';
import type { Product } from '@duban/testkit/stories/product';
import { say } from '../lib/progress.ts';
import { round } from '../lib/statistics.ts';
import { judgeGrowth, judgeOverload, judgeSteady, judgeStorms, type Verdict } from './judge.ts';
import type { OpenLoad, Outcome } from './open-load.ts';
import { recoveryOf } from './recovery.ts';
import type { StormFigure, Storms } from './storms.ts';
import { byName, type Summary, summarise } from './summary.ts';
import type { Traffic } from './traffic.ts';
import { type Sample, watch } from './watch.ts';

const MINUTE = 60;
/** Latencies must be as before this soon after an overload (s); it is watched for twice as long. */
export const RECOVERS_WITHIN_SECONDS = 20;
const GREEDY_SECONDS = 20;
/** Of what the others ask for, this much may be refused while one asks for twice what the system can do. */
const OTHERS_SHED_SHARE = 0.01;

export interface Plan {
  /** Requests a second that the system can answer. */
  readonly capacity: number;
  readonly steadyShare: number;
  readonly overloadShare: number;
  readonly minutes: number;
  readonly overloadSeconds: number;
  readonly storms: number;
}

export interface Minute extends Summary {
  readonly minute: number;
  readonly held: Sample | null;
}

interface Site {
  readonly product: Product;
  readonly load: OpenLoad;
  readonly traffic: Traffic;
  readonly storms: Storms;
}

/** Long traffic at a share of what can be done, with storms in it. */
export async function steadyPhase({ product, load, traffic, storms }: Site, plan: Plan) {
  const seconds = plan.minutes * MINUTE;
  const watched = watch(product);
  const every = seconds / plan.storms;
  const [outcomes, figures] = await Promise.all([
    load.during(plan.capacity * plan.steadyShare, seconds, traffic.mixed),
    stormsEvery(storms, plan.storms, every),
  ]);
  await watched.stop();
  const summary = summarise(outcomes, seconds);
  return {
    summary,
    minutes: minutesOf(outcomes, seconds, watched.samples),
    slowest: byName(outcomes),
    storms: figures,
    samples: watched.samples,
    verdicts: [...judgeSteady(summary, figures), ...judgeGrowth(watched.samples)],
  };
}

async function stormsEvery(storms: Storms, count: number, seconds: number): Promise<readonly StormFigure[]> {
  const figures: StormFigure[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const at = began + (index + 0.5) * seconds * 1_000;
    await pause(Math.max(0, at - performance.now()));
    const figure = await storms.next();
    say(`load: storm of ${figure.tasks}, escalated in ${round(figure.seconds ?? Number.NaN, 1)} s`);
    figures.push(figure);
  }
  return figures;
}

function minutesOf(outcomes: readonly Outcome[], seconds: number, samples: readonly Sample[]): readonly Minute[] {
  const began = Math.min(...outcomes.map(({ plannedAt }) => plannedAt));
  return Array.from({ length: Math.ceil(seconds / MINUTE) }, (_, minute) => {
    const own = outcomes.filter(({ plannedAt }) => Math.floor((plannedAt - began) / 1_000 / MINUTE) === minute);
    const held = samples.filter(({ at }) => Math.floor(at / 1_000 / MINUTE) === minute).at(-1) ?? null;
    return { minute: minute + 1, ...summarise(own, Math.min(MINUTE, seconds - minute * MINUTE)), held };
  });
}

/** Several times what can be done, deadlines falling due meanwhile; then as before. */
export async function overloadPhase({ load, traffic, storms }: Site, plan: Plan, calmMs: number) {
  const { capacity, overloadShare, overloadSeconds } = plan;
  const storm = pause((overloadSeconds * 1_000) / 3).then(() => storms.next());
  const outcomes = await load.during(capacity * overloadShare, overloadSeconds, traffic.mixed);
  const overload = summarise(outcomes, overloadSeconds);
  const verdicts: Verdict[] = [...judgeOverload(overload, load.underWay())];
  const seconds = 2 * RECOVERS_WITHIN_SECONDS;
  const after = await load.during(capacity * plan.steadyShare, seconds, traffic.mixed);
  const figure = await storm;
  const recovery = recoveryOf(after, seconds, calmMs);
  verdicts.push(judgeStorms('overload', [figure]), {
    what: `recovery: latencies as before within ${RECOVERS_WITHIN_SECONDS} s`,
    holds: recovery.seconds !== null && recovery.seconds <= RECOVERS_WITHIN_SECONDS,
    found: recovery.seconds === null ? `not within ${seconds} s` : `${recovery.seconds} s`,
  });
  return { overload, storm: figure, recovery, afterwards: summarise(after, seconds), verdicts };
}

/** One caller asks for twice what can be done, the others for half of it. */
export async function greedyPhase({ load, traffic }: Site, { capacity }: Plan) {
  const [others, greedy] = await Promise.all([
    load.during(capacity / 2, GREEDY_SECONDS, traffic.mixed),
    load.during(capacity * 2, GREEDY_SECONDS, traffic.greedy),
  ]);
  const [others_, greedy_] = [summarise(others, GREEDY_SECONDS), summarise(greedy, GREEDY_SECONDS)];
  const own = Object.entries(greedy_.statuses).filter(([status]) => status.startsWith('429'));
  const verdicts: Verdict[] = [
    {
      what: 'fairness: one who asks for too much is refused, the others are not',
      holds:
        own.length > 0 &&
        others_.shed <= others_.asked * OTHERS_SHED_SHARE &&
        others_.good + others_.shed === others_.asked,
      found: `others ${others_.shed} of ${others_.asked} refused; it ${JSON.stringify(greedy_.statuses)}`,
    },
  ];
  return { others: others_, greedy: greedy_, verdicts };
}
