import type { Instant } from '@duban/calendar';
import type { EscalationRecord } from '../clock/item.ts';
import type { Light } from '../clock/light.ts';
import { activeLimits, isActive, type Limit, nextChangeOfAll } from '../clock/limit.ts';
import type { Policy } from '../escalation/policy.ts';

export interface ExtensionRecord {
  readonly number: number;
  readonly limitId: string;
  readonly newDueAt: Instant;
  readonly decision: 'pending' | 'approved' | 'refused';
}

export interface DisputeRecord {
  readonly number: number;
  readonly unit: string;
  readonly decision: 'pending' | 'upheld' | 'rejected';
}

/** What the rules need of a task. Its wording stays in the events (`wordingVersion` says in which). */
export interface TaskCore {
  readonly id: string;
  /** Events so far. */
  readonly version: number;
  readonly wordingVersion: number;
  readonly title: string;
  readonly plan: string;
  readonly group: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  readonly leaders: readonly string[];
  readonly ongoing: boolean;
  readonly policy: Policy;
  readonly assignedAt: Instant;
  readonly acceptedBy: readonly string[];
  readonly percent: number | null;
  readonly limits: readonly Limit[];
  readonly escalations: readonly EscalationRecord[];
  readonly extensions: readonly ExtensionRecord[];
  readonly disputes: readonly DisputeRecord[];
  /** How many of each numbered thing there have been. */
  readonly counts: {
    readonly progress: number;
    readonly completions: number;
    readonly listings: number;
    readonly instructions: number;
  };
  readonly listed: boolean;
  /** Until the import that wrote the last event is published, readers are shown `before` (null: nothing yet). */
  readonly held: { readonly importId: string; readonly before: ExistingTask | null } | null;
}

/** Where a task is when nobody is waiting for a decision on it. */
export type WorkingStatus = 'assigned' | 'in_progress' | 'standing';

export type ExistingTask = TaskCore &
  (
    | { readonly status: WorkingStatus }
    | { readonly status: 'completion_submitted'; readonly submittedAt: Instant }
    | {
        readonly status: 'suspended';
        readonly since: Instant;
        readonly until: Instant;
        readonly resumesTo: WorkingStatus;
      }
    | { readonly status: 'closed'; readonly closedAt: Instant; readonly onTime: boolean; readonly lateByMs: number }
    | { readonly status: 'cancelled'; readonly cancelledAt: Instant }
  );

export type TaskState = { readonly status: 'none' } | ExistingTask;
export type TaskStatus = ExistingTask['status'];

export const TASK_STATUSES = [
  'assigned',
  'in_progress',
  'completion_submitted',
  'suspended',
  'standing',
  'closed',
  'cancelled',
] as const satisfies readonly TaskStatus[];

export const INITIAL_TASK: TaskState = { status: 'none' };

/** The limits whose time is running now, given where the task is. */
export function runningLimits(task: ExistingTask): readonly Limit[] {
  switch (task.status) {
    case 'assigned':
    case 'in_progress':
    case 'standing':
      return activeLimits(task);
    case 'completion_submitted':
      return task.limits.filter((limit) => limit.kind === 'verification' && isActive(limit));
    case 'suspended':
    case 'closed':
    case 'cancelled':
      return [];
  }
}

export function taskNextWakeAt(state: TaskState): Instant | null {
  if (state.status === 'none') return null;
  if (state.status === 'suspended') return state.until;
  return nextChangeOfAll(runningLimits(state));
}

export function lightOf(task: ExistingTask): Light {
  switch (task.status) {
    case 'closed':
      return 'blue';
    case 'suspended':
    case 'cancelled':
      return 'grey';
    case 'assigned':
    case 'in_progress':
    case 'completion_submitted':
    case 'standing': {
      const limits = runningLimits(task);
      if (limits.some((limit) => limit.status === 'overdue')) return 'red';
      return limits.some((limit) => limit.dueSoon) ? 'yellow' : 'green';
    }
  }
}

/** The task's own limit; null when its document gives none. */
export function dueLimit(task: TaskCore): Limit | null {
  return task.limits.find((limit) => limit.kind === 'due') ?? null;
}
