import { createRequire } from 'node:module';
import type { OutgoingMessage } from '@duban/application';
import { describe, expect, test } from 'vitest';
import { channelsFor, digest, line, message, probe, RELEASE } from '../test-support/messages.ts';
import { type Answer, json, startReceiver, status } from '../test-support/receiver.ts';
import { smsParameters } from './text/sms.ts';

const PHONE = '+8613900000001';
const SETTINGS = {
  provider: 'tencent',
  secretId: 'made-up-secret-id',
  secretKey: 'made-up-secret-key',
  sdkAppId: '1400000000',
  signName: '泸溪督办',
  templateId: { zh: '100001', en: '100002' },
  region: 'ap-guangzhou',
};

/** The published library's own signing; required, for what its default export is depends on who imports it. */
const { default: Sign }: typeof import('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js') = createRequire(
  import.meta.url,
)('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js');

const sentStatus = (Code: string) => ({
  Response: {
    SendStatusSet: [
      {
        SerialNo: '1:2',
        PhoneNumber: PHONE,
        Fee: Code === 'Ok' ? 1 : 0,
        SessionContext: 'msg',
        Code,
        Message: 'said',
        IsoCode: 'CN',
      },
    ],
    RequestId: 'a-made-up-request',
  },
});

async function texted(answer: Answer, sent: OutgoingMessage = message(), phone = PHONE) {
  const receiver = await startReceiver(answer);
  const channels = channelsFor({ sms: { ...SETTINGS, endpoint: receiver.url } });
  expect(channels.kinds.has('sms')).toBe(true);
  return { result: await channels.send({ kind: 'sms', phone }, sent), receiver };
}

test('the signature is the one Tencent’s own library makes', async () => {
  const { result, receiver } = await texted(json(sentStatus('Ok')));
  expect(result).toMatchObject({ accepted: true, status: 200, fault: null });
  const { headers, body } = receiver.received[0]!;
  expect(headers.authorization).toBe(
    Sign.sign3({
      method: 'POST',
      url: `${receiver.url}/`,
      payload: Buffer.from(body),
      timestamp: Number(headers['x-tc-timestamp']),
      service: 'sms',
      secretId: SETTINGS.secretId,
      secretKey: SETTINGS.secretKey,
      multipart: false,
      boundary: '',
      headers: { 'Content-Type': String(headers['content-type']) },
    }),
  );
  expect(headers).toMatchObject({
    'x-tc-action': 'SendSms',
    'x-tc-version': '2021-01-11',
    'x-tc-region': 'ap-guangzhou',
    'x-tc-timestamp': String((RELEASE + 60_000) / 1_000),
  });
  expect(JSON.parse(body)).toEqual({
    PhoneNumberSet: [PHONE],
    SmsSdkAppId: '1400000000',
    SignName: '泸溪督办',
    TemplateId: '100001',
    TemplateParamSet: ['1', '12', '2天3小时', '18日18时'],
    SessionContext: 'msg_01H8XK3V7R',
  });
});

test('in English by the other template', async () => {
  const { receiver } = await texted(json(sentStatus('Ok')), message({ language: 'en' }));
  expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
    TemplateId: '100002',
    TemplateParamSet: ['1', '12', '2d3h', '18 18h'],
  });
});

test.each([
  ['LimitExceeded.PhoneNumberThirtySecondLimit', 'rate_limited', 30_000],
  ['LimitExceeded.PhoneNumberOneHourLimit', 'rate_limited', 3_600_000],
  ['LimitExceeded.PhoneNumberDailyLimit', 'rate_limited', 86_400_000],
  ['LimitExceeded.DeliveryFrequencyLimit', 'rate_limited', null],
  ['InvalidParameterValue.TemplateParameterLengthLimit', 'rejected', null],
  ['FailedOperation.PhoneNumberInBlacklist', 'rejected', null],
])('the number refused with %s is %s', async (code, fault, retryAfterMs) => {
  const { result } = await texted(json(sentStatus(code)));
  expect(result).toMatchObject({ accepted: false, status: 200, fault, retryAfterMs });
  expect(result.answer).toContain(code);
  expect(JSON.stringify(result)).not.toMatch(/1390000000/);
});

