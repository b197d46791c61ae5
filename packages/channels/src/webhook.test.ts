import { readFileSync } from 'node:fs';
import type { OutgoingMessage } from '@duban/application';
import { webhookEvent } from '@duban/contracts/http/webhook-events';
import { NOTICE_KINDS } from '@duban/domain';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { channelsFor, digest, line, message, probe, RELEASE } from '../test-support/messages.ts';
import { type Received, startReceiver, status } from '../test-support/receiver.ts';
import { MAX_WEBHOOK_BYTES, webhookBody } from './webhook.ts';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const OLD = secretOf('an old secret of 24 bytes');
const NEW = secretOf('a newer secret of 26 bytes');

async function posted(sent: OutgoingMessage, secrets = [NEW]): Promise<Received> {
  const receiver = await startReceiver(status(204));
  const result = await channelsFor().send({ kind: 'webhook', url: `${receiver.url}/hook`, secrets }, sent);
  expect(result).toMatchObject({ accepted: true, status: 204, fault: null, answer: null });
  return receiver.received[0]!;
}

/** The published verifier reads the real clock. */
function at(instant: number): void {
  vi.useFakeTimers({ now: instant, toFake: ['Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(
    body,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  );

test('each live secret verifies it with the published library, another does not', async () => {
  const got = await posted(message(), [NEW, OLD]);
  at(message().at);
  for (const secret of [OLD, NEW]) expect(verified(secret, got)).toMatchObject({ id: 'msg_01H8XK3V7R' });
  expect(() => verified(secretOf('somebody else’s secret'), got)).toThrow('No matching signature');
  expect(() => verified(NEW, { ...got, body: got.body.replace('12', '13') })).toThrow('No matching signature');
  expect(got.headers).toMatchObject({
    'webhook-id': 'msg_01H8XK3V7R',
    'webhook-timestamp': String((RELEASE + 60_000) / 1_000),
    'user-agent': 'Duban',
    'accept-encoding': 'identity',
  });
});

test.each([
  ['duban.digest.released.v1', digest()],
  ['duban.notice.urgent.v1', digest({ urgent: true, lines: [line({ itemType: 'incident', title: null })], more: 3 })],
  ['duban.webhook.test.v1', probe()],
])('%s is a CloudEvent by the published library, and what the schema says', async (type, content) => {
  const got = await posted(message({ content }));
  expect(HTTP.isEvent(got)).toBe(true);
  const event = HTTP.toEvent(got);
  if (!(event instanceof CloudEvent)) throw new Error('not one event');
  expect(event.validate()).toBe(true);
  expect(event).toMatchObject({
    type,
    id: 'msg_01H8XK3V7R',
    source: '/jurisdictions/433122/subscriptions/subscription_01',
    subject: 'unit:xian-zhengfu-ban',
  });
  expect(webhookEvent.parse(JSON.parse(got.body))).toEqual(JSON.parse(got.body));
});

test('a digest is told whole, in local time, without the link that acknowledges', async () => {
  const { body } = await posted(message());
  expect(JSON.parse(body)).toMatchObject({
    time: '2023-05-18T10:00:00+08:00',
    data: {
      jurisdiction: { code: '433122', name: '泸溪县' },
      recipient: { mailbox: 'unit:xian-zhengfu-ban', name: '县政府办' },
      lines: [
        {
          number: '泸政办发〔2023〕5号 园区建设 12',
          title: '完成标准厂房二期主体',
          due: '2023-05-16T07:00:00+08:00',
          lateBySeconds: 51 * 3_600,
          askedUntil: '2023-05-18T18:00:00+08:00',
        },
      ],
      more: 0,
    },
  });
  expect(body).not.toContain('once-only-token');
});

test('the guide shows what is sent', () => {
  const guide = readFileSync(new URL('../../../docs/api-guide.md', import.meta.url), 'utf8');
  const shown = /content-type: application\/cloudevents[\s\S]*?\n\n([\s\S]*?)\n```/.exec(guide)?.[1] ?? '';
  expect(JSON.parse(shown)).toEqual(JSON.parse(webhookBody(message())));
});

test('the body is the same to the byte at every attempt, the signature is not', async () => {
  const first = await posted(message());
  const second = await posted(message({ at: RELEASE + 3_600_000 }));
  expect(second.body).toBe(first.body);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
});

test('every kind of notice can be told', () => {
  const content = digest({ lines: NOTICE_KINDS.map((kind) => line({ kind })) });
  expect(webhookEvent.parse(JSON.parse(webhookBody(message({ content }))))).toBeDefined();
});

test('beyond 256 KiB lines are left out and counted', () => {
  const lines = Array.from({ length: 1_000 }, () => line({ title: '𠮷'.repeat(200) }));
  const body = webhookBody(message({ content: digest({ lines, more: 5 }) }));
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_WEBHOOK_BYTES);
  expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_WEBHOOK_BYTES - 2_000);
  const event = webhookEvent.parse(JSON.parse(body));
  if (event.type !== 'duban.digest.released.v1') throw new Error('another type');
  expect(event.data.lines.length + event.data.more).toBe(1_005);
});

test('an incident’s title does not leave, though it were passed', () => {
  const content = digest({ lines: [line({ itemType: 'incident', title: '某处发生事故' })] });
  expect(webhookBody(message({ content }))).not.toContain('某处发生事故');
});

test.each([[[]], [['whsec_not/base64!']], [['whsec_']]])(
  'without a key that can sign nothing is sent: %j',
  async (secrets) => {
    const receiver = await startReceiver(status(204));
    const result = await channelsFor().send({ kind: 'webhook', url: receiver.url, secrets }, message());
    expect(result).toMatchObject({ accepted: false, fault: 'unusable_address' });
    expect(receiver.connections()).toBe(0);
  },
);
