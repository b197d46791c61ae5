import type { Instant } from '@duban/calendar';
import type { SourceReference } from '../clock/source.ts';
import type { ReportKind } from '../duty/definition.ts';
import type { Recipient } from '../structure/recipients.ts';

/** A report has been made and sent. What it says lies in blobs beside it, which its hash covers by their names. */
export interface ReportIssued {
  readonly type: 'ReportIssued';
  readonly at: Instant;
  /** `system:react`. */
  readonly by: string;
  readonly reportId: string;
  readonly kind: ReportKind;
  readonly title: string;
  readonly plan: string;
  /** The groups whose offices and leaders may read it. */
  readonly groups: readonly string[];
  /** The duty's stream, its code, and the turn of it. */
  readonly dutyId: string;
  readonly dutyCode: string;
  readonly basis: SourceReference;
  readonly period: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly recipients: readonly Recipient[];
  /** Names of the blobs with the report's data, in order. */
  readonly data: readonly string[];
}

export type ReportEvent = ReportIssued;
