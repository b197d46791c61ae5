import { median, round } from '../lib/statistics.ts';
import type { Outcome } from './open-load.ts';
import { isShed } from './summary.ts';

/** Over this many seconds latencies are looked at together. */
const WINDOW_SECONDS = 2;
/** So many in a row are no accident; one that is slow later, on a machine with other work, says nothing of the overload. */
const IN_A_ROW = 3;
/** As before: the median no more than this many times what it was, and this many milliseconds. */
const TIMES = 1.5;
const PLUS_MS = 20;

export interface Recovery {
  /**
   * From the end of the overload until the median is as it was for some windows in a row, and nothing is refused from then
   * on. Null: not within what was watched.
   */
  readonly seconds: number | null;
  readonly windows: readonly { readonly p50Ms: number; readonly shed: number; readonly isCalm: boolean }[];
}

/**
 * @param outcomes of what was asked for since the overload ended
 * @param seconds for which it was watched
 * @param calmMs the median latency before
 */
export function recoveryOf(outcomes: readonly Outcome[], seconds: number, calmMs: number): Recovery {
  const began = Math.min(...outcomes.map(({ plannedAt }) => plannedAt));
  const windows = Array.from({ length: Math.floor(seconds / WINDOW_SECONDS) }, (_, index) => {
    const own = outcomes.filter(({ plannedAt }) => Math.floor((plannedAt - began) / 1_000 / WINDOW_SECONDS) === index);
    const shed = own.filter(isShed).length;
    const p50Ms = median(own.map(({ latencyMs }) => latencyMs));
    return { p50Ms: round(p50Ms), shed, isCalm: shed === 0 && p50Ms <= calmMs * TIMES + PLUS_MS };
  });
  const calmFrom = windows.findIndex(
    (_, from) =>
      from + IN_A_ROW <= windows.length &&
      windows.slice(from, from + IN_A_ROW).every(({ isCalm }) => isCalm) &&
      windows.slice(from).every(({ shed }) => shed === 0),
  );
  return { seconds: calmFrom === -1 ? null : calmFrom * WINDOW_SECONDS, windows };
}
