import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import type { Jurisdiction } from '../structure/types.ts';

/**
 * When a notice raised at `at` is released: outside working hours at the next opening, in the morning not before the
 * jurisdiction's digest hour, within hours at the end of the running window. Urgent notices do not wait.
 */
export function releaseInstant(
  calendar: Calendar,
  jurisdiction: Pick<Jurisdiction, 'digestMorningAt' | 'digestWindowMinutes'>,
  at: Instant,
  urgent: boolean,
): Instant {
  if (urgent) return at;
  for (let date = calendar.dateOf(at); ; date = calendar.addDays(date, 1)) {
    const morning = digestMorning(calendar, jurisdiction, date);
    for (const span of calendar.spans(date)) {
      const opens = Math.max(span.from, morning);
      if (opens >= span.to) continue;
      if (at < opens) return opens;
      if (at >= span.to) continue;
      const windowMs = jurisdiction.digestWindowMinutes * 60_000;
      const windowEnd = opens + (Math.floor((at - opens) / windowMs) + 1) * windowMs;
      // Nobody is left waiting over lunch for the end of a window that was nearly over.
      return Math.min(windowEnd, span.to);
    }
  }
}

/** When that day's first digest may be released, were it a working day. */
export function digestMorning(
  calendar: Calendar,
  { digestMorningAt }: Pick<Jurisdiction, 'digestMorningAt'>,
  date: PlainDate,
): Instant {
  return calendar.startOfDay(date) + minutesOf(digestMorningAt) * 60_000;
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/**
 * One digest a mailbox and window; what is urgent is joined with nothing but itself.
 * @param urgentItem the item an urgent notice is about; null for a notice that waits for its window
 */
export function digestIdOf(mailbox: string, releaseAt: Instant, urgentItem: string | null): string {
  return `digest_${mailbox.replace(':', '.')}.${releaseAt}${urgentItem === null ? '' : `.urgent.${urgentItem}`}`;
}
