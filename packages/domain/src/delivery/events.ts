import type { Instant } from '@duban/calendar';
import type { ChannelKind } from '../subscription/channels.ts';

/** Why a message waits although its time has come. */
export const DEFERRALS = ['circuit_open', 'order', 'pace', 'busy', 'paused'] as const;
export type Deferral = (typeof DEFERRALS)[number];

/** What the receiver, or the way to it, answered. */
export interface Answer {
  /** HTTP or SMTP status; null when there was none. */
  readonly status: number | null;
  readonly latencyMs: number;
  /** The beginning of it. */
  readonly answer: string | null;
}

export interface DeliveryRequested {
  readonly type: 'DeliveryRequested';
  readonly at: Instant;
  readonly deliveryId: string;
  readonly subscriptionId: string;
  /** The same at every attempt, and over redeliveries: receivers drop doubles by it. */
  readonly messageId: string;
  /** The digest it brings; null for a test. */
  readonly digestId: string | null;
  /** Of the digest; of a test, when it was asked for. What is said is as of then. */
  readonly releaseAt: Instant;
  readonly mailbox: string;
  readonly channel: ChannelKind;
  readonly urgent: boolean;
  readonly giveUpAt: Instant;
  /** Of an ordered subscription: the message that goes first. */
  readonly after: string | null;
  /** Notices left out: the same was told of their item on this channel a short while ago. */
  readonly toldRecently: readonly string[];
}
/** Written before the attempt is made: one that was cut off is known too. */
export interface AttemptStarted {
  readonly type: 'AttemptStarted';
  readonly at: Instant;
  readonly number: number;
  /** Whoever made it and says nothing by then has died. */
  readonly leaseUntil: Instant;
}
/** Nothing is known of how the attempt ended; it may have arrived. */
export interface AttemptLapsed {
  readonly type: 'AttemptLapsed';
  readonly at: Instant;
  readonly number: number;
}
export interface AttemptSucceeded extends Answer {
  readonly type: 'AttemptSucceeded';
  readonly at: Instant;
  readonly number: number;
}
export interface AttemptFailed extends Answer {
  readonly type: 'AttemptFailed';
  readonly at: Instant;
  readonly number: number;
  readonly fault: string;
  /** Null: it is given up. */
  readonly retryAt: Instant | null;
}
export interface DeliveryDeferred {
  readonly type: 'DeliveryDeferred';
  readonly at: Instant;
  readonly until: Instant;
  readonly reason: Deferral;
}
export interface DeliveryDied {
  readonly type: 'DeliveryDied';
  readonly at: Instant;
}
/** Its subscription has ended: nobody waits for it. */
export interface DeliveryDropped {
  readonly type: 'DeliveryDropped';
  readonly at: Instant;
}
export interface RedeliveryRequested {
  readonly type: 'RedeliveryRequested';
  readonly at: Instant;
  readonly by: string;
  readonly giveUpAt: Instant;
}

export type DeliveryEvent =
  | DeliveryRequested
  | AttemptStarted
  | AttemptLapsed
  | AttemptSucceeded
  | AttemptFailed
  | DeliveryDeferred
  | DeliveryDied
  | DeliveryDropped
  | RedeliveryRequested;
