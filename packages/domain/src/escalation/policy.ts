import type { Calendar, Instant } from '@duban/calendar';
import type { EscalationAction } from '../clock/events.ts';
import type { Reminding } from '../clock/limit.ts';

/** A span of a ladder. Working days keep the time of day; minutes are elapsed time. */
export interface Delay {
  readonly unit: 'working_days' | 'working_minutes' | 'minutes';
  /** 0 or more, whole. */
  readonly amount: number;
}

export const TARGETS = [
  'lead_unit',
  'office',
  'deputy_leader',
  'group_leader',
  'supervision_office',
  'parent_jurisdiction',
  'incident_offices',
  'leader_in_charge',
  'main_leaders',
  'incident_supervision',
  'requester',
] as const;
/** Whom a step tells. Resolved to the holder of a post at the instant the step runs. */
export type Target = (typeof TARGETS)[number];

export interface PolicyStep {
  /** After the due instant; never smaller than the step before. */
  readonly delay: Delay;
  readonly targets: readonly Target[];
  /** `circular`: the item is put on the month's circular (通报) list. */
  readonly action: EscalationAction;
  /** Not acknowledged within this span: the next step is brought forward to its end. Null: waits its full delay. */
  readonly acknowledgeWithin: Delay | null;
  /** How long an acknowledgement holds the ladder at the most. */
  readonly holdOnAcknowledgement: Delay;
  /** Bypasses working hours, cool-down and digest. */
  readonly urgent: boolean;
  /** The last step may come again on the first day of each month while the item stays open. */
  readonly repeat: 'monthly' | null;
}

/** An escalation ladder. Copied into the item when it opens; later edits touch new items only. */
export interface Policy {
  readonly code: string;
  readonly name: string;
  /** Working days before the due instant at which the lead unit is reminded, largest first. */
  readonly remindWorkingDaysBefore: readonly number[];
  /** Elapsed minutes before the due instant, largest first: for limits that nights and holidays do not stop. */
  readonly remindMinutesBefore: readonly number[];
  /** Reminders, too, bypass working hours and digest. */
  readonly urgentReminders: boolean;
  readonly steps: readonly PolicyStep[];
  /** After an outage two steps of one item are at least this far apart. */
  readonly minimumGap: Delay;
  /** How long the office has to verify or send back a completion. */
  readonly verifyWithin: Delay;
  /** Where the ladder is written down. */
  readonly source: string;
}

/** When limits under a policy remind. */
export function remindingOf({ remindWorkingDaysBefore, remindMinutesBefore }: Policy): Reminding {
  return { workingDaysBefore: remindWorkingDaysBefore, minutesBefore: remindMinutesBefore };
}

/** `at` moved forward by a delay. */
export function addDelay(at: Instant, delay: Delay, calendar: Calendar): Instant {
  if (delay.amount === 0) return at;
  switch (delay.unit) {
    case 'working_days':
      return calendar.addWorkingDays(at, delay.amount).at;
    case 'working_minutes':
      return calendar.addWorkingMinutes(at, delay.amount).at;
    case 'minutes':
      return at + delay.amount * 60_000;
  }
}
