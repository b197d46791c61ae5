import { DEFERRALS, DELIVERY_STATUSES, type DeliveryEvent, type ExistingDelivery } from '@duban/domain';
import { z } from 'zod';
import { code, count, instant, ordinal } from './parts.ts';
import { channel } from './subscription.ts';

const answer = { status: z.int().nullable(), latencyMs: z.number().min(0), answer: z.string().nullable() };

const requested = {
  subscriptionId: code,
  messageId: code,
  digestId: code.nullable(),
  releaseAt: instant,
  mailbox: code,
  channel,
  urgent: z.boolean(),
  giveUpAt: instant,
  after: code.nullable(),
  toldRecently: z.array(code),
};

/** The head of a delivery's stream. */
export const deliveryState = z.strictObject({
  status: z.enum(DELIVERY_STATUSES),
  id: code,
  ...requested,
  createdAt: instant,
  attempts: count,
  nextAt: instant.nullable(),
  last: z.strictObject({ number: ordinal, at: instant, fault: code.nullable(), ...answer }).nullable(),
}) satisfies z.ZodType<ExistingDelivery>;

const at = { at: instant };

/** Every event of a delivery in its present shape. */
export const deliveryEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('DeliveryRequested'), ...at, deliveryId: code, ...requested }),
  z.strictObject({ type: z.literal('AttemptStarted'), ...at, number: ordinal, leaseUntil: instant }),
  z.strictObject({ type: z.literal('AttemptLapsed'), ...at, number: ordinal }),
  z.strictObject({ type: z.literal('AttemptSucceeded'), ...at, number: ordinal, ...answer }),
  z.strictObject({
    type: z.literal('AttemptFailed'),
    ...at,
    number: ordinal,
    ...answer,
    fault: code,
    retryAt: instant.nullable(),
  }),
  z.strictObject({ type: z.literal('DeliveryDeferred'), ...at, until: instant, reason: z.enum(DEFERRALS) }),
  z.strictObject({ type: z.literal('DeliveryDied'), ...at }),
  z.strictObject({ type: z.literal('DeliveryDropped'), ...at }),
  z.strictObject({ type: z.literal('RedeliveryRequested'), ...at, by: code, giveUpAt: instant }),
]) satisfies z.ZodType<DeliveryEvent>;
