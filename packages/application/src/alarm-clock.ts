import type { Instant } from '@duban/calendar';
import { type Dependencies, WAKE_HORIZON_MS } from './dependencies.ts';
import type { DueWake } from './ports.ts';
import { OVERDUE_ALARM_MS, RESEND_AFTER_MS } from './wake.ts';

export interface TickReport {
  readonly sent: number;
  /** Late by more than {@link RESEND_AFTER_MS}: sent again. */
  readonly resent: number;
  /** Lateness of the oldest pending wake (ms); 0 when nothing is late. */
  readonly oldestLateMs: number;
  /** The oldest wake is late by more than {@link OVERDUE_ALARM_MS}. */
  readonly alarm: boolean;
}

/** Wakes gathered before they are sent; what falls into one second then travels together, whichever shard it lay in. */
const WAKES_PER_SEND = 5_000;

/** The index follows the table with a lag; what it did not show at the last tick's edge is looked for once more (ms). */
const INDEX_LAG_MS = 10_000;

/**
 * One tick of the alarm clock. It only finds: what falls due before the horizon goes to the queue with a delay that ends
 * at its instant. What was already due at the tick before is on its way, unless it is late by more than 30 s: then
 * its message is taken for lost and it is sent again. That is the auditor.
 * @param lastTick the tick before, or null after a start: then everything pending is sent
 */
export async function tickAlarmClock(
  deps: Pick<Dependencies, 'wakes' | 'wakeQueue' | 'clock' | 'log'>,
  lastTick: Instant | null,
): Promise<TickReport> {
  const now = deps.clock.now();
  let sent = 0;
  let resent = 0;
  let oldest = now;
  let gathered: DueWake[] = [];
  const send = async () => {
    // Now, and not at the beginning of the tick: a delay counts from when it is sent.
    if (gathered.length > 0) await deps.wakeQueue.send(gathered, deps.clock.now());
    sent += gathered.length;
    gathered = [];
  };
  for await (const page of deps.wakes.due(now + WAKE_HORIZON_MS)) {
    const wakes = page.filter((wake) => isToBeSent(wake, now, lastTick));
    for (const { at } of page) oldest = Math.min(oldest, at);
    resent += wakes.filter(({ at }) => at < now - RESEND_AFTER_MS).length;
    gathered = gathered.concat(wakes);
    if (gathered.length >= WAKES_PER_SEND) await send();
  }
  await send();
  const oldestLateMs = now - oldest;
  const alarm = oldestLateMs > OVERDUE_ALARM_MS;
  if (alarm) deps.log.error('wake.oldest_overdue', { lateMs: oldestLateMs, resent });
  return { sent, resent, oldestLateMs, alarm };
}

function isToBeSent({ at }: DueWake, now: Instant, lastTick: Instant | null): boolean {
  if (lastTick === null || at < now - RESEND_AFTER_MS) return true;
  return at >= lastTick + WAKE_HORIZON_MS - INDEX_LAG_MS;
}
