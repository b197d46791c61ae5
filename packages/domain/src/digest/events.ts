import type { Instant } from '@duban/calendar';

export const NOTICE_KINDS = [
  'escalation',
  'circular',
  'reminder',
  'assigned',
  'corrected',
  'dispute_raised',
  'dispute_decided',
  'extension_requested',
  'extension_decided',
  'completion_submitted',
  'completion_verified',
  'completion_returned',
  'suspended',
  'resumed',
  'cancelled',
  'supervision',
  'instruction',
  'information',
  'incident_signal',
  'incident_filed',
  'incident_reported',
  'explanation_requested',
  'lateness_explained',
  'incident_corrected',
  'level_changed',
  'upward_requested',
  'upward_reviewed',
  'upward_sent',
  'duty_opened',
  'duty_due',
  'duty_behind',
  'duty_ended',
  'problem_registered',
  'problem_solved',
  'move_requested',
  'move_decided',
  'problem_moved',
  'called_back',
  'report_issued',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** One thing a recipient is told. Names the item; wording is looked up when it is read. */
export interface Notice {
  /** `<item id>/<version of the event>`: the same event never makes two notices for one mailbox. */
  readonly id: string;
  readonly itemId: string;
  /** The jurisdiction the item belongs to, when it is not the mailbox's own: it came up from a county. */
  readonly jurisdiction: string | null;
  readonly kind: NoticeKind;
  readonly at: Instant;
  readonly limitId: string | null;
  readonly dueAt: Instant | null;
  readonly escalationId: string | null;
  /** A seat on the way was vacant: says why this recipient was told. */
  readonly detoured: boolean;
}

export interface NoticesJoined {
  readonly type: 'NoticesJoined';
  readonly at: Instant;
  readonly digestId: string;
  readonly mailbox: string;
  readonly releaseAt: Instant;
  readonly urgent: boolean;
  readonly notices: readonly Notice[];
}
export interface DigestReleased {
  readonly type: 'DigestReleased';
  readonly at: Instant;
}
export interface DigestRead {
  readonly type: 'DigestRead';
  readonly at: Instant;
  readonly by: string;
}
export type DigestEvent = NoticesJoined | DigestReleased | DigestRead;
