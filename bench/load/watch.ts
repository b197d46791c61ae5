import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Product } from '@duban/testkit/stories/product';
import { round } from '../lib/statistics.ts';

/** What the processes hold at one moment. */
export interface Sample {
  /** Milliseconds since watching began. */
  readonly at: number;
  readonly rssMegabytes: number;
  readonly heapMegabytes: number;
  /** Files, pipes and the like: what never comes and goes with connections. */
  readonly files: number;
  readonly sockets: number;
  readonly threads: number;
  readonly databaseRssMegabytes: number;
  readonly databaseFiles: number;
  /** Since the sample before. */
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
}

interface Figures {
  readonly memory: { readonly heapMegabytes: number };
  readonly eventLoop: { readonly p99Ms: number; readonly maxMs: number };
}

const SAMPLE_EVERY_MS = 5_000;
const KILOBYTES = 1024;

/** Looks at the product's processes from outside, as an operator would; needs /proc. */
export function watch(product: Product): { readonly samples: readonly Sample[]; stop(): Promise<void> } {
  const samples: Sample[] = [];
  const began = performance.now();
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const { memory, eventLoop } = await product.call<Figures>('GET', '/dev/load');
    const { pid, databasePid } = product;
    const { files, sockets } = handlesOf(pid);
    samples.push({
      at: performance.now() - began,
      rssMegabytes: round(statusOf(pid, 'VmRSS') / KILOBYTES, 1),
      heapMegabytes: memory.heapMegabytes,
      ...{ files, sockets, threads: statusOf(pid, 'Threads') },
      databaseRssMegabytes: round(statusOf(databasePid, 'VmRSS') / KILOBYTES, 1),
      databaseFiles: handlesOf(databasePid).files,
      ...{ eventLoopP99Ms: eventLoop.p99Ms, eventLoopMaxMs: eventLoop.maxMs },
    });
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, SAMPLE_EVERY_MS);
  return {
    samples,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

function statusOf(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function handlesOf(pid: number): { readonly files: number; readonly sockets: number } {
  const folder = `/proc/${pid}/fd`;
  const kinds = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      // Closed while we were looking.
      return null;
    }
  });
  const open = kinds.filter((kind) => kind !== null);
  const sockets = open.filter((kind) => kind.startsWith('socket:')).length;
  return { files: open.length - sockets, sockets };
}
