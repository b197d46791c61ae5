import type { Instant } from '@duban/calendar';
import type { EscalationCommand } from '../clock/acknowledge.ts';
import type { SignalReference } from './events.ts';
import type { IncidentKind } from './kinds.ts';
import type { Facts, IncidentLevel, ReportMode, ReportStage } from './reports.ts';

/** What is known of it when it is opened. */
export interface Opening {
  readonly incidentId: string;
  readonly kind: IncidentKind;
  readonly unit: string;
  readonly title: string;
  readonly level: IncidentLevel | null;
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  /** When a signal came in; null: now. A report brings its own. */
  readonly receivedAt: Instant | null;
  readonly startsAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly ownDueAt: Instant | null;
}

export interface Report {
  readonly stage: ReportStage;
  readonly mode: ReportMode;
  /** Null: now. Earlier only for whoever takes calls in an office that incidents are filed with, of another unit's reports. */
  readonly receivedAt: Instant | null;
  readonly facts: Facts;
  readonly level: IncidentLevel | null;
}

export type IncidentCommand =
  | ({ readonly type: 'Signal'; readonly signal: SignalReference; readonly text: string | null } & Opening)
  | ({ readonly type: 'OpenWithReport'; readonly report: Omit<Report, 'stage'> } & Opening)
  | ({
      readonly type: 'Report';
      /** Stated by the first report of an incident that a signal has opened; null: as known before. */
      readonly occurredAt: Instant | null;
      readonly knownAt: Instant | null;
    } & Report)
  | {
      readonly type: 'CorrectReport';
      readonly report: number;
      /** As it stands now; the application reads it from the events. */
      readonly before: Facts;
      readonly after: Facts;
      /** Null: as before. */
      readonly occurredAt: Instant | null;
      readonly reason: string;
    }
  | { readonly type: 'ChangeLevel'; readonly level: IncidentLevel; readonly reason: string }
  | { readonly type: 'ExplainLateness'; readonly text: string }
  | { readonly type: 'RequestUpward'; readonly to: string; readonly text: string }
  | {
      readonly type: 'ReviewUpward';
      readonly number: number;
      /** Null: the one office the reviewer belongs to. */
      readonly office: string | null;
      readonly approved: boolean;
      readonly note: string | null;
    }
  | { readonly type: 'SendUpward'; readonly number: number }
  | EscalationCommand;

export type IncidentCommandOf<T extends IncidentCommand['type']> = Extract<IncidentCommand, { type: T }>;
