import type { Calendar, Instant } from '@duban/calendar';
import type { IncidentKind } from './kinds.ts';

/** The instants a first report is judged by. */
export interface Instants {
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  readonly receivedAt: Instant;
  readonly startsAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly ownDueAt: Instant | null;
}

/** Where the minutes of an event count from: when it happened; unknown, when its unit knew; unknown, when word came in. */
export function beginningOf({
  occurredAt,
  knownAt,
  receivedAt,
}: Pick<Instants, 'occurredAt' | 'knownAt' | 'receivedAt'>): Instant {
  return occurredAt ?? knownAt ?? receivedAt;
}

/**
 * The last instant at which a first report is in time (泸办通〔2023〕19号 三(三)): 40 minutes after it happened, 39:59 and
 * 40:00 are in time and 40:01 is late; 24:00 of the second working day before an activity begins; the work's own limit,
 * else 24:00 of the seventh day after it was done. Null: no limit is printed.
 */
export function firstReportDue(rule: IncidentKind['rule'], instants: Instants, calendar: Calendar): Instant | null {
  const { startsAt, completedAt, ownDueAt } = instants;
  switch (rule.when) {
    case 'after_event':
      return beginningOf(instants) + rule.minutes * 60_000;
    case 'ahead': {
      if (startsAt === null) return null;
      return calendar.endOfDay(calendar.workingDayBefore(calendar.dateOf(startsAt), rule.workingDays).date);
    }
    case 'after_completion': {
      if (ownDueAt !== null) return ownDueAt;
      return completedAt === null
        ? null
        : calendar.endOfDay(calendar.withinDays(calendar.dateOf(completedAt), rule.days));
    }
    case 'at_once':
      return null;
  }
}

/** By how much a report missed its instant (ms); 0 when it is in time. */
export function lateness(receivedAt: Instant, dueAt: Instant | null): number {
  return dueAt === null ? 0 : Math.max(0, receivedAt - dueAt);
}
