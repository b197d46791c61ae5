import type { Instant } from '@duban/calendar';
import type { ClockEvent } from '../clock/events.ts';
import type { Limit } from '../clock/limit.ts';
import type { Recipient } from '../structure/recipients.ts';
import type { IncidentKind } from './kinds.ts';
import type { IncidentPace } from './pace.ts';
import type { Facts, IncidentLevel, ReportMode, ReportStage } from './reports.ts';

interface By {
  readonly at: Instant;
  /** Person code, or `system:…`. */
  readonly by: string;
}

/** Which machine or call said that something had happened. */
export interface SignalReference {
  /** `110`, `119`, `12345`. */
  readonly source: string;
  readonly number: string;
}

/**
 * Something has happened, or will. Three instants are kept apart: when it happened, when its unit came to know of it,
 * and when word of it was received here.
 */
export interface IncidentOpened extends By {
  readonly type: 'IncidentOpened';
  readonly incidentId: string;
  readonly signal: SignalReference | null;
  /** As the catalogue stood then. */
  readonly kind: IncidentKind;
  readonly unit: string;
  readonly title: string;
  readonly text: string | null;
  readonly level: IncidentLevel | null;
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  readonly receivedAt: Instant;
  /** Of an activity that is reported ahead. */
  readonly startsAt: Instant | null;
  /** Of work that is reported on when it is done, and the limit it may have of its own. */
  readonly completedAt: Instant | null;
  readonly ownDueAt: Instant | null;
  readonly pace: IncidentPace;
  readonly limits: readonly Limit[];
}
export interface ReportReceived extends By {
  readonly type: 'ReportReceived';
  readonly number: number;
  readonly stage: ReportStage;
  readonly mode: ReportMode;
  /** When it reached the office: before `at` when a call was written down afterwards. */
  readonly receivedAt: Instant;
  /** As known with it. */
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  readonly facts: Facts;
  /** Judged by this report; null: says nothing of it. */
  readonly level: IncidentLevel | null;
  /** Of a first report: when it was due, null when no limit is printed; and by how much it missed that. */
  readonly dueAt: Instant | null;
  readonly lateByMs: number;
  /** Limits that begin or change with it. */
  readonly limits: readonly Limit[];
  /** 备案: 县委办 and 县政府办. */
  readonly filedWith: readonly Recipient[];
  /** Leaders it is reported to. */
  readonly reportedTo: readonly Recipient[];
}
/** Both versions stay: the report's own event holds the former. Lateness never shrinks. */
export interface ReportCorrected extends By {
  readonly type: 'ReportCorrected';
  readonly number: number;
  /** Number of the report. */
  readonly report: number;
  readonly before: Facts;
  readonly after: Facts;
  readonly occurredAt: Instant | null;
  readonly reason: string;
  readonly lateByMs: number;
  readonly limits: readonly Limit[];
}
export interface LevelChanged extends By {
  readonly type: 'LevelChanged';
  readonly from: IncidentLevel | null;
  readonly to: IncidentLevel;
  readonly reason: string;
  /** Limits in force that end earlier now. */
  readonly limits: readonly Limit[];
}
export interface LatenessExplained extends By {
  readonly type: 'LatenessExplained';
  readonly text: string;
}
/** A report above the county is asked for; it waits for the review of both offices. */
export interface UpwardRequested extends By {
  readonly type: 'UpwardRequested';
  readonly number: number;
  readonly to: string;
  readonly text: string;
  readonly limit: Limit;
}
export interface UpwardReviewed extends By {
  readonly type: 'UpwardReviewed';
  readonly number: number;
  /** Unit that reviewed. */
  readonly office: string;
  readonly approved: boolean;
  /** Every office has approved with this. */
  readonly complete: boolean;
  readonly note: string | null;
}
export interface UpwardSent extends By {
  readonly type: 'UpwardSent';
  readonly number: number;
}

export type IncidentEvent =
  | IncidentOpened
  | ReportReceived
  | ReportCorrected
  | LevelChanged
  | LatenessExplained
  | UpwardRequested
  | UpwardReviewed
  | UpwardSent
  | ClockEvent;
