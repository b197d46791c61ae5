import { type Dependencies, tickAlarmClock } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { VirtualClock } from './virtual-clock.ts';

const TICK_EVERY_MS = 60_000;

/** Stands in for the rule that invokes the alarm clock's function every minute. */
export function startAlarmClock(deps: Dependencies, clock: VirtualClock) {
  let lastTick: Instant | null = null;
  const look = async () => {
    try {
      const now = clock.now();
      await tickAlarmClock(deps, lastTick);
      lastTick = now;
    } catch (error) {
      deps.log.warn('alarm_clock.failed', { fault: error instanceof Error ? error.name : 'unknown' });
    }
  };
  let timer: NodeJS.Timeout;
  let stopped = false;
  let looking = Promise.resolve();
  const again = () => {
    // A faster clock needs more looks for the same stretch of its time.
    const pause = Math.max(1_000, TICK_EVERY_MS / Math.max(1, clock.speed));
    timer = setTimeout(() => {
      looking = look().then(() => {
        if (!stopped) again();
      });
    }, pause);
  };
  again();
  return {
    /** After a start, a restart of a part, or a move of the clock: what was sent before no longer counts. */
    lookNow: async () => {
      lastTick = null;
      await look();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
