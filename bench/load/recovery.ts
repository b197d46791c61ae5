import { median } from '../lib/statistics.ts';
import type { Outcome } from './open-load.ts';
import { isShed } from './summary.ts';

/** Over this many seconds latencies are looked at together. */
const WINDOW_SECONDS = 2;
/** As before: the median no more than this many times what it was, and this many milliseconds. */
const TIMES = 1.5;
const PLUS_MS = 20;

/**
 * Seconds from the end of an overload until the first window from which on all are as before: nothing refused, the median
 * as it was. Null: not within what was watched.
 * @param calmMs the median latency before
 */
export function secondsToRecover(outcomes: readonly Outcome[], seconds: number, calmMs: number): number | null {
  const began = Math.min(...outcomes.map(({ plannedAt }) => plannedAt));
  const windows = Array.from({ length: Math.floor(seconds / WINDOW_SECONDS) }, (_, index) =>
    outcomes.filter(({ plannedAt }) => Math.floor((plannedAt - began) / 1_000 / WINDOW_SECONDS) === index),
  );
  const isCalm = (window: readonly Outcome[]) =>
    !window.some(isShed) && median(window.map(({ latencyMs }) => latencyMs)) <= calmMs * TIMES + PLUS_MS;
  const lastBad = windows.findLastIndex((window) => !isCalm(window));
  return lastBad === windows.length - 1 ? null : (lastBad + 1) * WINDOW_SECONDS;
}
