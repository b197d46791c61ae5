import { type Receiver, startReceiver } from '@duban/testkit/receiver';
import { CloudEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from './deployment.ts';

/** Escalates at the deadline, and tells of it at once, whatever the hour. */
const URGENT = {
  code: 'at-once',
  name: '到期即报（测试）',
  remindWorkingDaysBefore: [],
  steps: [
    {
      delay: { unit: 'minutes', amount: 0 },
      targets: ['office'],
      action: 'escalate',
      acknowledgeWithin: null,
      holdOnAcknowledgement: { unit: 'minutes', amount: 15 },
      urgent: true,
      repeat: null,
    },
  ],
  minimumGap: { unit: 'minutes', amount: 0 },
  verifyWithin: { unit: 'working_days', amount: 5 },
  source: '测试',
};

interface Office {
  readonly person: string;
  readonly post: string;
  /** Whose plans' escalations come to the post. */
  readonly group: string;
  readonly documentNumber: string;
  readonly leadUnit: string;
}

interface Subscription {
  readonly id: string;
  readonly secret: string;
}
export interface Delivery {
  readonly id: string;
  readonly messageId: string;
  readonly status: string;
  readonly attempts: number;
  readonly last: { readonly fault: string | null } | null;
  readonly history: readonly { readonly type: string; readonly number?: number; readonly status?: number | null }[];
}

/** A notice on its way out of the deployed county, to a machine of the office's own that fails at first. */
export function deliveryStory(county: () => Stage, admin: string, office: Office): void {
  describe('a webhook of the office', () => {
    const plan = 'test-at-once';
    let receiver: Receiver;
    let made: Subscription;
    beforeAll(async () => {
      receiver = await startReceiver();
      receiver.answer = (_, earlier) => ({ status: earlier === 0 ? 500 : 204 });
      const allowed = { allow: ['127.0.0.0/8'], linkBase: 'https://duban.test' };
      await county().account.putSecret('outbound', JSON.stringify(allowed));
      const { group, documentNumber } = office;
      const bundle = {
        ...{ jurisdiction: '433122', mode: 'merge', policies: [URGENT] },
        plans: [{ code: plan, documentNumber, list: '到期即报', title: '到期即报', group, policy: URGENT.code }],
      };
      const { status, body } = await county().call(admin, 'POST', '/v1/imports', bundle);
      expect(status, JSON.stringify(body).slice(0, 500)).toBeLessThan(300);
    });
    afterAll(() => receiver?.close());

    const list = async () => {
      const { body } = await county().call<{ items: Delivery[] }>(
        office.person,
        'GET',
        `/v1/webhooks/${made.id}/deliveries`,
      );
      return body.items;
    };

    it('is told of a deadline that has passed: one signed event, tried again because it was answered 500', async () => {
      const created = await county().call<Subscription>(office.person, 'POST', '/v1/webhooks', {
        ...{ recipient: { post: office.post }, url: `${receiver.url}/hook?token=verysecret`, name: '值班系统' },
      });
      expect(created.status, JSON.stringify(created.body)).toBe(201);
      made = created.body;
      // Who subscribes is told of what is released from then on: the list of channels has followed.
      const channels = async () =>
        (await county().call<{ items: { id: string }[] }>(office.person, 'GET', '/v1/webhooks')).body.items;
      await expect.poll(channels, { timeout: 60_000 }).toMatchObject([{ id: made.id }]);
      const due = new Date(Date.now() + 20_000).toISOString().replace('Z', '+00:00');
      const task = await county().call<{ id: string }>(office.person, 'POST', '/v1/tasks', {
        ...{ plan, title: '到期即报的一项', text: '到期即报的一项', leadUnits: [office.leadUnit], due },
      });
      expect(task.status, JSON.stringify(task.body)).toBe(201);
      await expect
        .poll(list, { timeout: 150_000, interval: 500 })
        .toMatchObject([{ status: 'delivered', attempts: 2 }]);
      const { received } = receiver;
      expect(received.map(({ path }) => path)).toEqual(['/hook?token=verysecret', '/hook?token=verysecret']);
      const [first, second] = received;
      expect(first?.body).toBe(second?.body);
      const [{ messageId } = { messageId: '' }] = await list();
      for (const { headers, body } of received) {
        expect(headers['webhook-id']).toBe(messageId);
        const event = new CloudEvent(new Webhook(made.secret).verify(body, headers) as object);
        expect(event).toMatchObject({ id: messageId, subject: `post:${office.post}` });
        expect(body).toContain(task.body.id);
        expect(body).toContain('https://duban.test/');
      }
    });

    it('has a log in which both attempts stand, under one id', async () => {
      const [delivery] = await list();
      const path = `/v1/webhooks/${made.id}/deliveries/${delivery?.id}`;
      const { body } = await county().call<Delivery>(office.person, 'GET', path);
      const attempts = body.history.filter(({ type }) => /^Attempt/.test(type));
      expect(attempts.map(({ type, number, status }) => [type, number, status ?? null])).toEqual([
        ['AttemptStarted', 1, null],
        ['AttemptFailed', 1, 500],
        ['AttemptStarted', 2, null],
        ['AttemptSucceeded', 2, 204],
      ]);
      expect((await county().call('li-hehua', 'GET', path)).status).toBe(404);
    });

    it('lies in the table sealed, and nothing of it in the logs', async () => {
      const rows = JSON.stringify(await county().account.rows('subscription', made.id));
      expect(rows).toContain('s1.k1.');
      const logged = await Promise.all(['api', 'react', 'deliver'].map((name) => county().account.logged(name)));
      expect(JSON.stringify(logged[2])).toContain('delivery.attempted');
      for (const text of [rows, JSON.stringify(logged)]) {
        expect(text).not.toContain(made.secret.slice('whsec_'.length));
        expect(text).not.toContain('verysecret');
      }
    });

    it('is not what opens a link from a mail: that needs no token of the identity provider', async () => {
      const answer = await county().send(null, '/a/not-a-link');
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.status).toBe(404);
    });
  });
}
