import { createHmac } from 'node:crypto';
import type { ChannelAddress, OutgoingMessage } from '@duban/application';
import { describe, expect, test } from 'vitest';
import { channelsFor, digest, message, probe, RELEASE } from '../test-support/messages.ts';
import { type Answer, json, type Received, startReceiver, status } from '../test-support/receiver.ts';

const KEY = 'made-up-key-of-a-robot';
const SECRET = 'SECmade-up/secret+of=a-robot';

type Robot = Extract<ChannelAddress['kind'], 'wecom' | 'dingtalk' | 'feishu'>;

const PATHS: Record<Robot, string> = {
  wecom: `/cgi-bin/webhook/send?key=${KEY}`,
  dingtalk: `/robot/send?access_token=${KEY}`,
  feishu: `/open-apis/bot/v2/hook/${KEY}`,
};

const addressOf = (kind: Robot, url: string, secret: string | null): ChannelAddress =>
  kind === 'wecom' ? { kind, url } : { kind, url, secret };

async function said(kind: Robot, answer: Answer, sent: OutgoingMessage = message(), secret: string | null = SECRET) {
  const receiver = await startReceiver(answer);
  const address = addressOf(kind, receiver.url + PATHS[kind], secret);
  return { result: await channelsFor().send(address, sent), received: receiver.received };
}

