import type { Calendar, Instant } from '@duban/calendar';
import type { NextStep } from '../escalation/ladder.ts';

export const LIMIT_KINDS = ['due', 'milestone', 'verification', 'instruction', 'supervision', 'review'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

export const LIMIT_STATUSES = ['running', 'overdue', 'met', 'void'] as const;
export type LimitStatus = (typeof LIMIT_STATUSES)[number];

export interface Reminder {
  readonly at: Instant;
  readonly workingDaysBefore: number;
}

/**
 * One running time limit (时限): what is due when, what is left to remind, and where its ladder stands.
 * `steps` are planned when the limit is missed; `hold` is the span an acknowledgement stops the ladder.
 */
export interface Limit {
  /** `due`, `milestone:Q1`, `verification:1`, `instruction:2`, `supervision:1`, `review:2023-12-31`. */
  readonly id: string;
  readonly kind: LimitKind;
  readonly dueAt: Instant;
  /** When it began to run; a ladder never counts from before it. */
  readonly startedAt: Instant;
  readonly status: LimitStatus;
  /** Ascending; those still to come. */
  readonly reminders: readonly Reminder[];
  /** Within the reminding span: the light is yellow. */
  readonly dueSoon: boolean;
  readonly steps: readonly Instant[];
  readonly next: NextStep | null;
  readonly hold: { readonly from: Instant; readonly until: Instant } | null;
}

/** A limit that begins now. Reminders that lie in the past collapse into the latest of them. */
export function startLimit(
  id: string,
  kind: LimitKind,
  dueAt: Instant,
  now: Instant,
  remindWorkingDaysBefore: readonly number[],
  calendar: Calendar,
): Limit {
  return {
    id,
    kind,
    dueAt,
    startedAt: now,
    status: 'running',
    reminders: planReminders(dueAt, now, remindWorkingDaysBefore, calendar),
    dueSoon: false,
    steps: [],
    next: null,
    hold: null,
  };
}

function planReminders(
  dueAt: Instant,
  now: Instant,
  daysBefore: readonly number[],
  calendar: Calendar,
): readonly Reminder[] {
  const all = daysBefore
    .map((days) => ({ at: calendar.workingDaysBefore(dueAt, days).at, workingDaysBefore: days }))
    .filter((reminder) => reminder.at < dueAt)
    .sort((a, b) => a.at - b.at);
  const past = all.filter((reminder) => reminder.at <= now).length;
  return all.slice(Math.max(0, past - 1));
}

/** The next instant at which something happens to the limit by itself; null when nothing will. */
export function nextChangeOf(limit: Limit): Instant | null {
  switch (limit.status) {
    case 'running':
      return Math.min(limit.reminders[0]?.at ?? limit.dueAt, limit.dueAt);
    case 'overdue':
      return limit.hold?.until ?? limit.next?.at ?? null;
    case 'met':
    case 'void':
      return null;
  }
}

export function isActive(limit: Limit): boolean {
  return limit.status === 'running' || limit.status === 'overdue';
}
