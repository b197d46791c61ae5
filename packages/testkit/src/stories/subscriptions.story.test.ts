import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Received, Receiver } from '../receiver.ts';
import type { CloudTestSystem } from '../system.ts';
import { ANQUAN, type Client, type County, DIRECTOR, type List, SUPERVISION } from './county.ts';
import { loopbackCounty } from './loopback-county.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

interface Subscription {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly secret: string | null;
  readonly address: string;
  readonly recipient: { readonly mailbox: string; readonly name: string };
  readonly formerSecretUntil: string | null;
}
interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
}

let system: CloudTestSystem;
let county: County;
let director: Client;
let receiver: Receiver;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ system, county, director, receiver, close } = await loopbackCounty());
});
afterAll(() => close());

const at = (path: string) => receiver.received.filter((request) => request.path === path);
const webhook = (path: string, more: object = {}) => ({
  ...{ recipient: { post: DIRECTOR.post }, url: `${receiver.url}${path}`, name: path },
  ...more,
});
async function subscribe(client: Client, path: string, more: object = {}): Promise<Subscription> {
  const { status, body } = await client.post<Subscription>('/v1/webhooks', webhook(path, more));
  expect(status, JSON.stringify(body)).toBe(201);
  await system.settle();
  return body;
}
/** Something for the office's inbox. */
async function raise(seq: number): Promise<void> {
  const listing = { reason: '进度滞后', basis: '县政府督查室通知', reportBy: '2023-12-01' };
  const { status } = await county.as(SUPERVISION).post(`/v1/tasks/task_${ANQUAN}-${seq}/supervision`, listing);
  expect(status).toBe(200);
  await system.settle();
  await system.advance(system.clock.now() + 10 * MINUTE);
}

describe('a webhook', () => {
  it('shows its secret once, keeps it sealed, and never shows its whole address again', async () => {
    const key = { 'idempotency-key': 'webhook-1' };
    const body = webhook('/once?token=verysecret', { name: '值班系统' });
    const made = await director.post<Subscription>('/v1/webhooks', body, key);
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.headers.get('location')).toBe(`/v1/webhooks/${made.body.id}`);
    const again = await director.post<Subscription>('/v1/webhooks', body, key);
    expect(again.body).toEqual({ ...made.body, secret: null });
    await system.settle();
    const shown = await director.get<Subscription>(`/v1/webhooks/${made.body.id}`);
    const secret = made.body.secret ?? '';
    const rows = await Promise.all(
      ['head', 'e#000000000001'].map((sk) =>
        system.client.send(
          new GetItemCommand({
            TableName: system.tables.ledger,
            Key: { pk: { S: `433122#subscription#${made.body.id}` }, sk: { S: sk } },
          }),
        ),
      ),
    );
    const events = await system.deps.store.read({ jurisdiction: '433122', type: 'subscription', id: made.body.id });
    expect(rows.every(({ Item }) => Item !== undefined)).toBe(true);
    for (const text of [JSON.stringify(rows), JSON.stringify(events), JSON.stringify(shown.body), ...system.logged]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('verysecret');
    }
    await director.post(`/v1/webhooks/${made.body.id}/cancellation`, {});
  });

  it('signs so that the published verifier agrees, with both secrets while one is rotated', async () => {
    const made = await subscribe(director, '/signed');
    const rotated = await director.post<Subscription>(`/v1/webhooks/${made.id}/secret`, { formerForHours: 2 });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(made.secret);
    const verifies = async (secret: string | null) => {
      await director.post(`/v1/webhooks/${made.id}/test`, {});
      await system.advance(system.clock.now());
      const { headers, body } = at('/signed').at(-1) as Received;
      // The library compares with the machine's own clock: the signature is dated by the county's.
      const signedAt = Number(headers['webhook-timestamp']) * 1000;
      expect(Math.abs(signedAt - system.clock.now())).toBeLessThan(1000);
      const signed = new Verifier(secret ?? '').sign(headers['webhook-id'] ?? '', new Date(signedAt), body);
      return (headers['webhook-signature'] ?? '').split(' ').includes(signed);
    };
    expect(await verifies(made.secret)).toBe(true);
    expect(await verifies(rotated.body.secret)).toBe(true);
    await system.advance(system.clock.now() + 2 * HOUR);
    expect(await verifies(made.secret)).toBe(false);
    expect(await verifies(rotated.body.secret)).toBe(true);
    await director.post(`/v1/webhooks/${made.id}/cancellation`, {});
  });

  it('is paused, resumed, renamed and ended; what was asked for meanwhile arrives afterwards', async () => {
    const made = await subscribe(director, '/paused');
    const path = `/v1/webhooks/${made.id}`;
    await director.post(`${path}/pause`, {});
    await raise(4);
    expect(at('/paused')).toHaveLength(0);
    expect((await director.post<Subscription>(`${path}/resumption`, {})).body.status).toBe('active');
    await system.advance(system.clock.now() + 15 * MINUTE);
    expect(at('/paused')).toHaveLength(1);
    const stale = await director.post<Problem>(`${path}/settings`, { name: '值班' }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect((await director.post<{ name: string }>(`${path}/settings`, { name: '值班' })).body.name).toBe('值班');
    expect((await director.post<Subscription>(`${path}/cancellation`, {})).body.status).toBe('ended');
    await raise(9);
    expect(at('/paused')).toHaveLength(1);
    expect((await director.post(`${path}/test`, {})).status).toBe(409);
    expect((await director.post(`${path}/resumption`, {})).status).toBe(409);
    const left = (await director.get<List<Subscription>>('/v1/webhooks')).body.items;
    expect(left.map(({ id }) => id)).not.toContain(made.id);
  });
});

