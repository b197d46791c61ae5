import type { Instant } from '@duban/calendar';
import type { EscalationCommand } from '../clock/acknowledge.ts';
import type { Policy } from '../escalation/policy.ts';
import type { TaskDefinition } from './definition.ts';

export type TaskCommand =
  | {
      readonly type: 'Assign';
      readonly taskId: string;
      readonly definition: TaskDefinition;
      readonly policy: Policy;
      readonly importId: string | null;
    }
  | {
      readonly type: 'Correct';
      readonly definition: TaskDefinition;
      readonly changed: readonly string[];
      readonly importId: string;
      /** What allows a running limit to move; null where none does. */
      readonly basis: string | null;
    }
  | { readonly type: 'Accept'; readonly unit: string | null }
  | {
      readonly type: 'RaiseDispute';
      readonly unit: string | null;
      readonly reason: string;
      readonly proposedLeadUnits: readonly string[];
    }
  | {
      readonly type: 'DecideDispute';
      readonly number: number;
      readonly upheld: boolean;
      readonly basis: string;
      /** Null: as before. */
      readonly leadUnits: readonly string[] | null;
      readonly responsibleUnits: readonly string[] | null;
    }
  | {
      readonly type: 'ReportProgress';
      readonly unit: string | null;
      readonly text: string | null;
      readonly percent: number | null;
      readonly noChange: boolean;
      readonly reached: readonly string[];
      readonly answers: readonly string[];
    }
  | {
      readonly type: 'RequestExtension';
      readonly limitId: string;
      readonly newDueAt: Instant;
      readonly reason: string;
    }
  | {
      readonly type: 'DecideExtension';
      readonly number: number;
      readonly approved: boolean;
      /** Null: as asked. */
      readonly newDueAt: Instant | null;
      readonly basis: string | null;
      readonly reason: string | null;
    }
  | {
      readonly type: 'SubmitCompletion';
      readonly unit: string | null;
      readonly summary: string;
      readonly evidence: readonly string[];
    }
  | { readonly type: 'Verify'; readonly note: string | null }
  | { readonly type: 'Return'; readonly reason: string }
  | { readonly type: 'Suspend'; readonly until: Instant; readonly reason: string; readonly basis: string }
  | { readonly type: 'Resume'; readonly reason: string | null }
  | { readonly type: 'Cancel'; readonly reason: string; readonly basis: string }
  | { readonly type: 'ListForSupervision'; readonly reason: string; readonly basis: string; readonly reportBy: Instant }
  | { readonly type: 'Instruct'; readonly text: string; readonly reportBy: Instant | null }
  | EscalationCommand;

export type CommandOf<T extends TaskCommand['type']> = Extract<TaskCommand, { type: T }>;
