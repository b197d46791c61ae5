import type { Instant } from '@duban/calendar';
import type { NextStep } from '../escalation/ladder.ts';
import type { Recipient } from '../structure/recipients.ts';
import type { Limit, Pause } from './limit.ts';

/** What an escalation does: tells and asks, puts on the month's circular list, or tells for information alone. */
export const ACTIONS = ['escalate', 'circular', 'inform'] as const;
export type EscalationAction = (typeof ACTIONS)[number];

export interface UnitReminded {
  readonly type: 'UnitReminded';
  readonly at: Instant;
  readonly limitId: string;
  readonly dueAt: Instant;
  readonly workingDaysBefore: number | null;
  readonly minutesBefore: number | null;
  readonly urgent: boolean;
  readonly recipients: readonly Recipient[];
}
/** The due instant has passed. `steps` is empty when another limit's ladder covers this one. */
export interface LimitMissed {
  readonly type: 'LimitMissed';
  readonly at: Instant;
  readonly limitId: string;
  readonly dueAt: Instant;
  readonly steps: readonly Instant[];
  readonly next: NextStep | null;
}
export interface Escalated {
  readonly type: 'Escalated';
  readonly at: Instant;
  readonly escalationId: string;
  readonly limitId: string;
  readonly step: number;
  /** When the step was due; `at` says when it ran. */
  readonly stepDueAt: Instant;
  readonly dueAt: Instant;
  readonly action: EscalationAction;
  readonly urgent: boolean;
  readonly recipients: readonly Recipient[];
  readonly next: NextStep | null;
}
/** The ladder stands still until `holdUntil`, then goes on by itself. */
export interface EscalationAcknowledged {
  readonly type: 'EscalationAcknowledged';
  readonly at: Instant;
  readonly by: string;
  readonly escalationId: string;
  readonly limitId: string;
  readonly note: string | null;
  readonly holdUntil: Instant;
}
/** What came of an escalation. Takes it off the open list; the ladder goes on while the limit stays missed. */
export interface EscalationResolved {
  readonly type: 'EscalationResolved';
  readonly at: Instant;
  readonly by: string;
  readonly escalationId: string;
  readonly outcome: string;
}
export interface LadderResumed {
  readonly type: 'LadderResumed';
  readonly at: Instant;
  readonly limitId: string;
  readonly steps: readonly Instant[];
  readonly next: NextStep | null;
  /** The span it stood still; null in events from before spans were kept, and when no step was left. */
  readonly pause: Pause | null;
}
/** The calendar has changed (a holiday notice, a local day, working hours): these limits were counted again. */
export interface ClockRecomputed {
  readonly type: 'ClockRecomputed';
  readonly at: Instant;
  readonly limits: readonly Limit[];
}

/** What happens to the limits of any item. */
export type ClockEvent =
  | UnitReminded
  | LimitMissed
  | Escalated
  | EscalationAcknowledged
  | EscalationResolved
  | LadderResumed
  | ClockRecomputed;
