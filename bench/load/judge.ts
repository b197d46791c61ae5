import { median, round } from '../lib/statistics.ts';
import type { StormFigure } from './storms.ts';
import type { Summary } from './summary.ts';
import type { Sample } from './watch.ts';

export interface Verdict {
  readonly what: string;
  readonly holds: boolean;
  readonly found: string;
}

/** What grows with what is stored, or with how long it runs: compared between the middle and the last third. */
export interface Growth {
  readonly middle: number;
  readonly last: number;
  readonly allowed: number;
}

/** The first part of a run, in which caches fill and code is compiled, says nothing about the rest. */
const WARM_UP_SHARE = 0.2;

const FLAT: readonly {
  readonly what: string;
  readonly of: (sample: Sample) => number;
  readonly typical: (values: readonly number[]) => number;
  /** Share of the middle third's value, and an amount that is always allowed. */
  readonly share: number;
  readonly amount: number;
}[] = [
  // V8 gives memory back when it likes.
  { what: 'memory of the process (MB)', of: (s) => s.rssMegabytes, typical: median, share: 0.03, amount: 16 },
  // What is left after a collection is what is kept; between two of them anything may be seen.
  { what: 'heap after collection (MB)', of: (s) => s.heapMegabytes, typical: lowest, share: 0.05, amount: 8 },
  { what: 'open files', of: (s) => s.files, typical: median, share: 0, amount: 3 },
  // A burst opens more, which are let go when they idle.
  { what: 'open sockets', of: (s) => s.sockets, typical: lowest, share: 0.1, amount: 16 },
  { what: 'threads', of: (s) => s.threads, typical: median, share: 0, amount: 1 },
  { what: 'open files of DynamoDB Local', of: (s) => s.databaseFiles, typical: median, share: 0, amount: 5 },
];

/** The lowest tenth: one sample alone may have come just after a full collection. */
function lowest(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return median(sorted.slice(0, Math.max(1, Math.ceil(sorted.length / 10))));
}

export function judgeGrowth(samples: readonly Sample[]): readonly Verdict[] {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const third = Math.floor(warm.length / 3);
  const [middle, last] = [warm.slice(third, 2 * third), warm.slice(2 * third)];
  return FLAT.map(({ what, of, typical, share, amount }) => {
    const [before, after] = [typical(middle.map(of)), typical(last.map(of))];
    const allowed = before * share + amount;
    // Nothing seen is nothing shown: NaN holds nothing.
    return {
      what: `flat: ${what}`,
      holds: after - before <= allowed,
      found: `${round(before, 1)} in the middle third, ${round(after, 1)} in the last; ${round(allowed, 1)} more allowed`,
    };
  });
}

export function judgeSteady(steady: Summary, storms: readonly StormFigure[]): readonly Verdict[] {
  return [
    {
      what: 'steady: every answer good or expected',
      holds: steady.good === steady.asked && steady.asked > 0,
      found: `${steady.asked - steady.good} of ${steady.asked} not: ${JSON.stringify(steady.statuses)}`,
    },
    judgeStorms('steady', storms),
  ];
}

export function judgeStorms(when: string, storms: readonly StormFigure[]): Verdict {
  return {
    what: `${when}: what fell due together was escalated`,
    holds: storms.length > 0 && storms.every(({ seconds }) => seconds !== null),
    found: storms.map(({ tasks, seconds }) => `${tasks} in ${round(seconds ?? Number.NaN, 1)} s`).join(', '),
  };
}

export function judgeOverload(overload: Summary, underWay: number): readonly Verdict[] {
  const { asked, good, shed, faults } = overload;
  return [
    {
      what: 'overload: what is not answered is shed, with Retry-After',
      holds: shed > 0 && Object.keys(faults).length === 0 && good + shed === asked,
      found: `${round((100 * shed) / asked)}% shed, ${round((100 * good) / asked)}% answered, faults ${JSON.stringify(faults)}`,
    },
    { what: 'overload: nothing hangs', holds: underWay === 0, found: `${underWay} unanswered` },
  ];
}
