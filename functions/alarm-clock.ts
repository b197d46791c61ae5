import { tickAlarmClock } from '@duban/application';
import { compose } from './compose.ts';

const deps = compose();
let lastTick: number | null = null;

/** Every minute: sends what falls due before the horizon, and once more what is late. */
export async function handler(): Promise<void> {
  const now = deps.clock.now();
  const report = await tickAlarmClock(deps, lastTick);
  // Only after everything was sent: a tick that failed half-way is repeated whole, and what is sent twice is harmless.
  lastTick = now;
  deps.log.info('alarm_clock.tick', { ...report });
}
