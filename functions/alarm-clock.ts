import { tickAlarmClock } from '@duban/application';
import { composeWakes } from './compose.ts';
import { LEDGER, METRICS, settings, WAKES } from './env.ts';
import { log } from './log.ts';
import { createMeter } from './metrics.ts';

const env = settings({ ...LEDGER, ...WAKES, ...METRICS });
const deps = composeWakes(env);
const meter = createMeter(env);
let lastTick: number | null = null;

/** Every minute: sends what falls due before the horizon, and once more what is late. */
export async function handler(): Promise<void> {
  const now = deps.clock.now();
  const report = await tickAlarmClock(deps, lastTick);
  // Only after everything was sent: a tick that failed half-way is repeated whole, and what is sent twice is harmless.
  lastTick = now;
  log.info('alarm_clock.tick', { ...report });
  meter.count('Ticks', 1);
  meter.count('WakesSent', report.sent);
  meter.count('WakesResent', report.resent);
  meter.observe('OldestWakeLateness', report.oldestLateMs);
  meter.publish();
}
