import type { Instant } from '@duban/calendar';
import type { Aggregate, CommandContext, WakeContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { Answer, Deferral, DeliveryEvent, DeliveryRequested } from './events.ts';
import { GIVE_UP_AFTER_MS, retryAt } from './retries.ts';

export const DELIVERY_STATUSES = ['waiting', 'attempting', 'delivered', 'dead', 'dropped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** How the last attempt that ended went; `fault` is null when it arrived. */
export interface LastAttempt extends Answer {
  readonly number: number;
  readonly at: Instant;
  readonly fault: string | null;
}

/** What was asked for, and what has come of it. */
export interface ExistingDelivery extends Omit<DeliveryRequested, 'type' | 'at' | 'deliveryId'> {
  readonly status: DeliveryStatus;
  readonly id: string;
  readonly createdAt: Instant;
  /** Attempts begun. */
  readonly attempts: number;
  /** When it is to be attempted, or when the attempt under way is taken for lost; null when nothing is to be done. */
  readonly nextAt: Instant | null;
  readonly last: LastAttempt | null;
}

export type DeliveryState = { readonly status: 'none' } | ExistingDelivery;

export type DeliveryCommand =
  | ({ readonly type: 'RequestDelivery' } & Omit<DeliveryRequested, 'type' | 'at' | 'giveUpAt'>)
  | ({ readonly type: 'RecordSuccess'; readonly number: number } & Answer)
  | ({
      readonly type: 'RecordFailure';
      readonly number: number;
      readonly fault: string;
      readonly retryAfterMs: number | null;
    } & Answer)
  | { readonly type: 'DeferDelivery'; readonly until: Instant; readonly reason: Deferral }
  | { readonly type: 'DropDelivery' }
  | { readonly type: 'Redeliver' };

/** Nothing was heard of the attempt. */
const LAPSED = 'lapsed';

/** Longer than any attempt lasts (ms). */
export const ATTEMPT_LEASE_MS = 60_000;

/** 送达: one message on one channel, with every attempt at it, until it has arrived or is given up. */
export const deliveryAggregate: Aggregate<DeliveryState, DeliveryCommand, DeliveryEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
  wake,
  nextWakeAt: (state) => (state.status === 'none' ? null : state.nextAt),
};

function decide(
  state: DeliveryState,
  command: DeliveryCommand,
  { now: at, actor: by }: CommandContext,
): readonly DeliveryEvent[] {
  if (command.type === 'RequestDelivery') {
    if (state.status !== 'none') return [];
    return [{ ...command, type: 'DeliveryRequested', at, giveUpAt: at + GIVE_UP_AFTER_MS }];
  }
  if (state.status === 'none') throw new DomainError('not_found', 'There is no such delivery.', '没有这条送达记录。');
  switch (command.type) {
    case 'RecordSuccess': {
      const { number, status, latencyMs, answer } = command;
      return state.status === 'delivered' ? [] : [{ type: 'AttemptSucceeded', at, number, status, latencyMs, answer }];
    }
    case 'RecordFailure':
      return failed(state, command, at);
    case 'DeferDelivery':
      return deferred(state, command, at);
    case 'DropDelivery':
      return isPending(state) ? [{ type: 'DeliveryDropped', at }] : [];
    case 'Redeliver':
      // One that is on its way already is not sent a second time beside itself.
      return isPending(state) ? [] : [{ type: 'RedeliveryRequested', at, by, giveUpAt: at + GIVE_UP_AFTER_MS }];
  }
}

function failed(
  state: ExistingDelivery,
  command: Extract<DeliveryCommand, { readonly type: 'RecordFailure' }>,
  at: Instant,
): readonly DeliveryEvent[] {
  const { number, fault, status, latencyMs, answer, retryAfterMs } = command;
  // Said already, and the answer to that was lost.
  if (state.last?.number === number && state.last.fault !== LAPSED) return [];
  // Another attempt was begun since, or it has arrived: what this one came to is noted and changes nothing.
  const isCurrent = state.status === 'attempting' && state.attempts === number;
  const again = isCurrent ? retryAt(state.messageId, number, at, state.giveUpAt, retryAfterMs) : state.nextAt;
  const noted = { type: 'AttemptFailed', at, number, fault, status, latencyMs, answer, retryAt: again } as const;
  return isCurrent && again === null ? [noted, { type: 'DeliveryDied', at }] : [noted];
}

/** Waiting has an end too: what could not even be attempted for so long is given up like what failed. */
function deferred(
  { status, giveUpAt, attempts, nextAt }: ExistingDelivery,
  { until, reason }: Extract<DeliveryCommand, { readonly type: 'DeferDelivery' }>,
  at: Instant,
): readonly DeliveryEvent[] {
  const hasLapsed = status === 'attempting' && nextAt !== null && at >= nextAt;
  if (status !== 'waiting' && !hasLapsed) return [];
  const lapsed = hasLapsed ? ([{ type: 'AttemptLapsed', at, number: attempts }] as const) : [];
  if (at >= giveUpAt) return [...lapsed, { type: 'DeliveryDied', at }];
  return [...lapsed, { type: 'DeliveryDeferred', at, until: Math.min(until, giveUpAt), reason }];
}

/** Still to be sent, or being sent. */
export function isPending({ status }: { readonly status: DeliveryStatus }): boolean {
  return status === 'waiting' || status === 'attempting';
}

function wake(state: DeliveryState, { now: at }: WakeContext): readonly DeliveryEvent[] {
  if (state.status === 'none' || state.nextAt === null || at < state.nextAt) return [];
  const started = (attempts: number) =>
    ({ type: 'AttemptStarted', at, number: attempts + 1, leaseUntil: at + ATTEMPT_LEASE_MS }) as const;
  switch (state.status) {
    case 'waiting':
      return [started(state.attempts)];
    case 'attempting': {
      const lapsed = { type: 'AttemptLapsed', at, number: state.attempts } as const;
      return [lapsed, at >= state.giveUpAt ? { type: 'DeliveryDied', at } : started(state.attempts)];
    }
    default:
      return [];
  }
}

function evolve(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  if (event.type === 'DeliveryRequested') return requested(event);
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'AttemptStarted':
      return { ...state, status: 'attempting', attempts: event.number, nextAt: event.leaseUntil };
    case 'AttemptLapsed':
      return {
        ...state,
        last: { number: event.number, at: event.at, status: null, latencyMs: 0, answer: null, fault: LAPSED },
      };
    case 'AttemptSucceeded':
      return { ...state, status: 'delivered', nextAt: null, last: { ...answerOf(event), fault: null } };
    case 'AttemptFailed': {
      const last = { ...answerOf(event), fault: event.fault };
      if (state.status !== 'attempting' || state.attempts !== event.number) return { ...state, last };
      return { ...state, status: 'waiting', nextAt: event.retryAt, last };
    }
    case 'DeliveryDeferred':
      return { ...state, status: 'waiting', nextAt: event.until };
    case 'DeliveryDied':
      return { ...state, status: 'dead', nextAt: null };
    case 'DeliveryDropped':
      return { ...state, status: 'dropped', nextAt: null };
    case 'RedeliveryRequested':
      return { ...state, status: 'waiting', nextAt: event.at, giveUpAt: event.giveUpAt };
  }
}

function answerOf({ number, at, status, latencyMs, answer }: Omit<LastAttempt, 'fault'>) {
  return { number, at, status, latencyMs, answer };
}

function requested({ type: _, at, deliveryId, ...given }: DeliveryRequested): ExistingDelivery {
  return { ...given, status: 'waiting', id: deliveryId, createdAt: at, attempts: 0, nextAt: at, last: null };
}

/** One delivery a subscription and digest: asking twice for it is asking once. */
export function deliveryIdOf(subscriptionId: string, digestId: string): string {
  return `delivery_${subscriptionId.slice(subscriptionId.indexOf('_') + 1)}.${digestId}`;
}
