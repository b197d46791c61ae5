import { CHANNEL_KINDS, type ExistingSubscription, LANGUAGES, type SubscriptionEvent } from '@duban/domain';
import { z } from 'zod';
import { code, count, instant } from './parts.ts';

export const channel = z.enum(CHANNEL_KINDS);

const options = { name: z.string(), language: z.enum(LANGUAGES), ordered: z.boolean() };
// Empty once the subscription has ended.
const address = { sealed: z.string(), shown: z.string(), endpoint: code };

/** The head of a subscription's stream. */
export const subscriptionState = z.strictObject({
  status: z.enum(['active', 'paused', 'ended']),
  id: code,
  mailbox: code,
  channel,
  ...address,
  ...options,
  createdAt: instant,
  createdBy: code,
  formerSecretUntil: instant.nullable(),
  lastQueued: code.nullable(),
  circuit: z.strictObject({ openUntil: instant, opened: count }).nullable(),
  intervalMs: count.nullable(),
}) satisfies z.ZodType<ExistingSubscription>;

const by = { at: instant, by: code };

/** Every event of a subscription in its present shape. */
export const subscriptionEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('SubscriptionCreated'),
    ...by,
    subscriptionId: code,
    mailbox: code,
    channel,
    ...address,
    ...options,
  }),
  z.strictObject({ type: z.literal('SubscriptionChanged'), ...by, ...options }),
  z.strictObject({ type: z.literal('SecretRotated'), ...by, sealed: code, formerUntil: instant }),
  z.strictObject({ type: z.literal('SubscriptionPaused'), ...by }),
  z.strictObject({ type: z.literal('SubscriptionResumed'), ...by }),
  z.strictObject({ type: z.literal('SubscriptionEnded'), ...by }),
  z.strictObject({ type: z.literal('DeliveryQueued'), at: instant, deliveryId: code }),
  z.strictObject({ type: z.literal('CircuitOpened'), at: instant, until: instant }),
  z.strictObject({ type: z.literal('CircuitClosed'), at: instant }),
  z.strictObject({ type: z.literal('EndpointPaced'), at: instant, intervalMs: count.nullable() }),
]) satisfies z.ZodType<SubscriptionEvent>;
