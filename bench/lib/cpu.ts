import { readFileSync } from 'node:fs';

/** Linux counts a process's time in these, whatever its kernel's own tick is. */
const TICKS_PER_SECOND = 100;

export interface CpuSeconds {
  /** This process: handlers, pollers, the SQS emulator, and the benchmark itself. */
  readonly own: number;
  /** This process and DynamoDB Local; null where there is no /proc. */
  readonly all: number | null;
}

function secondsOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted from behind it, the third being the first there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** CPU used from now until the returned function is called. */
export function watchCpu(dynamoDbPid: number): () => CpuSeconds {
  const own = process.cpuUsage();
  const before = secondsOf(dynamoDbPid);
  return () => {
    const { user, system } = process.cpuUsage(own);
    const used = (user + system) / 1e6;
    const after = secondsOf(dynamoDbPid);
    return { own: used, all: before === null || after === null ? null : used + after - before };
  };
}
