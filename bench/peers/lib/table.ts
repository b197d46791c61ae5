import type { Sizes, SteadyFigure, StormFigure, StormPart, StruckFigure } from './measure.ts';

export interface PeerFigure {
  readonly name: string;
  readonly steady: SteadyFigure;
  readonly storm: StormFigure;
  readonly struck: StruckFigure;
}

export interface Machine {
  readonly cores: number;
  readonly node: string;
  /** Median time of a write of 4 kB with fsync in the folder of the data (ms). */
  readonly fsyncMs: number;
  /** Load average of the last minute before and after; above a tenth or two before, the machine had other work. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export interface PeersReport {
  readonly at: string;
  readonly tookSeconds: number;
  readonly sizes: Sizes;
  readonly machine: Machine;
  readonly figures: readonly PeerFigure[];
}

const HEADINGS = [
  '',
  'late p50 / p99',
  'storm drained',
  'CPU s per 1,000: worker / store',
  'strikes',
  'lost / doubled',
  'met again and left alone',
  'whole again after',
];

/** The report as a Markdown table with the machine under it. */
export function markdownOf({ at, tookSeconds, machine, figures }: PeersReport): string {
  const rows = [HEADINGS, HEADINGS.map(() => '---'), ...figures.flatMap(rowsOf)];
  const { cores, node, fsyncMs, loadBefore, loadAfter } = machine;
  return [
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${at.slice(0, 16)}Z, ${cores} cores, Node ${node}, fsync ${fsyncMs} ms; load average ${loadBefore} before, ${loadAfter} after, ${tookSeconds} s in all.`,
  ].join('\n');
}

function rowsOf({ name, steady, storm, struck }: PeerFigure): string[][] {
  const cpu = (part: StormPart) => `${part.workerCpuPer1000} / ${part.storeCpuPer1000}`;
  const first = [
    name,
    `${steady.p50Ms} / ${steady.p99Ms} ms`,
    `${storm.committed.seconds} s`,
    cpu(storm.committed),
    String(struck.strikes),
    `${struck.lost} / ${struck.doubled}`,
    struck.refused === null ? 'not told' : String(struck.refused),
    `${struck.wholeAgainSeconds} s`,
  ];
  if (storm.settled === null) return [first];
  const { settled } = storm;
  return [first, ['— with views and digests', '', `${settled.seconds} s`, cpu(settled), '', '', '', '']];
}
