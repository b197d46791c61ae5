import { readFileSync } from 'node:fs';

/** Linux counts a process's time in these, whatever its kernel's own tick is. */
const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly parent: number;
  /** CPU seconds of the process. */
  readonly own: number;
  /** CPU seconds of those of its children that are gone. */
  readonly goneChildren: number;
}

/** What /proc says of a process; null when it is gone, and where there is no /proc. */
export function processStat(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted from behind it, the third being the first there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = (...indexes: readonly number[]) =>
      indexes.reduce((sum, index) => sum + Number(fields[index]), 0) / TICKS_PER_SECOND;
    return { parent: Number(fields[1]), own: seconds(11, 12), goneChildren: seconds(13, 14) };
  } catch {
    return null;
  }
}
