import type { SourceReference } from '../clock/source.ts';

export const INCIDENT_CATEGORIES = ['important_work', 'sudden_event', 'meeting_activity', 'other'] as const;
/** 重要工作事项、突发重大事件、重要会议活动事项、其他重大事项 (泸办通〔2023〕19号 二). */
export type IncidentCategory = (typeof INCIDENT_CATEGORIES)[number];

/**
 * When a first report is in time.
 * `after_event`: at most so many elapsed minutes after it happened, day and night.
 * `ahead`: at least so many working days before it begins.
 * `after_completion`: at most so many days after the work is done, unless the work has a limit of its own.
 * `at_once`: as its own rules say; no limit is printed.
 */
export type ReportRule =
  | { readonly when: 'after_event'; readonly minutes: number }
  | { readonly when: 'ahead'; readonly workingDays: number }
  | { readonly when: 'after_completion'; readonly days: number }
  | { readonly when: 'at_once' };

/** A further limit that runs beside the first report's: of a national order, say. */
export interface ParallelLimit {
  readonly code: string;
  readonly name: string;
  readonly from: 'occurredAt' | 'knownAt' | 'receivedAt';
  readonly minutes: number;
  readonly source: SourceReference;
  /** Confirmed by a person of the county. What is not confirmed is shown and does not run. */
  readonly verified: boolean;
}

/** A sub-kind of matter that is reported (重大事项). */
export interface IncidentKind {
  readonly code: string;
  readonly category: IncidentCategory;
  readonly name: string;
  readonly rule: ReportRule;
  /** Goes on after the first report: follow-ups until a final report. */
  readonly followsUp: boolean;
  readonly source: SourceReference;
  readonly parallel: readonly ParallelLimit[];
}
