import type { PlainDate } from '@duban/calendar';
import type { EscalationCommand } from '../clock/acknowledge.ts';
import type { Policy } from '../escalation/policy.ts';
import type { DutyDefinition, DutyMode } from './definition.ts';
import type { NoticeOverride } from './events.ts';

export type DutyCommand =
  | {
      readonly type: 'OpenDuty';
      readonly dutyId: string;
      readonly definition: DutyDefinition;
      readonly owner: string;
      readonly policy: Policy;
      /** It comes with the structure, from a document: no office's wish, and no notice is due. */
      readonly imported: boolean;
      readonly urgent: boolean;
      readonly override: NoticeOverride | null;
    }
  | { readonly type: 'CorrectDuty'; readonly definition: DutyDefinition }
  | {
      readonly type: 'Fulfil';
      /** Null: the period that is running, or the last that was missed. */
      readonly period: string | null;
      readonly mode: DutyMode;
      readonly noChange: boolean;
      readonly text: string | null;
      readonly count: number;
      readonly value: number | null;
    }
  | {
      /** Another duty's report of the same unit, indicator and period. */
      readonly type: 'AnswerByFact';
      readonly period: string;
      readonly value: number | null;
      readonly answeredBy: string;
    }
  | { readonly type: 'OpenOccasion'; readonly occasion: string; readonly on: PlainDate }
  | { readonly type: 'EndDuty'; readonly cause: 'removed' | 'withdrawn'; readonly reason: string | null }
  | EscalationCommand;

export type DutyCommandOf<T extends DutyCommand['type']> = Extract<DutyCommand, { type: T }>;
