import { randomBytes } from 'node:crypto';
import {
  type ChannelAddress,
  changeSubscription,
  createSubscription,
  currentStructure,
  listSubscriptions,
  rotateSecret,
  type SubscriptionChange,
} from '@duban/application';
import { emptyBody } from '@duban/contracts/http/escalations';
import * as contract from '@duban/contracts/http/subscriptions';
import type { Structure } from '@duban/domain';
import type { z } from 'zod';
import { etag, idempotencyOf, ifMatchOf } from '../conditions.ts';
import { type Endpoint, type Exchange, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentSubscription } from '../present-subscription.ts';
import { References } from '../references.ts';
import { channelOf, type Family, PATH, SUFFIX } from './channel-family.ts';
import { deliveriesOf } from './deliveries.ts';

const HOUR_MS = 3_600_000;

/** A new secret in the form of Standard Webhooks. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

type Recipient = z.output<typeof contract.newWebhook>['recipient'];

function mailboxOf(structure: Structure, { unit, post, person }: Partial<Recipient>, at: string): string | null {
  const references = new References(structure);
  const mailbox =
    unit !== undefined
      ? `unit:${references.unit(unit, `${at}/unit`)}`
      : post !== undefined
        ? `post:${references.post(post, `${at}/post`)}`
        : person !== undefined
          ? `person:${references.person(person, `${at}/person`)}`
          : null;
  references.check();
  return mailbox;
}

interface Created {
  readonly recipient: Recipient;
  readonly name: string;
  readonly language: 'zh' | 'en';
  readonly ordered: boolean;
}

async function create(exchange: Exchange, body: Created, address: ChannelAddress) {
  const { deps, caller } = exchange;
  const { structure } = await currentStructure(deps, caller);
  const { name, language, ordered } = body;
  const mailbox = mailboxOf(structure, body.recipient, '/recipient') ?? '';
  const given = { mailbox, address, name, language, ordered };
  const { subscription, isNew } = await createSubscription(deps, caller, given, {
    idempotency: idempotencyOf(exchange),
  });
  const family = address.kind === 'webhook' ? 'webhook' : 'subscription';
  const headers = { etag: etag(subscription.version), location: `${PATH[family]}/${subscription.id}` };
  return { status: 201 as const, body: presentSubscription(structure, subscription), headers, isNew };
}

const createWebhook = endpoint({
  operationId: 'createWebhook',
  summary: '新建 Webhook：摘要发布时推送（Standard Webhooks 签名，CloudEvents 内容）',
  body: contract.newWebhook,
  answer: contract.webhookWithSecret,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const secret = newSecret();
    const address = { kind: 'webhook', url: body.url, secrets: [secret] } as const;
    const { isNew, ...answer } = await create(exchange, body, address);
    return { ...answer, body: { ...answer.body, secret: isNew ? secret : null } };
  },
});

const createOther = endpoint({
  operationId: 'createSubscription',
  summary: '新建通知渠道：企业微信、钉钉、飞书群机器人，邮件，短信',
  body: contract.newSubscription,
  answer: contract.subscriptionAnswer,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const { isNew: _, ...answer } = await create(exchange, body, body.channel);
    return answer;
  },
});

function list(family: Family): Endpoint {
  return endpoint({
    operationId: `list${SUFFIX[family]}s`,
    summary: '您可管理的通知渠道，先建的在前',
    query: contract.subscriptionQuery,
    answer: contract.subscriptionList,
    async handle({ query }, exchange) {
      const { deps, caller } = exchange;
      const { structure } = await currentStructure(deps, caller);
      const mailbox = mailboxOf(structure, query, '/query');
      const matches = ({ channel }: { readonly channel: string }) => (channel === 'webhook') === (family === 'webhook');
      const found = await listSubscriptions(deps, caller, { mailbox, matches }, await pageOf(exchange, query));
      return { body: await listed(exchange, found, (row) => presentSubscription(structure, row)) };
    },
  });
}

function read(family: Family): Endpoint {
  return endpoint({
    operationId: `get${SUFFIX[family]}`,
    summary: '一个通知渠道',
    params: contract.subscriptionParams,
    answer: contract.subscriptionAnswer,
    async handle({ params }, exchange) {
      const { structure, ...row } = await channelOf(exchange, family, params.id);
      return { body: presentSubscription(structure, row), headers: { etag: etag(row.version) } };
    },
  });
}

function command<B extends z.ZodType>(
  family: Family,
  [verb, summary]: readonly [string, string],
  body: B,
  commandFor: (body: z.output<B>) => SubscriptionChange,
): Endpoint {
  return endpoint({
    ...{ operationId: `${verb}${SUFFIX[family]}`, summary, params: contract.subscriptionParams, body },
    answer: contract.subscriptionAnswer,
    conditional: true,
    idempotent: true,
    async handle(input, exchange) {
      const { deps, caller } = exchange;
      const { id } = input.params as z.output<typeof contract.subscriptionParams>;
      await channelOf(exchange, family, id);
      const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
      const changed = await changeSubscription(deps, caller, id, commandFor(input.body as z.output<B>), options);
      const { structure, ...row } = changed;
      return { body: presentSubscription(structure, row), headers: { etag: etag(row.version) } };
    },
  });
}

const rotate = endpoint({
  operationId: 'rotateWebhookSecret',
  summary: '更换签名密钥；旧密钥在约定时间内同时签名',
  params: contract.subscriptionParams,
  body: contract.secretRotation,
  answer: contract.webhookWithSecret,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { deps, caller } = exchange;
    await channelOf(exchange, 'webhook', params.id);
    const secret = newSecret();
    const formerForMs = body.formerForHours * HOUR_MS;
    const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
    const rotated = await rotateSecret(deps, caller, params.id, { secret, formerForMs }, options);
    const { structure, ...row } = rotated.subscription;
    return {
      body: { ...presentSubscription(structure, row), secret: rotated.isNew ? secret : null },
      headers: { etag: etag(row.version) },
    };
  },
});

function familyOf(family: Family) {
  return {
    create: family === 'webhook' ? createWebhook : createOther,
    list: list(family),
    read: read(family),
    change: command(family, ['change', '修改名称、语言、是否按序'], contract.subscriptionSettings, (settings) => ({
      type: 'ChangeSubscription',
      ...settings,
    })),
    pause: command(family, ['pause', '暂停发送'], emptyBody, () => ({ type: 'PauseSubscription' })),
    resume: command(family, ['resume', '恢复发送'], emptyBody, () => ({ type: 'ResumeSubscription' })),
    end: command(family, ['end', '取消渠道'], emptyBody, () => ({ type: 'EndSubscription' })),
    ...deliveriesOf(family),
  };
}

export const webhooks = { ...familyOf('webhook'), rotate };
export const subscriptions = familyOf('subscription');