describe('whose notices go where', () => {
  it('is set by whoever holds the post, the head of the unit, the person, or an administrator; others find nothing', async () => {
    const stranger = county.as('xu-jianhua');
    const own = await subscribe(director, '/own');
    const attempts: readonly [string, Client, object, number][] = [
      ['a stranger for the post', stranger, { post: DIRECTOR.post }, 404],
      ['a stranger for a unit', stranger, { unit: '县应急管理局' }, 404],
      ['a stranger for the person', stranger, { person: DIRECTOR.person }, 404],
      ['the person', director, { person: DIRECTOR.person }, 201],
      ['an administrator for the unit', county.admin(), { unit: '县应急管理局' }, 201],
      ['nobody known', director, { person: 'no-such-person' }, 422],
      ['two at once', director, { person: DIRECTOR.person, post: DIRECTOR.post }, 422],
    ];
    for (const [what, client, recipient, status] of attempts) {
      expect((await client.post('/v1/webhooks', webhook('/rights', { recipient }))).status, what).toBe(status);
    }
    for (const path of ['', '/deliveries']) {
      expect((await stranger.get(`/v1/webhooks/${own.id}${path}`)).status).toBe(404);
    }
    for (const path of ['pause', 'cancellation', 'test', 'secret']) {
      expect((await stranger.post(`/v1/webhooks/${own.id}/${path}`, {})).status, path).toBe(404);
    }
    // The two families do not show each other's.
    expect((await director.get(`/v1/subscriptions/${own.id}`)).status).toBe(404);
    expect((await stranger.get<List<Subscription>>('/v1/webhooks')).body.items).toEqual([]);
    expect((await stranger.get(`/v1/webhooks?post=${DIRECTOR.post}`)).status).toBe(404);
    for (const { id } of (await county.admin().get<List<Subscription>>('/v1/webhooks?limit=200')).body.items) {
      await county.admin().post(`/v1/webhooks/${id}/cancellation`, {});
    }
  });

  it('follows the post to whoever holds it when the digest is released', async () => {
    await system.settle();
    const before = await subscribe(director, '/person-before', { recipient: { person: DIRECTOR.person } });
    const successor = county.as(SUCCESSOR);
    const { status } = await successor.post(
      '/v1/webhooks',
      webhook('/person-after', { recipient: { person: SUCCESSOR } }),
    );
    expect(status).toBe(201);
    await raise(10);
    expect([at('/person-before').length, at('/person-after').length]).toEqual([1, 0]);
    await appoint(SUCCESSOR);
    await raise(11);
    expect([at('/person-before').length, at('/person-after').length]).toEqual([1, 1]);
    expect((await director.get<Subscription>(`/v1/webhooks/${before.id}`)).status).toBe(200);
  });
});

/** Holds another post in the county. */
const SUCCESSOR = 'xu-jianhua';

async function appoint(person: string): Promise<void> {
  const on = new Date(system.clock.now() + 8 * HOUR).toISOString().slice(0, 10);
  const today = `${on}T00:00:00+08:00`;
  const bundle = {
    jurisdiction: '433122',
    mode: 'merge',
    appointments: [
      { post: DIRECTOR.post, person: DIRECTOR.person, to: today },
      { post: DIRECTOR.post, person, from: today },
    ],
  };
  const { status, body } = await county.admin().post('/v1/imports?dryRun=false', bundle);
  expect(status, JSON.stringify(body)).toBe(201);
}

describe('an address', () => {
  it.each([
    ['not a web address', { url: 'ftp://example.com/x' }, '/url'],
    ['with a password in it', { url: 'https://u:p@example.com/x' }, '/url'],
    ['too long', { url: `https://example.com/${'x'.repeat(2_000)}` }, '/url'],
    ['of nobody', { recipient: {} }, '/recipient'],
    ['with an unknown field', { secret: 'mine' }, '/secret'],
  ])('is refused with its place: %s', async (_, more, pointer) => {
    const { status, body } = await director.post<Problem>('/v1/webhooks', { ...webhook('/bad'), ...more });
    expect(status).toBe(422);
    expect(body.errors?.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it.each([
    [{ kind: 'mail', to: 'a@b' }, '/channel/to'],
    [{ kind: 'mail', to: 'a@example.com\r\nBcc: b@example.com' }, '/channel/to'],
    [{ kind: 'sms', phone: '13900000000' }, '/channel/phone'],
    [{ kind: 'wecom', url: 'javascript:alert(1)' }, '/channel/url'],
    [{ kind: 'pigeon', url: 'https://example.com' }, '/channel/kind'],
  ])('of another channel as well: %j', async (channel, pointer) => {
    const body = { recipient: { person: DIRECTOR.person }, name: 'x', channel };
    const answer = await director.post<Problem>('/v1/subscriptions', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it('is shown in part only', async () => {
    const channel = { kind: 'mail', to: 'somebody@example.com' };
    const made = await director.post<Subscription>('/v1/subscriptions', {
      ...{ recipient: { person: DIRECTOR.person }, name: '邮件', channel },
    });
    expect(made.body).toMatchObject({ address: 's***@example.com', status: 'active' });
    expect(made.body).not.toHaveProperty('secret');
    const sms = { kind: 'sms', phone: '+8613900001234' };
    const second = await director.post<Subscription>('/v1/subscriptions', {
      ...{ recipient: { person: DIRECTOR.person }, name: '短信', channel: sms },
    });
    expect(second.body.address).toBe('+86139****1234');
  });
});
