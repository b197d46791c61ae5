import type { PlainDate, ShiftRule } from '@duban/calendar';
import type { SourceReference } from '../clock/source.ts';

export const DUTY_KINDS = [
  'report',
  'dispatch',
  'circular',
  'summary',
  'supervision',
  'inspection',
  'visit',
  'call_back',
  'meeting',
  'training',
  'media',
  'lecture',
  'assessment',
  'register',
  'other',
] as const;
/** 定期报告 调度 通报 小结 督导 检查 走访 回访 会议 培训 宣传 宣讲 考核 台账. */
export type DutyKind = (typeof DUTY_KINDS)[number];

/** Kinds of duties that ask for a report of plans: 通报, and 小结 or 总结. */
export const REPORT_KINDS = ['circular', 'summary'] as const satisfies readonly DutyKind[];
export type ReportKind = (typeof REPORT_KINDS)[number];

/** The kind of report that a duty of that kind asks for; null for one that asks for none. */
export function reportKindOf(kind: DutyKind): ReportKind | null {
  return REPORT_KINDS.find((each) => each === kind) ?? null;
}

/**
 * How often it falls due, and on which day of its period. Weekdays count from Monday, 1, to Sunday, 7. A day that a
 * month does not have is its last; a weekday or day that is null is the period's last.
 */
export type DutyPeriod =
  | { readonly every: 'day' }
  | { readonly every: 'week'; readonly weekday: number | null }
  | { readonly every: 'ten_days' }
  | { readonly every: 'month'; readonly day: number | null }
  | { readonly every: 'quarter' }
  | { readonly every: 'half_year' }
  | { readonly every: 'year'; readonly month: number | null; readonly day: number | null }
  /** Once, or a quota over the whole of it. */
  | { readonly every: 'campaign' }
  /** Each time something happens: whoever sees it happen opens a period, due so many days later (null: by its end). */
  | { readonly every: 'event'; readonly event: string; readonly withinDays: number | null }
  /** Printed as 定期, 及时 or 不定期: stands until its end and can be reported on at any time, but nothing falls due by itself. */
  | { readonly every: 'unspecified' };

export const DUTY_MODES = ['any', 'on_site', 'written'] as const;
/** How it must be done: 现场督导 is on site. */
export type DutyMode = (typeof DUTY_MODES)[number];

/** A recurring obligation of one or several owners, as its document states it. */
export interface DutyDefinition {
  readonly code: string;
  readonly kind: DutyKind;
  readonly title: string;
  readonly text: string;
  readonly basis: SourceReference;
  /** Group whose office answers for it; null: the requester's office does. */
  readonly group: string | null;
  /** Unit that asks for it: its staff and burden. */
  readonly requester: string;
  /** `unit:<code>` or `post:<code>`, each with a clock of its own. */
  readonly owners: readonly string[];
  /** To whom, or about whom; as printed. */
  readonly counterparties: readonly string[];
  readonly period: DutyPeriod;
  /**
   * What happens to a due day that is a day off. One that moves is done by the day it moves to; of a duty of every day
   * it falls away, for the working day it would move to has a turn of its own.
   */
  readonly shift: ShiftRule;
  /** At least so many in each period; more are welcome. Null: once, and once is enough. */
  readonly quota: { readonly count: number; readonly unit: string } | null;
  readonly mode: DutyMode;
  /** Code of the subject it is about. */
  readonly subject: string | null;
  /** Name of the figure it asks for: the same unit, indicator and period is reported once for all who ask. */
  readonly indicator: string | null;
  /** First and last day of the obligation; the last period ends with the last day, unless that is moved off a day off. */
  readonly from: PlainDate;
  readonly until: PlainDate;
  readonly policy: string;
  /** What the import had to decide where the document is silent. */
  readonly notes: readonly string[];
}