/** Checks the signature as the platform does, by its own words, and answers in its shape. */
const FAKES: Record<Robot, (got: Received) => unknown> = {
  wecom: ({ url }) =>
    url === PATHS.wecom ? { errcode: 0, errmsg: 'ok' } : { errcode: 93000, errmsg: 'invalid webhook url' },
  dingtalk: ({ url }) => {
    const query = new URL(url, 'http://robot.example.com').searchParams;
    const timestamp = query.get('timestamp') ?? '';
    const expected = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`, 'utf8').digest('base64');
    const signed =
      query.get('access_token') === KEY && query.get('sign') === expected && timestamp === String(RELEASE + 60_000);
    return signed ? { errcode: 0, errmsg: 'ok' } : { errcode: 310000, errmsg: 'sign not match' };
  },
  feishu: ({ body }) => {
    const { timestamp, sign } = JSON.parse(body);
    const expected = createHmac('sha256', `${timestamp}\n${SECRET}`).update('').digest('base64');
    const signed = sign === expected && timestamp === String((RELEASE + 60_000) / 1_000);
    return signed
      ? { code: 0, data: {}, msg: 'success', Extra: null, StatusCode: 0, StatusMessage: 'success' }
      : { code: 19021, data: {}, msg: 'sign match fail or timestamp is not within one hour from current time' };
  },
};

const ROBOTS = ['wecom', 'dingtalk', 'feishu'] as const;

describe.each(ROBOTS)('%s', (kind) => {
  test.each([
    ['a digest', digest()],
    ['an urgent one', digest({ urgent: true })],
    ['a test', probe()],
  ])('takes %s', async (_name, content) => {
    const fake: Answer = (response, got) => json(FAKES[kind](got))(response, got);
    const { result, received } = await said(kind, fake, message({ content }));
    expect(result).toMatchObject({ accepted: true, status: 200, fault: null });
    expect(received[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    expect(received[0]?.body).toContain('督办');
  });

  test.each([
    ['no JSON', status(200, {}, 'ok')],
    ['nothing', status(200)],
    ['JSON without a code', json({ ok: true })],
    ['a code that is no number', json({ errcode: '0', code: '0' })],
  ])('that answers %s has not taken it', async (_name, answer) => {
    expect((await said(kind, answer)).result).toMatchObject({ accepted: false, status: 200, fault: 'rejected' });
  });

  test.each([
    [500, 'status', null],
    [302, 'redirect', null],
    [429, 'rate_limited', 30_000],
    [503, 'status', 30_000],
  ])('with status %i is %s', async (code, fault, retryAfterMs) => {
    const { result } = await said(kind, status(code, retryAfterMs === null ? {} : { 'retry-after': '30' }));
    expect(result).toMatchObject({ accepted: false, status: code, fault, retryAfterMs });
  });

  test('an answer that repeats where it went does not come back', async () => {
    const { result } = await said(kind, (response, got) =>
      response.end(JSON.stringify({ errcode: 1, code: 1, msg: `${got.url} ${got.headers.host} ${KEY} ${SECRET}` })),
    );
    expect(result.fault).toBe('rejected');
    expect(JSON.stringify(result)).not.toContain(KEY);
    if (kind !== 'wecom') expect(JSON.stringify(result)).not.toContain(SECRET);
  });
});

test.each<[Robot, unknown, string, number | null]>([
  ['wecom', { errcode: 45009, errmsg: 'api freq out of limit' }, 'rate_limited', 60_000],
  ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'rejected', null],
  ['dingtalk', { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }, 'rate_limited', 600_000],
  ['dingtalk', { errcode: 410100, errmsg: '发送速度太快而限流' }, 'rate_limited', 600_000],
  ['dingtalk', { errcode: 310000, errmsg: 'keywords not in content' }, 'rejected', null],
  ['feishu', { code: 11232, data: {}, msg: 'frequency limited psm[made.up]appID[1500]' }, 'rate_limited', 60_000],
  ['feishu', { code: 9499, msg: 'too many request', data: {} }, 'rate_limited', 60_000],
  ['feishu', { code: 9499, msg: 'Bad Request', data: {} }, 'rejected', null],
  ['feishu', { StatusCode: 19001, StatusMessage: 'param invalid' }, 'rejected', null],
])('%s answering %j is %s', async (kind, answer, fault, retryAfterMs) => {
  expect((await said(kind, json(answer))).result).toMatchObject({ accepted: false, status: 200, fault, retryAfterMs });
});

test('an older 飞书 robot says it otherwise', async () => {
  const { result } = await said('feishu', json({ StatusCode: 0, StatusMessage: 'success' }));
  expect(result).toMatchObject({ accepted: true, fault: null });
});

test.each(['dingtalk', 'feishu'] as const)('%s without a secret is not signed', async (kind) => {
  const { result, received } = await said(kind, json({ errcode: 0, code: 0 }), message(), null);
  expect(result.accepted).toBe(true);
  expect(received[0]?.url).toBe(PATHS[kind]);
  expect(JSON.parse(received[0]?.body ?? '')).not.toHaveProperty('sign');
});

test('企业微信 and 钉钉 are given markdown, 飞书 rich text with its links apart', async () => {
  const wecom = await said('wecom', json({ errcode: 0 }));
  expect(JSON.parse(wecom.received[0]?.body ?? '')).toMatchObject({
    msgtype: 'markdown',
    markdown: { content: expect.stringContaining('\n> 请于5月18日18:00前督促办理 [查看](https://') },
  });
  const dingtalk = await said('dingtalk', json({ errcode: 0 }));
  expect(JSON.parse(dingtalk.received[0]?.body ?? '')).toMatchObject({
    msgtype: 'markdown',
    markdown: {
      title: '【督办】县政府办：共1项',
      text: expect.stringContaining('逾期2天3小时  \n> 完成标准厂房二期主体  \n> '),
    },
  });
  const feishu = await said('feishu', json({ code: 0 }));
  expect(JSON.parse(feishu.received[0]?.body ?? '')).toMatchObject({
    msg_type: 'post',
    content: {
      post: {
        zh_cn: {
          title: '【督办】县政府办：共1项',
          content: [
            [{ tag: 'text', text: '1. 泸政办发〔2023〕5号 园区建设 12 逾期升级，逾期2天3小时' }],
            [{ tag: 'text', text: '完成标准厂房二期主体' }],
            [
              { tag: 'text', text: '请于5月18日18:00前督促办理 ' },
              { tag: 'a', text: '查看', href: 'https://duban.example.gov.cn/tasks/task_01' },
            ],
            [{ tag: 'a', text: '打开收件箱', href: 'https://duban.example.gov.cn/inbox/digest_01' }],
          ],
        },
      },
    },
  });
});