test.each([
  ['RequestLimitExceeded', 'rate_limited'],
  ['RequestLimitExceeded.UinLimitExceeded', 'rate_limited'],
  ['AuthFailure.SignatureFailure', 'rejected'],
])('the request refused with %s is %s', async (Code, fault) => {
  const { result } = await texted(
    json({ Response: { Error: { Code, Message: 'said' }, RequestId: 'a-made-up-request' } }),
  );
  expect(result).toMatchObject({ accepted: false, status: 200, fault });
});

test.each([
  [status(500), 'status'],
  [status(200, {}, 'no JSON'), 'rejected'],
  [json({ Response: { SendStatusSet: [] } }), 'rejected'],
  [json({}), 'rejected'],
])('%# another answer is no success', async (answer, fault) => {
  expect((await texted(answer)).result).toMatchObject({ accepted: false, fault });
});

test('what is echoed of number and keys is masked', async () => {
  const echo: Answer = (response, { headers, body }) =>
    response.end(`${headers.authorization} ${body} 13900000001 ${SETTINGS.secretKey}`);
  const { result } = await texted(echo);
  expect(JSON.stringify(result)).not.toMatch(/1390000000|made-up-secret/);
});

test.each(['13900000001', '+0139', '', '+86 13900000001', '+8613900000001,+8613900000002'])(
  '%j is not texted to',
  async (phone) => {
    const { result, receiver } = await texted(json(sentStatus('Ok')), message(), phone);
    expect(result).toMatchObject({ accepted: false, fault: 'unusable_address' });
    expect(receiver.connections()).toBe(0);
  },
);

test('without a provider there is no SMS', async () => {
  const channels = channelsFor();
  expect(channels.kinds.has('sms')).toBe(false);
  expect(await channels.send({ kind: 'sms', phone: PHONE }, message())).toMatchObject({
    accepted: false,
    fault: 'not_configured',
  });
});

describe('what is put into the template', () => {
  const HOUR = 3_600_000;
  const parameters = (differs: Parameters<typeof line>[0], length = 6, language: 'zh' | 'en' = 'zh') =>
    smsParameters(
      message({ language, content: digest({ lines: [line(differs)], more: 11, toldRecently: 2 }) }),
      length,
    );

  test.each<[Parameters<typeof line>[0], readonly string[], readonly string[]]>([
    [{}, ['14', '12', '2天3小时', '18日18时'], ['14', '12', '2d3h', '18 18h']],
    [{ number: '第3项' }, ['14', '第3项', '2天3小时', '18日18时'], ['14', '第3项', '2d3h', '18 18h']],
    [
      { number: 'incident_01H8XK3V7R', itemType: 'incident', title: '不应出现' },
      ['14', 'XK3V7R', '2天3小时', '18日18时'],
      ['14', 'XK3V7R', '2d3h', '18 18h'],
    ],
    [{ lateByMs: 24 * HOUR - 1 }, ['14', '12', '23小时', '18日18时'], ['14', '12', '23h59m', '18 18h']],
    [
      { lateByMs: 0, askedUntil: RELEASE + 30 * 60_000 },
      ['14', '12', '1分钟', '18日10时'],
      ['14', '12', '1m', '18 10h'],
    ],
    [{ lateByMs: null, askedUntil: null }, ['14', '12', '未逾期', '尽快'], ['14', '12', 'none', 'soon']],
    [{ askedUntil: Date.UTC(2023, 4, 31, 16) }, ['14', '12', '2天3小时', '31日24时'], ['14', '12', '2d3h', '31 24h']],
  ])('%# in six characters each', (differs, zh, en) => {
    expect(parameters(differs)).toEqual(zh);
    expect(parameters(differs, 6, 'en')).toEqual(en);
  });

  test('whole where more is allowed', () => {
    expect(parameters({}, 40)).toEqual(['14', '泸政办发〔2023〕5号 园区建设 12', '2天3小时', '5月18日18:00']);
  });

  test('never empty, never longer', () => {
    for (const number of ['', ' ', '𠮷'.repeat(20), 'http://evil.example.com', 'a b']) {
      for (const parameter of parameters({ number })) expect([...parameter].length).toBeLessThanOrEqual(6);
      expect(parameters({ number }).every((parameter) => parameter !== '')).toBe(true);
    }
  });

  test('of a test, and of a digest of what was told already', () => {
    expect(smsParameters(message({ content: probe() }), 6)).toEqual(['0', '督办', '未逾期', '尽快']);
    expect(smsParameters(message({ content: digest({ lines: [], toldRecently: 3 }) }), 6)[0]).toBe('3');
  });
});
