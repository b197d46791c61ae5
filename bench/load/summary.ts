import { median, percentile, round } from '../lib/statistics.ts';
import type { Outcome } from './open-load.ts';

export interface Summary {
  readonly seconds: number;
  readonly asked: number;
  /** Answered in 2xx, or as expected. */
  readonly good: number;
  /** 429 and 503 that say when to come back. */
  readonly shed: number;
  /** Everything else: wrong answers, none at all, refusals without `Retry-After`. */
  readonly faults: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds of good answers, from when they were to be sent. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** How late this program sent, p99: what it adds to the latencies by itself. */
  readonly sentLateP99Ms: number;
}

export function isShed({ status, retryAfter }: Outcome): boolean {
  return (status === 429 || status === 503) && retryAfter !== null && retryAfter >= 1;
}

export function summarise(outcomes: readonly Outcome[], seconds: number): Summary {
  const good = outcomes.filter(({ isExpected }) => isExpected);
  const shed = outcomes.filter(isShed);
  const faults = outcomes.filter((outcome) => !outcome.isExpected && !isShed(outcome));
  const latencies = good.map(({ latencyMs }) => latencyMs);
  return {
    seconds: round(seconds, 1),
    asked: outcomes.length,
    ...{ good: good.length, shed: shed.length },
    faults: counted(faults.map(({ name, status, code }) => `${name}: ${status} ${code}`)),
    statuses: counted(outcomes.map(({ status, code }) => (code === null ? String(status) : `${status} ${code}`))),
    p50Ms: round(percentile(latencies, 50)),
    p99Ms: round(percentile(latencies, 99)),
    p999Ms: round(percentile(latencies, 99.9)),
    sentLateP99Ms: round(
      percentile(
        outcomes.map(({ sentLateMs }) => sentLateMs),
        99,
      ),
      1,
    ),
  };
}

/** Median latency by what was asked for, the slowest first. */
export function byName(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const names = [...new Set(outcomes.map(({ name }) => name))];
  const medians = names.map((name) => {
    const own = outcomes.filter((outcome) => outcome.name === name && outcome.isExpected);
    return [name, round(median(own.map(({ latencyMs }) => latencyMs)))] as const;
  });
  return Object.fromEntries(medians.sort(([, a], [, b]) => b - a));
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
