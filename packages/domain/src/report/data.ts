import type { Instant } from '@duban/calendar';
import type { EscalationAction } from '../clock/events.ts';
import type { Light } from '../clock/light.ts';
import type { SourceReference } from '../clock/source.ts';
import type { ReportKind } from '../duty/definition.ts';
import type { TaskStatus } from '../task/state.ts';

/** A code with what it was called when the report was made. */
export interface Called {
  readonly code: string;
  readonly name: string;
}

/** What became of deadlines. Each task has one, its own; those suspended or cancelled have none. */
export interface Outcomes {
  /** All of them: the four below. */
  readonly due: number;
  readonly onTime: number;
  readonly late: number;
  /** Submitted as done, and with the office: the clock of its unit stands still. */
  readonly submitted: number;
  /** Open still, its deadline past. */
  readonly overdue: number;
}

/** A lead unit's tasks; one that units lead together counts for each of them. */
export interface UnitResult {
  readonly unit: Called;
  /** Without the cancelled ones. */
  readonly tasks: number;
  /** Of the deadlines that fell in the span. */
  readonly span: Outcomes;
  /** Of all deadlines until then. */
  readonly toDate: Outcomes;
  /** Escalations raised in the span. */
  readonly escalated: number;
  readonly escalatedToDate: number;
  /** Over its deadlines to date that are decided, late ones by how much (ms, rounded); 0 where none is. */
  readonly meanLateMs: number;
  /** 1 is the best; equal results share a place. Null: nothing of it has fallen due and been decided, and it is not ranked. */
  readonly rank: number | null;
}

/** A task as a report names it. */
export interface NamedTask {
  readonly id: string;
  readonly seq: number | null;
  readonly title: string;
  readonly leadUnits: readonly Called[];
  readonly dueAt: Instant | null;
  /** How long its deadline has been past; 0 when it is not (ms). */
  readonly lateMs: number;
  readonly percent: number | null;
  /** Escalations so far. */
  readonly escalations: number;
}

export interface StepCount {
  /** Of the ladder, counted from 1. */
  readonly step: number;
  readonly action: EscalationAction;
  readonly count: number;
}

/** A circular (通报) or summary (总结) of one plan: what was so at an instant, names and all. It never changes. */
export interface ReportData {
  readonly kind: ReportKind;
  readonly title: string;
  readonly plan: Called & { readonly documentNumber: string; readonly list: string };
  readonly group: Called;
  /** The duty that asked for it; null for a preview. */
  readonly duty: (Called & { readonly basis: SourceReference }) | null;
  /** The turn it is of: 00:00 of its first day to 24:00 of its last. Null key: days that somebody chose. */
  readonly period: { readonly key: string | null; readonly from: Instant; readonly to: Instant };
  /** Deadlines after `from` and by `to` are the span's; `to` is not after {@link asOf}. */
  readonly span: { readonly from: Instant; readonly to: Instant };
  readonly asOf: Instant;
  readonly totals: {
    /** Without the cancelled ones. */
    readonly tasks: number;
    readonly byStatus: Readonly<Partial<Record<TaskStatus, number>>>;
    readonly byLight: Readonly<Partial<Record<Light, number>>>;
    readonly span: Outcomes;
    readonly toDate: Outcomes;
  };
  /** Raised in the span. */
  readonly escalations: { readonly total: number; readonly steps: readonly StepCount[] };
  /** In the order of their places; those without one last. */
  readonly units: readonly UnitResult[];
  readonly best: readonly Called[];
  readonly worst: readonly Called[];
  /** The latest first. */
  readonly overdue: readonly NamedTask[];
  /** What the ladder has put on the month's circular (列入通报), the latest first. */
  readonly circular: readonly NamedTask[];
}
