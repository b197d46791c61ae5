import type { Instant, PlainDate } from '@duban/calendar';
import type { EscalationRecord } from '../clock/item.ts';
import type { Light } from '../clock/light.ts';
import { activeLimits, type Limit, nextChangeOfAll } from '../clock/limit.ts';
import type { SourceReference } from '../clock/source.ts';
import type { Policy } from '../escalation/policy.ts';
import type { ProblemLevel, ProblemTerm } from './events.ts';

export const PROBLEM_STATUSES = ['open', 'solved', 'closed'] as const;
/** 办理中、已解决（待回访）、已销号. */
export type ProblemStatus = (typeof PROBLEM_STATUSES)[number];

export const MOVE_STATES = ['pending', 'approved', 'refused', 'void'] as const;
/** A move to a higher level, or a request for one. */
export interface MoveRecord {
  readonly number: number;
  readonly to: Exclude<ProblemLevel, 'own'>;
  /** `void`: the problem was solved before both had decided. */
  readonly status: (typeof MOVE_STATES)[number];
  /** Empty where no approval was needed. */
  readonly decisions: readonly { readonly post: string; readonly approved: boolean }[];
}

/** What the rules need of a problem. Its text, its outcomes and the reasons given stay in the events. */
export interface ExistingProblem {
  readonly status: ProblemStatus;
  readonly id: string;
  /** Events so far. */
  readonly version: number;
  readonly group: string;
  readonly basis: SourceReference;
  readonly title: string;
  readonly place: string;
  /** Unit of whoever found it. */
  readonly foundBy: string;
  readonly foundOn: PlainDate;
  /** Unit that solves it. */
  readonly unit: string;
  readonly term: ProblemTerm;
  readonly level: ProblemLevel;
  readonly policy: Policy;
  readonly prefecturePolicy: Policy;
  readonly registeredAt: Instant;
  /** All it ever had, the ended ones too: their number names the next. */
  readonly limits: readonly Limit[];
  readonly escalations: readonly EscalationRecord[];
  readonly moves: readonly MoveRecord[];
  readonly callBacks: number;
  /** Of its last solution, as the two after it; false and null while it is open. */
  readonly onTheSpot: boolean;
  readonly solvedAt: Instant | null;
  readonly lateByMs: number | null;
  readonly closedAt: Instant | null;
}
export type ProblemState = { readonly status: 'none' } | ExistingProblem;

export const INITIAL_PROBLEM: ProblemState = { status: 'none' };

export function problemNextWakeAt(state: ProblemState): Instant | null {
  return state.status === 'none' ? null : nextChangeOfAll(state.limits);
}

/** Red while anything about it is overdue, the directors' word and the call-back too; blue when it is closed. */
export function problemLight(problem: ExistingProblem): Light {
  const active = activeLimits(problem);
  if (active.some(({ status }) => status === 'overdue')) return 'red';
  if (problem.status === 'closed') return 'blue';
  return active.some(({ dueSoon }) => dueSoon) ? 'yellow' : 'green';
}
