import { processStat } from './process-stat.ts';

export interface CpuSeconds {
  /** This process: handlers, pollers, the SQS emulator, and the benchmark itself. */
  readonly own: number;
  /** This process and DynamoDB Local; null where there is no /proc. */
  readonly all: number | null;
}

/** CPU used from now until the returned function is called. */
export function watchCpu(dynamoDbPid: number): () => CpuSeconds {
  const own = process.cpuUsage();
  const before = processStat(dynamoDbPid)?.own ?? null;
  return () => {
    const { user, system } = process.cpuUsage(own);
    const used = (user + system) / 1e6;
    const after = processStat(dynamoDbPid)?.own ?? null;
    return { own: used, all: before === null || after === null ? null : used + after - before };
  };
}
