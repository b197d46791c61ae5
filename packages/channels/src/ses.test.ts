import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { channelsFor, message } from '../test-support/messages.ts';
import { json, startReceiver } from '../test-support/receiver.ts';

const TO = 'li.si@example.com';

describe('SES', () => {
  const ses = (port: string) => ({
    endpoint: port,
    credentials: { accessKeyId: 'made-up', secretAccessKey: 'made-up' },
  });
  const settings = { mail: { via: 'ses', region: 'ap-southeast-1', from: '督办 <duban@example.com>' } };

  test('is given the same mail', async () => {
    const receiver = await startReceiver(json({ MessageId: '010f-made-up-id' }));
    const channels = channelsFor(settings, { ses: ses(receiver.url) });
    const result = await channels.send({ kind: 'mail', to: TO }, message());
    expect(result).toMatchObject({ accepted: true, status: 200, answer: '010f-made-up-id', fault: null });
    expect(receiver.received[0]).toMatchObject({ method: 'POST', url: '/v2/email/outbound-emails' });
    const { Content, Destination } = JSON.parse(receiver.received[0]?.body ?? '');
    expect(Destination).toEqual({ ToAddresses: [TO] });
    const mail = await simpleParser(Buffer.from(Content.Raw.Data, 'base64'));
    expect(mail.subject).toBe('【督办】县政府办：共1项，最长逾期2天3小时');
    expect(mail.messageId).toBe('<msg_01H8XK3V7R@example.com>');
  });

  test.each([
    [400, 'MessageRejected', 'status'],
    [429, 'TooManyRequestsException', 'rate_limited'],
    [400, 'LimitExceededException', 'rate_limited'],
    [500, 'InternalFailure', 'status'],
  ])('saying %i %s has not taken it', async (code, name, fault) => {
    const receiver = await startReceiver((response) =>
      response
        .writeHead(code, { 'content-type': 'application/json', 'x-amzn-errortype': name })
        .end(JSON.stringify({ message: `Email address is not verified: ${TO}` })),
    );
    const channels = channelsFor(settings, { ses: ses(receiver.url) });
    const result = await channels.send({ kind: 'mail', to: TO }, message());
    expect(result).toMatchObject({ accepted: false, status: code, fault });
    expect(result.answer).toBe(`${name}: Email address is not verified: ***`);
    expect(receiver.received).toHaveLength(1);
  });

  test('that does not answer', async () => {
    const receiver = await startReceiver(() => undefined);
    const channels = channelsFor({ ...settings, timeoutMs: 300 }, { ses: ses(receiver.url) });
    expect(await channels.send({ kind: 'mail', to: TO }, message())).toMatchObject({
      accepted: false,
      fault: 'timeout',
    });
  });
});
