import { setTimeout as pause } from 'node:timers/promises';
import { percentile, round } from '../../lib/statistics.ts';
import type { Contender, Struck } from './contender.ts';
import { cpuSecondsOf } from './processes.ts';

/** After this it is given up; what is missing then is counted as lost (ms). */
const PATIENCE_MS = 120_000;

export interface Sizes {
  readonly steadyPerSecond: number;
  readonly steadySeconds: number;
  readonly stormItems: number;
  readonly struckItems: number;
}

export interface SteadyFigure {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly early: number;
  readonly missing: number;
}

/** How late deadlines that come one after the other are committed. */
export async function measureSteady(contender: Contender, sizes: Sizes): Promise<SteadyFigure> {
  const count = sizes.steadyPerSecond * sizes.steadySeconds;
  // Not on whole seconds, nor on a beat that a poller could fall in with.
  const offsets = Array.from({ length: count }, (_, index) =>
    Math.round((index * 1_000) / sizes.steadyPerSecond + ((index * 7) % 20)),
  );
  const due = await contender.plant(offsets);
  await untilCommitted(contender, due);
  const lateness = latenessOf(contender, due);
  return {
    p50Ms: round(percentile(lateness, 50)),
    p99Ms: round(percentile(lateness, 99)),
    maxMs: round(percentile(lateness, 100)),
    early: lateness.filter((ms) => ms < 0).length,
    missing: due.size - lateness.length,
  };
}

export interface StormPart {
  readonly seconds: number;
  readonly workerCpuPer1000: number;
  readonly storeCpuPer1000: number;
}

export interface StormFigure {
  readonly items: number;
  readonly committed: StormPart;
  /** With all that follows; null when nothing does. */
  readonly settled: StormPart | null;
}

/** Many deadlines at one instant: until the last is committed, and what it takes. */
export async function measureStorm(contender: Contender, sizes: Sizes): Promise<StormFigure> {
  const due = await contender.plant(Array.from({ length: sizes.stormItems }, () => 0));
  const [dueAt = 0] = due.values();
  const cpu = watchCpu(contender);
  await untilCommitted(contender, due);
  const lateness = latenessOf(contender, due);
  const part = (seconds: number): StormPart => {
    const { worker, store } = cpu();
    const per1000 = (used: number) => round((used * 1_000) / due.size, 3);
    return { seconds: round(seconds, 2), workerCpuPer1000: per1000(worker), storeCpuPer1000: per1000(store) };
  };
  const committed = part(lateness.length === due.size ? percentile(lateness, 100) / 1_000 : Number.POSITIVE_INFINITY);
  if (contender.settle === null) return { items: due.size, committed, settled: null };
  await contender.settle();
  return { items: due.size, committed, settled: part((contender.now() - dueAt) / 1_000) };
}

export interface StruckFigure {
  readonly items: number;
  /** Strikes that fell while deadlines were still waiting; only those show anything. */
  readonly strikes: number;
  readonly lost: number;
  readonly doubled: number;
  readonly refused: number | null;
  /** From the last strike until the last deadline was handled. */
  readonly wholeAgainSeconds: number;
}

const STRIKES: readonly { readonly what: Struck; readonly handled: number }[] = [
  { what: 'worker', handled: 0.05 },
  { what: 'store', handled: 0.2 },
  { what: 'worker', handled: 0.35 },
  { what: 'store', handled: 0.5 },
  { what: 'both', handled: 0.65 },
];

/** A storm in which worker and store are killed five times. */
export async function measureStruck(contender: Contender, sizes: Sizes): Promise<StruckFigure> {
  const refusedBefore = contender.refused ?? 0;
  const due = await contender.plant(Array.from({ length: sizes.struckItems }, () => 0));
  const [dueAt = 0] = due.values();
  let strikes = 0;
  let last = performance.now();
  for (const { what, handled } of STRIKES) {
    const left = await untilRemaining(contender, dueAt, Math.floor(due.size * (1 - handled)));
    if (left > 0 && Number.isFinite(left)) strikes += 1;
    last = performance.now();
    await contender.strike(what);
  }
  await untilRemaining(contender, dueAt, 0);
  const wholeAgainSeconds = round((performance.now() - last) / 1_000, 1);
  await contender.settle?.();
  const refused = contender.refused === null ? null : contender.refused - refusedBefore;
  return { items: due.size, strikes, ...(await contender.effects(due)), refused, wholeAgainSeconds };
}

function watchCpu(contender: Contender): () => { readonly worker: number; readonly store: number } {
  const { worker, store } = contender.processes();
  const read = () => ({ worker: cpuSecondsOf(worker, store), store: cpuSecondsOf(store, worker) });
  const before = read();
  return () => {
    const now = read();
    return { worker: now.worker - before.worker, store: now.store - before.store };
  };
}

function latenessOf({ committed }: Contender, due: ReadonlyMap<string, number>): number[] {
  return [...due].flatMap(([id, dueAt]) => {
    const at = committed.get(id);
    return at === undefined ? [] : [at - dueAt];
  });
}

/** By what the worker says: asking the store would be a load of its own. */
async function untilCommitted(contender: Contender, due: ReadonlyMap<string, number>): Promise<void> {
  const last = [...due.values()].reduce((latest, at) => Math.max(latest, at), 0);
  const missing = () => [...due.keys()].some((id) => !contender.committed.has(id));
  while (missing() && contender.now() < last + PATIENCE_MS) await pause(50);
}

/** @returns how many were left when it was looked last */
async function untilRemaining(contender: Contender, at: number, atMost: number): Promise<number> {
  const start = performance.now();
  let left = Number.POSITIVE_INFINITY;
  while (left > atMost && performance.now() - start < PATIENCE_MS) {
    // Nothing is handled before its instant, and a store that was killed answers again in a moment.
    left = contender.now() < at ? left : await contender.remaining(at).catch(() => left);
    if (left > atMost) await pause(10);
  }
  return left;
}
