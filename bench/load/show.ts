import { showTables } from '../lib/show.ts';
import type { Figures } from './main.ts';
import type { Summary } from './summary.ts';

/** Prints a run for a reader: minute by minute, then what was found of what was promised. */
export function show({ capacity, plan, steady, overload, fairness, verdicts }: Figures): void {
  const row = ({ asked, good, shed, p50Ms, p99Ms, p999Ms }: Summary) => ({ asked, good, shed, p50Ms, p99Ms, p999Ms });
  showTables({
    [`capacity: ${capacity.perSecond}/s`]: capacity.steps,
    [`steady: ${plan.minutes} minutes at ${Math.round(plan.capacity * plan.steadyShare)}/s`]: steady.minutes.map(
      ({ held, ...minute }) => ({
        ...{ minute: minute.minute, ...row(minute) },
        ...{ rssMb: held?.rssMegabytes, heapMb: held?.heapMegabytes, files: held?.files, sockets: held?.sockets },
        ...{ threads: held?.threads, databaseMb: held?.databaseRssMegabytes, loopP99Ms: held?.eventLoopP99Ms },
      }),
    ),
    'median ms by request': steady.slowest,
    overload: [
      { what: `at ${Math.round(100 * plan.overloadShare)}%`, ...row(overload.overload) },
      { what: 'afterwards', ...row(overload.afterwards) },
      { what: 'beside a greedy caller', ...row(fairness.others) },
      { what: 'the greedy caller', ...row(fairness.greedy) },
    ],
    verdicts: verdicts.map(({ holds, what, found }) => ({ holds: holds ? 'yes' : 'NO', what, found })),
  });
}
