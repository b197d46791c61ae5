import type { Instant } from '@duban/calendar';
import type { EscalationRecord } from '../clock/item.ts';
import type { Light } from '../clock/light.ts';
import { activeLimits, type Limit, nextChangeOfAll } from '../clock/limit.ts';
import type { SignalReference } from './events.ts';
import type { IncidentKind } from './kinds.ts';
import type { IncidentPace } from './pace.ts';
import type { IncidentLevel, ReportMode, ReportStage } from './reports.ts';

export const INCIDENT_STATUSES = ['awaiting_report', 'reported', 'closed'] as const;
/** 待首报、已报告（续报中）、已终结. */
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export interface ReportRecord {
  readonly number: number;
  readonly stage: ReportStage;
  readonly mode: ReportMode;
  readonly receivedAt: Instant;
  /** Of its event: what it states lies there. */
  readonly version: number;
  /** Versions of the events that corrected it, in order. */
  readonly corrections: readonly number[];
}

export const UPWARD_STATES = ['pending', 'approved', 'refused', 'sent'] as const;
export interface UpwardRecord {
  readonly number: number;
  readonly to: string;
  readonly status: (typeof UPWARD_STATES)[number];
  readonly reviews: readonly { readonly office: string; readonly approved: boolean }[];
}

/** What the rules need of an incident. What its reports state stays in the events. */
export interface ExistingIncident {
  readonly status: IncidentStatus;
  readonly id: string;
  /** Events so far. */
  readonly version: number;
  readonly signal: SignalReference | null;
  readonly kind: IncidentKind;
  readonly unit: string;
  readonly title: string;
  readonly level: IncidentLevel | null;
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  readonly receivedAt: Instant;
  readonly startsAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly ownDueAt: Instant | null;
  readonly openedAt: Instant;
  readonly pace: IncidentPace;
  readonly limits: readonly Limit[];
  readonly escalations: readonly EscalationRecord[];
  readonly reports: readonly ReportRecord[];
  readonly corrections: number;
  /** By how much the first report missed its limit (ms); null while there is none. */
  readonly lateByMs: number | null;
  readonly explained: boolean;
  readonly filedWith: readonly string[];
  readonly upward: readonly UpwardRecord[];
  readonly closedAt: Instant | null;
}
export type IncidentState = { readonly status: 'none' } | ExistingIncident;

export const INITIAL_INCIDENT: IncidentState = { status: 'none' };

export function incidentNextWakeAt(state: IncidentState): Instant | null {
  return state.status === 'none' ? null : nextChangeOfAll(state.limits);
}

/** Red while anything about it is overdue, yellow while a late report is not explained, blue when nothing is left of it. */
export function incidentLight(incident: ExistingIncident): Light {
  const active = activeLimits(incident);
  if (active.some((limit) => limit.status === 'overdue')) return 'red';
  if (active.some(({ kind, dueSoon }) => dueSoon || kind === 'explanation')) return 'yellow';
  return incident.status === 'closed' && active.length === 0 ? 'blue' : 'green';
}
