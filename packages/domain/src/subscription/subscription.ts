import type { Instant } from '@duban/calendar';
import type { Aggregate, CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { ChannelKind } from './channels.ts';
import type { SealedAddress, SubscriptionCreated, SubscriptionEvent, SubscriptionOptions } from './events.ts';

export interface ExistingSubscription extends SealedAddress, SubscriptionOptions {
  readonly status: 'active' | 'paused' | 'ended';
  readonly id: string;
  readonly mailbox: string;
  readonly channel: ChannelKind;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Until when a former secret signs too; null when there is one secret. */
  readonly formerSecretUntil: Instant | null;
  /** Of an ordered one: the message that took its place last. */
  readonly lastQueued: string | null;
  /** Null while it is attempted as usual. */
  readonly circuit: Circuit | null;
  readonly intervalMs: number | null;
}

interface Circuit {
  readonly openUntil: Instant;
  /** Times it was opened without a success between. */
  readonly opened: number;
}

export type SubscriptionState = { readonly status: 'none' } | ExistingSubscription;

export type SubscriptionCommand =
  | ({ readonly type: 'CreateSubscription' } & Omit<SubscriptionCreated, 'type' | 'at' | 'by'>)
  | ({ readonly type: 'ChangeSubscription' } & {
      readonly [K in keyof SubscriptionOptions]?: SubscriptionOptions[K] | undefined;
    })
  | { readonly type: 'RotateSecret'; readonly sealed: string; readonly formerUntil: Instant }
  | { readonly type: 'PauseSubscription' }
  | { readonly type: 'ResumeSubscription' }
  | { readonly type: 'EndSubscription' }
  | { readonly type: 'QueueDelivery'; readonly deliveryId: string }
  | { readonly type: 'OpenCircuit' }
  | { readonly type: 'CloseCircuit' }
  | { readonly type: 'PaceEndpoint'; readonly intervalMs: number | null };

/** How long an endpoint is left alone: first and at the most (ms); doubled each time the probe after it fails. */
export const CIRCUIT_MS = { first: 60_000, longest: 15 * 60_000 } as const;

/** 订阅: one channel of a unit, a post or a person, beside the inbox. */
export const subscriptionAggregate: Aggregate<SubscriptionState, SubscriptionCommand, SubscriptionEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
  wake: () => [],
  nextWakeAt: () => null,
};

function decide(
  state: SubscriptionState,
  command: SubscriptionCommand,
  { now: at, actor: by }: CommandContext,
): readonly SubscriptionEvent[] {
  if (command.type === 'CreateSubscription') {
    if (state.status !== 'none') throw new DomainError('wrong_status', 'It exists already.', '该订阅已存在。');
    return [{ ...command, type: 'SubscriptionCreated', at, by }];
  }
  if (state.status === 'none') throw new DomainError('not_found', 'There is no such subscription.', '没有这个订阅。');
  switch (command.type) {
    case 'QueueDelivery':
      return [{ type: 'DeliveryQueued', at, deliveryId: command.deliveryId }];
    case 'OpenCircuit':
      return opening(state, at);
    case 'CloseCircuit':
      return state.circuit === null ? [] : [{ type: 'CircuitClosed', at }];
    case 'PaceEndpoint':
      return state.intervalMs === command.intervalMs
        ? []
        : [{ type: 'EndpointPaced', at, intervalMs: command.intervalMs }];
    case 'EndSubscription':
      return state.status === 'ended' ? [] : [{ type: 'SubscriptionEnded', at, by }];
    default:
      return decideByOwner(requireGoingOn(state), command, at, by);
  }
}

type OwnerCommand = Extract<
  SubscriptionCommand,
  { readonly type: 'ChangeSubscription' | 'RotateSecret' | 'PauseSubscription' | 'ResumeSubscription' }
>;

function decideByOwner(
  state: ExistingSubscription,
  command: OwnerCommand,
  at: Instant,
  by: string,
): readonly SubscriptionEvent[] {
  switch (command.type) {
    case 'ChangeSubscription': {
      const { name = state.name, language = state.language, ordered = state.ordered } = command;
      if (name === state.name && language === state.language && ordered === state.ordered) return [];
      return [{ type: 'SubscriptionChanged', at, by, name, language, ordered }];
    }
    case 'RotateSecret': {
      if (state.channel !== 'webhook') {
        throw new DomainError(
          'wrong_status',
          'Only webhooks have a secret of ours to rotate; a robot’s own is set when it is subscribed.',
          '只有 Webhook 的签名密钥由本系统更换；机器人的密钥请重新订阅。',
        );
      }
      return [{ type: 'SecretRotated', at, by, sealed: command.sealed, formerUntil: command.formerUntil }];
    }
    case 'PauseSubscription':
      return state.status === 'paused' ? [] : [{ type: 'SubscriptionPaused', at, by }];
    case 'ResumeSubscription':
      return state.status === 'active' ? [] : [{ type: 'SubscriptionResumed', at, by }];
  }
}

function requireGoingOn(state: ExistingSubscription): ExistingSubscription {
  if (state.status !== 'ended') return state;
  throw new DomainError(
    'wrong_status',
    'This subscription has ended; create another one.',
    '该订阅已取消，请重新建立。',
  );
}

/** Whoever finds it open already leaves it: several see the same failures at once. */
function opening({ circuit }: ExistingSubscription, at: Instant): readonly SubscriptionEvent[] {
  if (circuit !== null && circuit.openUntil > at) return [];
  const pause = Math.min(CIRCUIT_MS.longest, CIRCUIT_MS.first * 2 ** (circuit?.opened ?? 0));
  return [{ type: 'CircuitOpened', at, until: at + pause }];
}

function evolve(state: SubscriptionState, event: SubscriptionEvent): SubscriptionState {
  if (event.type === 'SubscriptionCreated') return created(event);
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'SubscriptionChanged': {
      const { name, language, ordered } = event;
      return { ...state, name, language, ordered, lastQueued: ordered ? state.lastQueued : null };
    }
    case 'SecretRotated':
      return { ...state, sealed: event.sealed, formerSecretUntil: event.formerUntil };
    case 'SubscriptionPaused':
      return { ...state, status: 'paused' };
    case 'SubscriptionResumed':
      return { ...state, status: 'active' };
    case 'SubscriptionEnded':
      return { ...state, status: 'ended', sealed: '' };
    case 'DeliveryQueued':
      return { ...state, lastQueued: event.deliveryId };
    case 'CircuitOpened':
      return { ...state, circuit: { openUntil: event.until, opened: (state.circuit?.opened ?? 0) + 1 } };
    case 'CircuitClosed':
      return { ...state, circuit: null };
    case 'EndpointPaced':
      return { ...state, intervalMs: event.intervalMs };
  }
}

function created({ type: _, at, by, subscriptionId, ...given }: SubscriptionCreated): ExistingSubscription {
  return {
    ...given,
    status: 'active',
    id: subscriptionId,
    createdAt: at,
    createdBy: by,
    formerSecretUntil: null,
    lastQueued: null,
    circuit: null,
    intervalMs: null,
  };
}
