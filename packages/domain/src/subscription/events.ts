import type { Instant } from '@duban/calendar';
import type { ChannelKind, Language } from './channels.ts';

interface By {
  readonly at: Instant;
  /** Person code, or `system:…`. */
  readonly by: string;
}

/** Where a channel leads, as it is kept. */
export interface SealedAddress {
  /** Address and secrets, encrypted; opened for an attempt and never shown again. */
  readonly sealed: string;
  /** Enough of the address for people to know it by. */
  readonly shown: string;
  /** The same for subscriptions that lead to the same address: they share its limits. */
  readonly endpoint: string;
}

/** What its owner can set, and change later. */
export interface SubscriptionOptions {
  /** What people call it. */
  readonly name: string;
  readonly language: Language;
  /** Each message only when the one before it has arrived, or was given up. */
  readonly ordered: boolean;
}

export interface SubscriptionCreated extends By, SealedAddress, SubscriptionOptions {
  readonly type: 'SubscriptionCreated';
  readonly subscriptionId: string;
  /** `unit:<code>`, `post:<code>`, or `person:<code>`: whatever posts that person holds. */
  readonly mailbox: string;
  readonly channel: ChannelKind;
}
export interface SubscriptionChanged extends By, SubscriptionOptions {
  readonly type: 'SubscriptionChanged';
}
/** A new secret signs beside the former one, which ends at `formerUntil`. */
export interface SecretRotated extends By {
  readonly type: 'SecretRotated';
  readonly sealed: string;
  readonly formerUntil: Instant;
}
export interface SubscriptionPaused extends By {
  readonly type: 'SubscriptionPaused';
}
export interface SubscriptionResumed extends By {
  readonly type: 'SubscriptionResumed';
}
/** It keeps its log and sends nothing more; its address is forgotten. */
export interface SubscriptionEnded extends By {
  readonly type: 'SubscriptionEnded';
}
/** A message took its place behind the one queued before it. */
export interface DeliveryQueued {
  readonly type: 'DeliveryQueued';
  readonly at: Instant;
  readonly deliveryId: string;
}
/** It failed several times in a row and is left alone for a while. */
export interface CircuitOpened {
  readonly type: 'CircuitOpened';
  readonly at: Instant;
  readonly until: Instant;
}
export interface CircuitClosed {
  readonly type: 'CircuitClosed';
  readonly at: Instant;
}
/** It answers slowly: messages are spaced so that they hold few places. Null: no longer. */
export interface EndpointPaced {
  readonly type: 'EndpointPaced';
  readonly at: Instant;
  readonly intervalMs: number | null;
}

export type SubscriptionEvent =
  | SubscriptionCreated
  | SubscriptionChanged
  | SecretRotated
  | SubscriptionPaused
  | SubscriptionResumed
  | SubscriptionEnded
  | DeliveryQueued
  | CircuitOpened
  | CircuitClosed
  | EndpointPaced;
