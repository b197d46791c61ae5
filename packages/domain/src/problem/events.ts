import type { Instant, PlainDate } from '@duban/calendar';
import type { ClockEvent } from '../clock/events.ts';
import type { Limit } from '../clock/limit.ts';
import type { SourceReference } from '../clock/source.ts';
import type { Policy } from '../escalation/policy.ts';

interface By {
  readonly at: Instant;
  /** Person code, or `system:…`. */
  readonly by: string;
}

export const PROBLEM_TERMS = ['at_once', 'one_month', 'two_months', 'three_months'] as const;
/** 立行立改、1个月内、2个月内、3个月内 (登记表). */
export type ProblemTerm = (typeof PROBLEM_TERMS)[number];

export const PROBLEM_LEVELS = ['own', 'county', 'prefecture'] as const;
/** 自行办理、提交县工作专班交办、提交州工作专班交办 (登记表). */
export type ProblemLevel = (typeof PROBLEM_LEVELS)[number];

/** A problem was found on a visit and written into the register (问题台账). */
export interface ProblemRegistered extends By {
  readonly type: 'ProblemRegistered';
  readonly problemId: string;
  /** Group whose office runs the register. */
  readonly group: string;
  readonly basis: SourceReference;
  readonly title: string;
  readonly text: string;
  readonly place: string;
  /** Unit of whoever found it. */
  readonly foundBy: string;
  /** Day of the visit (行动时间): its term counts from here. */
  readonly foundOn: PlainDate;
  /** Unit that solves it. */
  readonly unit: string;
  readonly measure: string | null;
  readonly term: ProblemTerm;
  readonly policy: Policy;
  /** On which it climbs once it lies with the prefecture. */
  readonly prefecturePolicy: Policy;
  readonly limit: Limit;
}
/** Solved; on the spot when it is said together with its registration. */
export interface ProblemSolved extends By {
  readonly type: 'ProblemSolved';
  readonly outcome: string;
  readonly onTheSpot: boolean;
  readonly lateByMs: number;
  /** To call back whoever raised it. */
  readonly callBack: Limit;
}
/** The county cannot solve it: it is to go to the prefecture, if both directors approve. */
export interface MoveRequested extends By {
  readonly type: 'MoveRequested';
  /** Requests and moves share one series. */
  readonly number: number;
  readonly to: Exclude<ProblemLevel, 'own'>;
  readonly reason: string;
  readonly limit: Limit;
}
/** One director's word on moving it to the prefecture; it moves when both have approved. */
export interface MoveDecided extends By {
  readonly type: 'MoveDecided';
  readonly number: number;
  /** The director's post. */
  readonly post: string;
  readonly approved: boolean;
  readonly note: string | null;
}
/** It lies a level higher. */
export interface ProblemMoved extends By {
  readonly type: 'ProblemMoved';
  /** Of its request; of its own where none was needed. */
  readonly number: number;
  readonly from: ProblemLevel;
  readonly to: Exclude<ProblemLevel, 'own'>;
  /** Null: its request says why. */
  readonly reason: string | null;
  /** The limit runs anew where it lies now. */
  readonly limit: Limit;
}
/** 回访: satisfied, it is done; not satisfied, it is open again. */
export interface CalledBack extends By {
  readonly type: 'CalledBack';
  readonly satisfied: boolean;
  readonly note: string | null;
  /** Null when satisfied. */
  readonly limit: Limit | null;
}

export type ProblemEvent =
  | ProblemRegistered
  | ProblemSolved
  | MoveRequested
  | MoveDecided
  | ProblemMoved
  | CalledBack
  | ClockEvent;
