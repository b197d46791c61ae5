import type { PlainDate } from '@duban/calendar';
import type { EscalationCommand } from '../clock/acknowledge.ts';
import type { SourceReference } from '../clock/source.ts';
import type { Policy } from '../escalation/policy.ts';
import type { ProblemLevel, ProblemTerm } from './events.ts';

export type ProblemCommand =
  | {
      readonly type: 'Register';
      readonly problemId: string;
      readonly group: string;
      readonly basis: SourceReference;
      readonly title: string;
      readonly text: string;
      readonly place: string;
      readonly measure: string | null;
      /** Unit of whoever found it. */
      readonly foundBy: string;
      /** Null: today. */
      readonly foundOn: PlainDate | null;
      /** Unit that solves it; null: the finder's own. */
      readonly unit: string | null;
      readonly term: ProblemTerm;
      readonly policy: Policy;
      readonly prefecturePolicy: Policy;
      /** What came of it when it was solved there and then; null: it is still to be solved. */
      readonly solvedOnTheSpot: string | null;
    }
  | { readonly type: 'Solve'; readonly outcome: string }
  | { readonly type: 'RequestMove'; readonly to: Exclude<ProblemLevel, 'own'>; readonly reason: string }
  | {
      readonly type: 'DecideMove';
      readonly number: number;
      /** Director's post; null: every one the person holds that has not decided. */
      readonly post: string | null;
      readonly approved: boolean;
      readonly note: string | null;
    }
  | { readonly type: 'CallBack'; readonly satisfied: boolean; readonly note: string | null }
  | EscalationCommand;

export type ProblemCommandOf<T extends ProblemCommand['type']> = Extract<ProblemCommand, { type: T }>;
