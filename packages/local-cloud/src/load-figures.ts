import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AdmissionFigures } from './admission/admission.ts';

/** How often the event loop is looked at (ms); a delay shorter than this is not seen. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;
const MEGABYTE = 1024 * 1024;

export interface LoadFigures {
  readonly api: AdmissionFigures;
  readonly memory: { readonly rssMegabytes: number; readonly heapMegabytes: number; readonly outsideMegabytes: number };
  /** How late the event loop was, beyond the {@link RESOLUTION_MS} it is looked at, since this was last asked for. */
  readonly eventLoop: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
}

/** How busy this process is, for whoever watches it at work. */
export function watchLoad(api: () => AdmissionFigures): { read(): LoadFigures; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const late = (nanoseconds: number) => tenths(Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS));
  return {
    read: () => {
      const { rss, heapUsed, external } = process.memoryUsage();
      const eventLoop = {
        p50Ms: late(delay.percentile(50)),
        p99Ms: late(delay.percentile(99)),
        maxMs: late(delay.max),
      };
      delay.reset();
      return {
        api: api(),
        memory: {
          rssMegabytes: tenths(rss / MEGABYTE),
          heapMegabytes: tenths(heapUsed / MEGABYTE),
          outsideMegabytes: tenths(external / MEGABYTE),
        },
        eventLoop,
      };
    },
    stop: () => void delay.disable(),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
