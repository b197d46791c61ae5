import { CHANNEL_KINDS, DELIVERY_STATUSES, LANGUAGES } from '@duban/domain';
import { z } from 'zod';
import { listOf, pageQuery } from './lists.ts';
import { instant, isCleanText, moment, name, text } from './text.ts';

const LONGEST_URL = 2_000;

function isWebAddress(value: string): boolean {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value) || /[\s\u0000-\u001f\u007f]/.test(value)) return false;
  const { username, password, hash } = new URL(value);
  // A name and password in an address end up in logs that are not ours.
  return username === '' && password === '' && hash === '';
}

const webAddress = z
  .string()
  .max(LONGEST_URL)
  .refine(isWebAddress, { params: { code: 'not_a_web_address' } })
  .describe('https; plain http only to addresses the deployment allows. Redirects are not followed.');
const mailAddress = z
  .string()
  .max(254)
  .refine(
    (value) => /^[^\s@<>",;:\\()[\]\u0000-\u001f\u007f]{1,64}@[A-Za-z0-9.-]{1,189}\.[A-Za-z]{2,63}$/.test(value),
    {
      params: { code: 'not_a_mail_address' },
    },
  );
const phone = z
  .string()
  .refine((value) => /^\+[1-9]\d{9,14}$/.test(value), { params: { code: 'not_a_phone_number' } })
  .describe('with country code, such as +86 and eleven digits, without spaces');
/** Of a robot, as its platform shows it. */
const robotSecret = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => /^[\x21-\x7e]+$/.test(value) && isCleanText(value), { params: { code: 'forbidden_characters' } });

const recipientOf = z
  .strictObject({ unit: name.optional(), post: name.optional(), person: name.optional() })
  .refine((value) => Object.values(value).filter((each) => each !== undefined).length === 1, {
    params: { code: 'exactly_one_of' },
  })
  .describe('whose notices: a unit, a post, or a person in all posts that person holds')
  .meta({ id: 'SubscriptionRecipient' });

const options = {
  name: text(100).describe('what people call it'),
  language: z.enum(LANGUAGES).default('zh'),
  ordered: z.boolean().default(false).describe('each message only after the one before it has arrived or was given up'),
};

export const newWebhook = z
  .strictObject({ recipient: recipientOf, url: webAddress, ...options })
  .meta({ id: 'NewWebhook' });

export const newSubscription = z
  .strictObject({
    recipient: recipientOf,
    channel: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('wecom'), url: webAddress }),
      z.strictObject({ kind: z.literal('dingtalk'), url: webAddress, secret: robotSecret.nullable().default(null) }),
      z.strictObject({ kind: z.literal('feishu'), url: webAddress, secret: robotSecret.nullable().default(null) }),
      z.strictObject({ kind: z.literal('mail'), to: mailAddress }),
      z.strictObject({ kind: z.literal('sms'), phone }),
    ]),
    ...options,
  })
  .meta({ id: 'NewSubscription' });

export const subscriptionSettings = z
  .strictObject({
    name: text(100).optional(),
    language: z.enum(LANGUAGES).optional(),
    ordered: z.boolean().optional(),
  })
  .meta({ id: 'SubscriptionSettings' });

const HOUR_LIMIT = 7 * 24;
export const secretRotation = z
  .strictObject({ formerForHours: z.int().min(0).max(HOUR_LIMIT).default(24) })
  .describe('how long the former secret signs beside the new one')
  .meta({ id: 'SecretRotation' });

export const subscriptionParams = z.strictObject({ id: z.string().regex(/^subscription_[A-Za-z0-9]{1,64}$/) });
export const deliveryParams = z.strictObject({
  ...subscriptionParams.shape,
  n: z.string().regex(/^delivery_[A-Za-z0-9_:.-]{1,250}$/),
});
export const subscriptionQuery = z
  .strictObject({ unit: name.optional(), post: name.optional(), person: name.optional(), ...pageQuery })
  .refine(({ unit, post, person }) => [unit, post, person].filter((each) => each !== undefined).length <= 1, {
    params: { code: 'only_one_of' },
  });

export const subscriptionAnswer = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    status: z.enum(['active', 'paused', 'ended']),
    recipient: z.strictObject({ mailbox: z.string(), name: z.string() }),
    channel: z.enum(CHANNEL_KINDS),
    address: z.string().describe('enough of it to know it by; the whole is not shown again'),
    name: z.string(),
    language: z.enum(LANGUAGES),
    ordered: z.boolean(),
    createdAt: instant,
    createdBy: z.string(),
    formerSecretUntil: instant.nullable().describe('until then a former secret signs too'),
    restingUntil: instant.nullable().describe('it failed several times in a row and is left alone until then'),
  })
  .meta({ id: 'Subscription' });
export const subscriptionList = listOf(subscriptionAnswer).meta({ id: 'SubscriptionList' });

export const webhookWithSecret = z
  .strictObject({
    ...subscriptionAnswer.shape,
    secret: z
      .string()
      .nullable()
      .describe('signs every message (Standard Webhooks). Shown this once; null when the request is a repeat'),
  })
  .meta({ id: 'WebhookWithSecret' });

export const deliveryQuery = z.strictObject({ status: z.enum(DELIVERY_STATUSES).optional(), ...pageQuery });
export const deadQuery = z.strictObject(pageQuery);

const attempt = {
  number: z.int(),
  at: instant,
  status: z.int().nullable().describe('HTTP or SMTP'),
  latencyMs: z.number(),
  fault: z.string().nullable().describe('null: it arrived'),
  answer: z.string().nullable().describe('the beginning of what was answered'),
};

export const deliveryAnswer = z
  .strictObject({
    id: z.string(),
    subscriptionId: z.string(),
    messageId: z.string().describe('the same at every attempt; receivers drop doubles by it'),
    digestId: z.string().nullable().describe('null: a test'),
    status: z.enum(DELIVERY_STATUSES),
    urgent: z.boolean(),
    createdAt: instant,
    giveUpAt: instant,
    attempts: z.int(),
    nextAt: instant.nullable(),
    last: z.strictObject(attempt).nullable(),
    toldRecently: z.int().describe('notices left out: told of the same item on this channel within the hour'),
  })
  .meta({ id: 'Delivery' });
export const deliveryDetail = z
  .strictObject({
    ...deliveryAnswer.shape,
    history: z.array(
      z.strictObject({ at: instant, type: z.string(), ...z.strictObject(attempt).omit({ at: true }).partial().shape }),
    ),
  })
  .meta({ id: 'DeliveryDetail' });
export const deliveryList = listOf(deliveryAnswer).meta({ id: 'DeliveryList' });

export const redeliveryBody = z
  .strictObject({
    since: moment,
    which: z.enum(['dead', 'all']).default('dead').describe('dead: only what never arrived'),
  })
  .meta({ id: 'Redelivery' });
export const redeliveryAnswer = z.strictObject({ redelivered: z.int() }).meta({ id: 'Redelivered' });
