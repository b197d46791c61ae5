import { NOTICE_KINDS } from '@duban/domain';
import { z } from 'zod';
import { instant } from './text.ts';

/** What a webhook is told. A type's meaning never changes; another shape is another version. */
export const EVENT_TYPES = ['duban.digest.released.v1', 'duban.notice.urgent.v1', 'duban.webhook.test.v1'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const jurisdiction = z.strictObject({ code: z.string().describe('GB/T 2260'), name: z.string() });
const recipient = z.strictObject({
  mailbox: z.string().describe('a unit or a post, as in the inbox'),
  name: z.string(),
});

export const webhookLine = z
  .strictObject({
    noticeId: z.string().describe('the same notice never comes twice in different digests'),
    kind: z.enum(NOTICE_KINDS),
    itemId: z.string(),
    itemType: z.string().describe('task, incident, duty, problem'),
    number: z.string().describe('what people call the item'),
    title: z.string().nullable().describe('null for incidents: their text leaves by no channel'),
    leadUnits: z.array(z.string()),
    at: instant.describe('when what is told happened'),
    due: instant.nullable(),
    lateBySeconds: z.int().min(0).nullable().describe('at releaseAt; null: nothing is late'),
    askedUntil: instant.nullable().describe('until when the recipient is asked to act; null: nothing is asked'),
    escalationId: z.string().nullable(),
    link: z.string().nullable(),
  })
  .meta({ id: 'WebhookLine' });

export const webhookDigest = z
  .strictObject({
    jurisdiction,
    recipient,
    digestId: z.string(),
    releaseAt: instant,
    urgent: z.boolean(),
    lines: z.array(webhookLine).describe('worst first'),
    more: z.int().min(0).describe('notices beyond lines: the inbox has them'),
    toldRecently: z.int().min(0).describe('notices left out, for their item was told here a short while ago'),
    link: z.string().nullable().describe('the digest in the inbox'),
  })
  .meta({ id: 'WebhookDigest' });

export const webhookTest = z.strictObject({ jurisdiction, recipient }).meta({ id: 'WebhookTest' });

/** CloudEvents 1.0, structured JSON. */
const envelope = {
  specversion: z.literal('1.0'),
  id: z.string().describe('the webhook-id: the same at every attempt, drop doubles by it'),
  source: z.string().describe('/jurisdictions/{code}/subscriptions/{id}'),
  subject: z.string().describe('the mailbox'),
  time: instant.describe('when the digest was released, the same at every attempt'),
  datacontenttype: z.literal('application/json'),
};

const digestEvent = <const Type extends EventType>(type: Type) =>
  z.strictObject({ ...envelope, type: z.literal(type), data: webhookDigest });

/** What is posted to a webhook, by type. */
export const WEBHOOK_EVENTS = {
  'duban.digest.released.v1': digestEvent('duban.digest.released.v1').meta({ id: 'DigestReleasedEvent' }),
  'duban.notice.urgent.v1': digestEvent('duban.notice.urgent.v1').meta({ id: 'UrgentNoticeEvent' }),
  'duban.webhook.test.v1': z
    .strictObject({ ...envelope, type: z.literal('duban.webhook.test.v1'), data: webhookTest })
    .meta({ id: 'WebhookTestEvent' }),
} as const satisfies Record<EventType, z.ZodType>;

export const webhookEvent = z.discriminatedUnion('type', [
  WEBHOOK_EVENTS['duban.digest.released.v1'],
  WEBHOOK_EVENTS['duban.notice.urgent.v1'],
  WEBHOOK_EVENTS['duban.webhook.test.v1'],
]);
export type WebhookEvent = z.infer<typeof webhookEvent>;
export type WebhookLine = z.infer<typeof webhookLine>;
