import type { Instant } from '@duban/calendar';

/** A stage of a task with its own time limit (季度目标). */
export interface Milestone {
  /** e.g. `Q1`; unique within the task. */
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly dueAt: Instant;
}

/** A numeric target of a task. */
export interface NumericTarget {
  readonly indicator: string;
  readonly value: number | null;
  readonly unit: string | null;
  /** Date by which, `YYYY-MM-DD`. */
  readonly by: string | null;
}

/** A task as its document states it. Structure is named by code. */
export interface TaskDefinition {
  readonly title: string;
  readonly text: string;
  readonly plan: string;
  readonly group: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  /** Posts of the leaders named for the task. */
  readonly leaders: readonly string[];
  /** 24:00 of the due day, unless a time is given; null when the document proves none. */
  readonly dueAt: Instant | null;
  /** The limit as printed: `2023年8月底前`. */
  readonly dueText: string | null;
  /** 并持续推进: reviewed each quarter after it is done. */
  readonly ongoing: boolean;
  readonly milestones: readonly Milestone[];
  readonly targets: readonly NumericTarget[];
  /** Where the document says so: lines of the gazette, or the authority cited. */
  readonly source: string | null;
  readonly notes: readonly string[];
}
