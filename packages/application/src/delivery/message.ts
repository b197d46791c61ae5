import type { Instant } from '@duban/calendar';
import type { ChannelKind, Language, NoticeKind } from '@duban/domain';

/** What a message needs to reach its channel; sealed where it is stored, opened for one attempt. Never logged. */
export type ChannelAddress =
  | {
      readonly kind: 'webhook';
      readonly url: string;
      /** One, or two while a secret is being rotated; each `whsec_` and base64. Both sign. */
      readonly secrets: readonly string[];
    }
  | { readonly kind: 'wecom'; readonly url: string }
  /** `secret` of the robot's 加签; null when it has none. */
  | { readonly kind: 'dingtalk' | 'feishu'; readonly url: string; readonly secret: string | null }
  | { readonly kind: 'mail'; readonly to: string }
  /** With country code, `+86…`. */
  | { readonly kind: 'sms'; readonly phone: string };

/** One thing a message tells: which item, what is late by how much, what is asked and until when. */
export interface MessageLine {
  readonly noticeId: string;
  readonly kind: NoticeKind;
  readonly itemId: string;
  readonly itemType: string;
  /** What people call the item: `泸政办发〔2023〕5号 园区建设 12`, or its id where a document gives it no number. */
  readonly number: string;
  /** Null for incidents: their text leaves by no channel. */
  readonly title: string | null;
  readonly leadUnits: readonly string[];
  readonly at: Instant;
  readonly dueAt: Instant | null;
  /** At the digest's release (ms); null when the notice is not about a missed limit. */
  readonly lateByMs: number | null;
  /** Until when the recipient is asked to act, before the next one is told; null when nothing is asked. */
  readonly askedUntil: Instant | null;
  readonly escalationId: string | null;
  readonly link: string | null;
  /** Acknowledges without signing in, once; null where nothing is to be acknowledged, or not by this recipient. */
  readonly acknowledgeLink: string | null;
}

interface Addressed {
  readonly jurisdiction: { readonly code: string; readonly name: string; readonly timeZone: string };
  readonly recipient: { readonly mailbox: string; readonly name: string };
}

/** A digest as a message shows it. The same at every attempt. */
export interface DigestContent extends Addressed {
  readonly type: 'digest';
  readonly digestId: string;
  readonly releaseAt: Instant;
  readonly urgent: boolean;
  /** Worst first. */
  readonly lines: readonly MessageLine[];
  /** Notices beyond `lines`. */
  readonly more: number;
  /** Notices left out, for their item was told on this channel a short while ago; the inbox has them. */
  readonly toldRecently: number;
  /** The digest in the inbox. */
  readonly link: string | null;
}

/** Says that a channel works. */
export interface TestContent extends Addressed {
  readonly type: 'test';
  readonly at: Instant;
}

export type MessageContent = DigestContent | TestContent;

export interface OutgoingMessage {
  /** One for each logical message, the same at every attempt: receivers drop doubles by it. */
  readonly messageId: string;
  readonly subscriptionId: string;
  readonly language: Language;
  /** When this attempt is made: what signatures are dated with. */
  readonly at: Instant;
  readonly content: MessageContent;
}

export const SEND_FAULTS = [
  'timeout',
  /** The name leads to an address that is not a public one. */
  'forbidden_address',
  'unresolved',
  'connection',
  'tls',
  'redirect',
  'status',
  /** Answered 200 with an error of its own. */
  'rejected',
  'rate_limited',
  /** This deployment has no mail server, no SMS provider. */
  'not_configured',
  'unusable_address',
  'internal',
] as const;
export type SendFault = (typeof SEND_FAULTS)[number];

/** What came of one attempt. */
export interface SendResult {
  /** Answered with success, 2xx where there is a status, and by the provider's own code. */
  readonly accepted: boolean;
  /** HTTP or SMTP status; null when there was none. */
  readonly status: number | null;
  /** Real time the attempt took (ms). */
  readonly latencyMs: number;
  /** The beginning of what was answered (at most 500 characters, control characters removed); null when nothing was. */
  readonly answer: string | null;
  /** Null when it was accepted. */
  readonly fault: SendFault | null;
  /** The receiver asks to be left alone for so long (ms). */
  readonly retryAfterMs: number | null;
}

/** Sends messages. Never throws for what a receiver does: that is a result. */
export interface ChannelSender {
  /** Channels this deployment can send on. */
  readonly kinds: ReadonlySet<ChannelKind>;
  send(address: ChannelAddress, message: OutgoingMessage): Promise<SendResult>;
}
