import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round } from '../../lib/statistics.ts';

const WRITES = 51;

/** What every durable commit costs here at least, where the servers keep their data (ms). */
export function fsyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'duban-peers-fsync-'));
  const file = openSync(join(folder, 'data'), 'w');
  const page = Buffer.alloc(4_096, 1);
  try {
    const times = Array.from({ length: WRITES }, () => {
      const start = performance.now();
      writeSync(file, page);
      fsyncSync(file);
      return performance.now() - start;
    });
    return round(median(times), 2);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

/** Load average of the last minute. */
export function loadNow(): number {
  return round(loadavg()[0] ?? Number.NaN, 1);
}

export function cores(): number {
  return availableParallelism();
}
