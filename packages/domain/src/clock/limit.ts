import type { Calendar, Instant } from '@duban/calendar';
import type { NextStep } from '../escalation/ladder.ts';
import { addDelay, type Delay } from '../escalation/policy.ts';

export const LIMIT_KINDS = [
  // Of tasks.
  'due',
  'milestone',
  'verification',
  'instruction',
  'supervision',
  'review',
  // Of incidents.
  'first_report',
  'written_report',
  'follow_up',
  'explanation',
  'upward_review',
  // Of duties.
  'period',
  // Of problems.
  'solution',
  'approval',
  'call_back',
] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

export const LIMIT_STATUSES = ['running', 'overdue', 'met', 'void'] as const;
export type LimitStatus = (typeof LIMIT_STATUSES)[number];

/** A reminder still to come: so many working days before the due instant, or so many elapsed minutes. */
export interface Reminder {
  readonly at: Instant;
  readonly workingDaysBefore: number | null;
  readonly minutesBefore: number | null;
}

export const PAUSE_REASONS = ['acknowledged', 'suspended', 'submitted'] as const;
/** A span in which a ladder stood still, and from which step on it was moved by it. */
export interface Pause {
  readonly from: Instant;
  readonly until: Instant;
  readonly fromStep: number;
  readonly reason: (typeof PAUSE_REASONS)[number];
}

/**
 * One running time limit (时限): what is due when, what is left to remind, and where its ladder stands.
 * `steps` are planned when the limit is missed; `hold` is the span an acknowledgement stops the ladder.
 */
export interface Limit {
  /** `due`, `milestone:Q1`, `verification:1`, `first_report`, `follow_up:2`, `period:2023-W22`. */
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
  /** How the due instant was counted; null where a date or an instant was given. */
  readonly counted: { readonly from: Instant; readonly delay: Delay } | null;
  /** Spans its ladder has stood still, in the order they ended; null: from before they were kept, nobody can tell. */
  readonly pauses: readonly Pause[] | null;
}

/** When a limit reminds. */
export interface Reminding {
  readonly workingDaysBefore: readonly number[];
  /** Elapsed minutes; for limits that nights and holidays do not stop. */
  readonly minutesBefore: readonly number[];
}

export const NO_REMINDERS: Reminding = { workingDaysBefore: [], minutesBefore: [] };

/** A limit that begins now. Reminders that lie in the past collapse into the latest of them. */
export function startLimit(
  id: string,
  kind: LimitKind,
  dueAt: Instant,
  now: Instant,
  reminding: Reminding,
  calendar: Calendar,
): Limit {
  return {
    id,
    kind,
    dueAt,
    startedAt: now,
    status: 'running',
    reminders: planReminders(dueAt, now, reminding, calendar),
    dueSoon: false,
    steps: [],
    next: null,
    hold: null,
    counted: null,
    pauses: [],
  };
}

/** A limit that ends a span after an instant: the span is kept, so that another calendar can count it again. */
export function startCountedLimit(
  id: string,
  kind: LimitKind,
  counted: { readonly from: Instant; readonly delay: Delay },
  now: Instant,
  reminding: Reminding,
  calendar: Calendar,
): Limit {
  const dueAt = addDelay(counted.from, counted.delay, calendar);
  return { ...startLimit(id, kind, dueAt, now, reminding, calendar), counted };
}

/** The reminders of a limit that are to come, ascending; of those that have passed only the latest. */
export function planReminders(
  dueAt: Instant,
  now: Instant,
  { workingDaysBefore, minutesBefore }: Reminding,
  calendar: Calendar,
): readonly Reminder[] {
  const all: Reminder[] = [
    ...workingDaysBefore.map((days) => ({
      at: calendar.workingDaysBefore(dueAt, days).at,
      workingDaysBefore: days,
      minutesBefore: null,
    })),
    ...minutesBefore.map((minutes) => ({
      at: dueAt - minutes * 60_000,
      workingDaysBefore: null,
      minutesBefore: minutes,
    })),
  ];
  const planned = all.filter((reminder) => reminder.at < dueAt).sort((a, b) => a.at - b.at);
  const past = planned.filter((reminder) => reminder.at <= now).length;
  return planned.slice(Math.max(0, past - 1));
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

/** The earliest instant at which something happens to any of these limits by itself. */
export function nextChangeOfAll(limits: readonly Limit[]): Instant | null {
  let earliest: Instant | null = null;
  for (const limit of limits) {
    const change = nextChangeOf(limit);
    if (change !== null && (earliest === null || change < earliest)) earliest = change;
  }
  return earliest;
}

export function isActive(limit: Limit): boolean {
  return limit.status === 'running' || limit.status === 'overdue';
}

/** The limits by which something is still asked for: those that run and those that are missed. */
export function activeLimits({ limits }: { readonly limits: readonly Limit[] }): readonly Limit[] {
  return limits.filter(isActive);
}

/** A limit that ends here, with nothing left to come of it. */
export function ended(limit: Limit, status: 'met' | 'void'): Limit {
  return { ...limit, status, reminders: [], dueSoon: false, steps: [], next: null, hold: null };
}
