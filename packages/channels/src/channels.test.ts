import type { ChannelAddress, SendResult } from '@duban/application';
import { CHANNEL_KINDS, type ChannelKind } from '@duban/domain';
import { describe, expect, test } from 'vitest';
import { channelsFor, digest, message } from '../test-support/messages.ts';
import { type Answer, startReceiver, status } from '../test-support/receiver.ts';
import { refusal, startMailServer } from '../test-support/smtp.ts';
import type { Channels } from './channels.ts';

const KEY = 'made-up-key-0123456789';
const SECRET = `whsec_${Buffer.from('made up, and of 24 bytes').toString('base64')}`;
const SIGNING = 'SECmade-up-signing';
const PHONE = '+8613900000001';
const TO = 'li.si@example.com';

/** What must not be read in a result of each kind. */
const SECRETS: Readonly<Record<ChannelKind, readonly string[]>> = {
  webhook: [KEY, SECRET, SECRET.slice(6)],
  wecom: [KEY],
  dingtalk: [KEY, SIGNING],
  feishu: [KEY, SIGNING],
  mail: [TO, 'made-up-word'],
  sms: ['13900000001', 'made-up-secret-id', 'made-up-secret-key'],
};
const ALL = Object.values(SECRETS).flat().join(' ');

const addressed = (url: string): readonly ChannelAddress[] => [
  { kind: 'webhook', url: `${url}/in/${KEY}?token=${KEY}`, secrets: [SECRET] },
  { kind: 'wecom', url: `${url}/cgi-bin/webhook/send?key=${KEY}` },
  { kind: 'dingtalk', url: `${url}/robot/send?access_token=${KEY}`, secret: SIGNING },
  { kind: 'feishu', url: `${url}/open-apis/bot/v2/hook/${KEY}`, secret: SIGNING },
  { kind: 'mail', to: TO },
  { kind: 'sms', phone: PHONE },
];

function configured(url: string, smtpPort: number, differs: Record<string, unknown> = {}): Channels {
  return channelsFor({
    mail: { via: 'smtp', url: `smtp://duban:made-up-word@127.0.0.1:${smtpPort}`, from: 'duban@example.com' },
    sms: {
      provider: 'tencent',
      secretId: 'made-up-secret-id',
      secretKey: 'made-up-secret-key',
      sdkAppId: '1400000000',
      signName: '泸溪督办',
      templateId: { zh: '1', en: '2' },
      region: 'ap-guangzhou',
      endpoint: url,
    },
    ...differs,
  });
}

async function sentOnAll(
  answer: Answer,
  mailSays: string,
  differs: Record<string, unknown> = {},
): Promise<Map<ChannelKind, SendResult>> {
  const receiver = await startReceiver(answer);
  const mailServer = await startMailServer({ onAuth: (_auth, _session, done) => done(refusal(535, mailSays)) });
  const channels = configured(receiver.url, mailServer.port, differs);
  expect([...channels.kinds].sort()).toEqual([...CHANNEL_KINDS].sort());
  const sent = addressed(receiver.url).map(
    async (address) => [address.kind, await channels.send(address, message())] as const,
  );
  return new Map(await Promise.all(sent));
}

/** Repeats all it was told, in several ways. */
const echo =
  (code: number): Answer =>
  (response, { url, headers, body }) => {
    const all = `${url} ${decodeURIComponent(url)} http://${headers.host}${url} ${JSON.stringify(headers)} ${body.slice(0, 200)}`;
    response.writeHead(code).end(`${ALL} ${JSON.stringify({ all })}`);
  };

describe('no result holds where it went or what it was signed with', () => {
  test.each<[string, Answer, Record<string, unknown>]>([
    ['echoed with 200', echo(200), {}],
    ['echoed with 500', echo(500), {}],
    ['cut off', (response) => response.destroy(), {}],
    ['unanswered', () => undefined, { timeoutMs: 300 }],
    ['forbidden', status(200), { allow: [] }],
  ])('%s', async (name, answer, differs) => {
    const results = await sentOnAll(answer, `5.7.8 ${ALL}`, differs);
    expect(results.size).toBe(CHANNEL_KINDS.length);
    for (const [kind, result] of results) {
      for (const secret of SECRETS[kind]) expect(JSON.stringify(result)).not.toContain(secret);
      expect(result.accepted).toBe(kind === 'webhook' && name === 'echoed with 200');
      expect(result.answer?.length ?? 0).toBeLessThanOrEqual(500);
      expect(Number.isInteger(result.latencyMs)).toBe(true);
    }
  });
});

describe('a webhook', () => {
  test.each([
    [200, {}, true, null, null],
    [202, {}, true, null, null],
    [204, {}, true, null, null],
    [301, { location: 'http://169.254.169.254/latest/meta-data/' }, false, 'redirect', null],
    [304, {}, false, 'redirect', null],
    [400, {}, false, 'status', null],
    [410, {}, false, 'status', null],
    [429, { 'retry-after': '120' }, false, 'rate_limited', 120_000],
    [429, {}, false, 'rate_limited', null],
    [503, { 'retry-after': 'Thu, 18 May 2023 02:02:00 GMT' }, false, 'status', 60_000],
    [503, { 'retry-after': 'Thu, 18 May 2023 01:00:00 GMT' }, false, 'status', 0],
    [503, { 'retry-after': '999999999' }, false, 'status', 86_400_000],
    [503, { 'retry-after': 'soon' }, false, 'status', null],
  ])('answering %i %j', async (code, headers, accepted, fault, retryAfterMs) => {
    const receiver = await startReceiver(status(code, headers));
    const address: ChannelAddress = { kind: 'webhook', url: receiver.url, secrets: [SECRET] };
    expect(await channelsFor().send(address, message())).toMatchObject({ accepted, status: code, fault, retryAfterMs });
  });
});

test('what should not be there is a result too, and no error', async () => {
  const jurisdiction = { code: '433122', name: '泸溪县', timeZone: 'Nowhere/At_All' };
  const receiver = await startReceiver(status(200));
  for (const address of addressed(receiver.url).slice(0, 4)) {
    const result = await channelsFor().send(address, message({ content: digest({ jurisdiction }) }));
    expect(result).toMatchObject({ accepted: false, status: null, answer: null, fault: 'internal' });
  }
  expect(receiver.received).toEqual([]);
});
