import type { Instant } from '@duban/calendar';
import type { ClockEvent } from '../clock/events.ts';
import type { Limit } from '../clock/limit.ts';
import type { Policy } from '../escalation/policy.ts';
import type { TaskDefinition } from './definition.ts';

interface By {
  readonly at: Instant;
  /** Person code, or `system:…`. */
  readonly by: string;
}

/** 交办. The policy is copied here; its later editions do not touch this task. */
export interface TaskAssigned extends By {
  readonly type: 'TaskAssigned';
  readonly taskId: string;
  readonly definition: TaskDefinition;
  readonly policy: Policy;
  readonly limits: readonly Limit[];
  /** The import that brought it, hidden until that is published; null when a person assigned it. */
  readonly importId: string | null;
}
/** The list was corrected and imported again; says what changed, before and after. */
export interface TaskCorrected extends By {
  readonly type: 'TaskCorrected';
  readonly definition: TaskDefinition;
  readonly changed: readonly string[];
  readonly limits: readonly Limit[];
  /** What allowed a running limit to move; null when none did. */
  readonly basis: string | null;
  /** Null in events from before imports were published as a whole. */
  readonly importId: string | null;
}
/** 签收. */
export interface TaskAccepted extends By {
  readonly type: 'TaskAccepted';
  readonly unit: string;
}
export interface DisputeRaised extends By {
  readonly type: 'DisputeRaised';
  readonly number: number;
  readonly unit: string;
  readonly reason: string;
  readonly proposedLeadUnits: readonly string[];
}
export interface DisputeDecided extends By {
  readonly type: 'DisputeDecided';
  readonly number: number;
  readonly upheld: boolean;
  readonly basis: string;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
}
/** 反馈. `noChange` is the one-call report that nothing is new. */
export interface ProgressReported extends By {
  readonly type: 'ProgressReported';
  readonly number: number;
  readonly unit: string;
  readonly text: string | null;
  /** 0-100, whole. */
  readonly percent: number | null;
  readonly noChange: boolean;
  /** Milestone codes reached. */
  readonly reached: readonly string[];
  /** Limits this report answers: instructions, supervision, reviews. */
  readonly answers: readonly string[];
}
export interface ExtensionRequested extends By {
  readonly type: 'ExtensionRequested';
  readonly number: number;
  readonly limitId: string;
  readonly newDueAt: Instant;
  readonly reason: string;
}
export interface ExtensionDecided extends By {
  readonly type: 'ExtensionDecided';
  readonly number: number;
  readonly approved: boolean;
  /** The authority cited for moving a limit; null on a refusal. */
  readonly basis: string | null;
  readonly reason: string | null;
  /** The limit as it runs from now on; null on a refusal. */
  readonly limit: Limit | null;
}
export interface CompletionSubmitted extends By {
  readonly type: 'CompletionSubmitted';
  readonly number: number;
  readonly unit: string;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly verification: Limit;
}
/** 销号. An ongoing task stands from now on and is reviewed each quarter. */
export interface CompletionVerified extends By {
  readonly type: 'CompletionVerified';
  readonly number: number;
  readonly note: string | null;
  readonly onTime: boolean;
  readonly lateByMs: number;
  readonly review: Limit | null;
}
/** 退回. The limits run again. */
export interface CompletionReturned extends By {
  readonly type: 'CompletionReturned';
  readonly number: number;
  readonly reason: string;
  readonly limits: readonly Limit[];
}
export interface TaskSuspended extends By {
  readonly type: 'TaskSuspended';
  readonly until: Instant;
  readonly reason: string;
  readonly basis: string;
}
export interface TaskResumed extends By {
  readonly type: 'TaskResumed';
  readonly reason: string | null;
  readonly limits: readonly Limit[];
}
export interface TaskCancelled extends By {
  readonly type: 'TaskCancelled';
  readonly reason: string;
  readonly basis: string;
}
/** 挂牌督办. */
export interface ListedForSupervision extends By {
  readonly type: 'ListedForSupervision';
  readonly number: number;
  readonly reason: string;
  readonly basis: string;
  readonly limit: Limit;
}
/** 领导批示. */
export interface LeaderInstructed extends By {
  readonly type: 'LeaderInstructed';
  readonly number: number;
  readonly post: string | null;
  readonly text: string;
  readonly limit: Limit | null;
}
/** A standing task's quarter was answered or has passed; the next one begins. */
export interface ReviewStarted {
  readonly type: 'ReviewStarted';
  readonly at: Instant;
  readonly limit: Limit;
}

export type TaskEvent =
  | TaskAssigned
  | TaskCorrected
  | TaskAccepted
  | DisputeRaised
  | DisputeDecided
  | ProgressReported
  | ExtensionRequested
  | ExtensionDecided
  | CompletionSubmitted
  | CompletionVerified
  | CompletionReturned
  | TaskSuspended
  | TaskResumed
  | TaskCancelled
  | ListedForSupervision
  | LeaderInstructed
  | ReviewStarted
  | ClockEvent;
