import { setTimeout as pause } from 'node:timers/promises';
import type { Dependencies } from '@duban/application';
import type { Instant } from '@duban/calendar';

/** How often the wake index is asked (ms); a look costs eight small queries, and the end is known this exactly. */
const LOOK_EVERY_MS = 100;

/**
 * Waits until the wake index holds nothing that is due at or before an instant.
 * @param patienceMs real time without the index emptying after which it is given up: what is missing then is counted as lost
 */
export async function untilNothingDue(
  deps: Pick<Dependencies, 'wakes'>,
  at: Instant,
  patienceMs: number,
): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    const earliest = await deps.wakes.earliest();
    if (earliest === null || earliest > at) return;
    await pause(LOOK_EVERY_MS);
  }
}
