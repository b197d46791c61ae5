import type { Instant } from '@duban/calendar';
import type { ClockEvent } from '../clock/events.ts';
import type { Limit } from '../clock/limit.ts';
import type { Policy } from '../escalation/policy.ts';
import type { DutyDefinition, DutyMode } from './definition.ts';

interface By {
  readonly at: Instant;
  /** Person code, or `system:…`. */
  readonly by: string;
}

/** A turn of the duty as it runs. */
export interface RunningPeriod {
  readonly key: string;
  /** 00:00 of its first day. It may be opened before that, when the one before it has fallen due. */
  readonly from: Instant;
  /** 24:00 of its last day: the next one begins, also when this one's due day was moved beyond it. */
  readonly to: Instant;
  readonly dueAt: Instant;
  /** None follows it by itself. */
  readonly last: boolean;
}

/** Less notice than is due was given, and somebody answers for that (基层减负). */
export interface NoticeOverride {
  /** Post of the leader who allowed it. */
  readonly approver: string;
  readonly reason: string;
}

export interface DutyOpened extends By {
  readonly type: 'DutyOpened';
  readonly dutyId: string;
  readonly definition: DutyDefinition;
  /** `unit:<code>` or `post:<code>`. */
  readonly owner: string;
  /** The unit itself, or the post's. */
  readonly ownerUnit: string;
  readonly policy: Policy;
  /** The structure's import keeps it: a duty that is no longer in it ends. */
  readonly imported: boolean;
  readonly urgent: boolean;
  readonly override: NoticeOverride | null;
  readonly period: RunningPeriod | null;
  readonly limit: Limit | null;
  /** When the obligation as a whole ends. */
  readonly endsAt: Instant;
}
/** The document was corrected and imported again. `limit` is null where the period's own goes on, or it is done. */
export interface DutyCorrected extends By {
  readonly type: 'DutyCorrected';
  readonly definition: DutyDefinition;
  readonly period: RunningPeriod | null;
  readonly limit: Limit | null;
  readonly endsAt: Instant;
}
/** The next turn begins; `occasion` says what has happened where no calendar opens it. */
export interface PeriodOpened {
  readonly type: 'PeriodOpened';
  readonly at: Instant;
  readonly by: string;
  readonly period: RunningPeriod;
  readonly limit: Limit;
  readonly occasion: string | null;
}
/** 完成. */
export interface DutyFulfilled extends By {
  readonly type: 'DutyFulfilled';
  readonly number: number;
  readonly period: string;
  readonly mode: DutyMode;
  /** 无变化: nothing new, in one call. */
  readonly noChange: boolean;
  readonly text: string | null;
  /** How many of the quota. */
  readonly count: number;
  /** The figure, where one is asked for. */
  readonly value: number | null;
  /** The duty whose report answered this one too; null when it was reported here. */
  readonly answeredBy: string | null;
  /** The period is complete with this. */
  readonly complete: boolean;
  readonly lateByMs: number;
  /** Less has been done than the elapsed part of the period asks for. */
  readonly behind: boolean;
}
/** The quota is behind its pro-rata. */
export interface DutyFellBehind {
  readonly type: 'DutyFellBehind';
  readonly at: Instant;
  readonly period: string;
  readonly done: number;
  readonly expected: number;
}
/**
 * The report of a turn is planned, or its morning moves with the calendar: 通报 and 总结 are asked for on the due day.
 * `from` and `to` are those of the turn.
 */
export interface ReportScheduled {
  readonly type: 'ReportScheduled';
  readonly at: Instant;
  readonly period: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly reportAt: Instant;
}
/** The morning has come. Once for each turn. */
export interface ReportAsked {
  readonly type: 'ReportAsked';
  readonly at: Instant;
  readonly period: string;
  readonly from: Instant;
  readonly to: Instant;
  /**
   * What fell due after `since` and by `until` is counted: from one report's planned morning to the next, so that a
   * deadline between the morning and the turn's end is in the next report and not in none.
   */
  readonly since: Instant;
  readonly until: Instant;
}
export interface DutyEnded extends By {
  readonly type: 'DutyEnded';
  /** `until`: its last day has passed; `removed`: its document no longer holds it; `withdrawn`: whoever asked for it no longer does. */
  readonly cause: 'until' | 'removed' | 'withdrawn';
  readonly reason: string | null;
}

export type DutyEvent =
  | DutyOpened
  | DutyCorrected
  | PeriodOpened
  | DutyFulfilled
  | DutyFellBehind
  | ReportScheduled
  | ReportAsked
  | DutyEnded
  | ClockEvent;
