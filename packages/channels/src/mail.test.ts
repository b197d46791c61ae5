import { createServer, type Socket } from 'node:net';
import type { OutgoingMessage } from '@duban/application';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { channelsFor, digest, line, message, probe, RELEASE } from '../test-support/messages.ts';
import { refusal, startMailServer } from '../test-support/smtp.ts';
import { smtpOptions } from './mail-transport.ts';

const TO = 'li.si@example.com';

const channelsTo = (port: number, user = '', differs: Record<string, unknown> = {}) =>
  channelsFor({
    mail: { via: 'smtp', url: `smtp://${user}127.0.0.1:${port}`, from: '督办 <duban@example.com>' },
    ...differs,
  });

const send = (server: { port: number }, sent: OutgoingMessage = message(), to = TO) =>
  channelsTo(server.port).send({ kind: 'mail', to }, sent);

async function mailed(sent: OutgoingMessage) {
  const server = await startMailServer();
  expect(await send(server, sent)).toMatchObject({ accepted: true, status: 250, fault: null });
  expect(server.received).toHaveLength(1);
  return server.received[0]!;
}

test('a digest arrives, as text and as a table', async () => {
  const lines = [
    line(),
    line({ number: '泸办〔2023〕5号 4', title: '<b>“A” & B</b>', lateByMs: 60_000, acknowledgeLink: null }),
  ];
  const { from, to, mail } = await mailed(message({ content: digest({ lines, more: 3, toldRecently: 1 }) }));
  expect([from, to]).toEqual(['duban@example.com', [TO]]);
  expect(mail.from?.value).toEqual([{ name: '督办', address: 'duban@example.com' }]);
  expect(mail.subject).toBe('【督办】县政府办：共6项，最长逾期2天3小时');
  expect(mail.messageId).toBe('<msg_01H8XK3V7R@example.com>');
  expect(mail.date?.getTime()).toBe(RELEASE + 60_000);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.text).toBe(`【督办】县政府办：共6项

1. 泸政办发〔2023〕5号 园区建设 12
   完成标准厂房二期主体
   牵头单位：县科工信局
   逾期升级，逾期2天3小时
   请于5月18日18:00前督促办理
   查看：https://duban.example.gov.cn/tasks/task_01
   确认收到：https://duban.example.gov.cn/acknowledge#once-only-token

2. 泸办〔2023〕5号 4
   <b>“A” & B</b>
   牵头单位：县科工信局
   逾期升级，逾期1分钟
   请于5月18日18:00前督促办理
   查看：https://duban.example.gov.cn/tasks/task_01

另有3项，详见收件箱；另有1项近期已提醒

打开收件箱：https://duban.example.gov.cn/inbox/digest_01
`);
  const html = String(mail.html);
  expect(html.match(/<tr>/g)).toHaveLength(3);
  expect(html).toContain('&lt;b&gt;“A” &amp; B&lt;/b&gt;');
  expect(html).toContain('<a href="https://duban.example.gov.cn/acknowledge#once-only-token">确认收到</a>');
  expect(html).not.toMatch(/<(?:img|script|link|b)\b/);
});

test('in English, urgent, of an incident', async () => {
  const lines = [
    line({ itemType: 'incident', number: 'incident_01', title: '某处发生事故', lateByMs: 25 * 60_000, leadUnits: [] }),
  ];
  const { raw, mail } = await mailed(message({ language: 'en', content: digest({ urgent: true, lines }) }));
  expect(mail.subject).toBe('Duban 督办 · URGENT · 县政府办: 1 item, up to 25 minutes late');
  expect(mail.text).toContain(
    '1. incident_01\n   escalated, 25 minutes late\n   please see that it gets done by 18 May 18:00\n',
  );
  expect(mail.html).toContain('<html lang="en">');
  expect(mail.text + String(mail.html) + raw).not.toContain('某处发生事故');
});

test('a test', async () => {
  const { mail } = await mailed(message({ content: probe() }));
  expect(mail.subject).toBe('【督办】测试');
  expect(mail.text).toBe('测试消息：泸溪县督办发给县政府办的通知可以由此送达。\n');
});

test('700 items make one mail with a table of them all', async () => {
  const lines = Array.from({ length: 700 }, (_, index) =>
    line({ number: `第${index}项`, title: '园区道路'.repeat(40) }),
  );
  const { raw, mail } = await mailed(message({ content: digest({ lines }) }));
  expect(String(mail.html).match(/<tr>/g)).toHaveLength(701);
  expect(mail.text).toContain('\n700. 第699项\n');
  expect(Math.max(...raw.split('\r\n').map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(998);
});

test('the same mail at every attempt, but for its date', async () => {
  const first = await mailed(message());
  const second = await mailed(message({ at: RELEASE + 3_600_000 }));
  expect(second.mail.messageId).toBe(first.mail.messageId);
  expect([second.mail.subject, second.mail.text, second.mail.html]).toEqual([
    first.mail.subject,
    first.mail.text,
    first.mail.html,
  ]);
});

test('no name brings a header or a recipient along', async () => {
  const name = '县政府办\r\nBcc: eve@example.com\r\n\r\nbody';
  const content = digest({ recipient: { mailbox: 'unit:a', name }, lines: [line({ number: 'a\r\nX-Evil: 1' })] });
  const { to, mail } = await mailed(message({ messageId: 'msg>\r\nX-Evil: 1', content }));
  expect(to).toEqual([TO]);
  expect(mail.headers.has('bcc')).toBe(false);
  expect(mail.headers.has('x-evil')).toBe(false);
  expect(mail.subject).toContain('县政府办 Bcc: eve@example.com body');
  expect(mail.messageId).toBe('<msg---X-Evil--1@example.com>');
});

test.each([
  '',
  'li.si',
  'a@example.com, b@example.com',
  'a@example.com\r\nRCPT TO:<b@example.com>',
  '"a" <a@example.com>',
])('%j is not written to', async (to) => {
  const server = await startMailServer();
  expect(await send(server, message(), to)).toMatchObject({ accepted: false, fault: 'unusable_address' });
  expect(server.connections()).toBe(0);
});

describe('a server that does not take it', () => {
  const refusing = (differs: SMTPServerOptions) => startMailServer(differs);

  test.each<[string, SMTPServerOptions, number, string]>([
    [
      'an unknown recipient',
      { onRcptTo: (address, _s, done) => done(refusal(550, `5.1.1 <${address.address}> unknown`)) },
      550,
      '550 5.1.1 <***> unknown',
    ],
    [
      'greylisting',
      { onRcptTo: (_a, _s, done) => done(refusal(450, '4.7.1 try again later')) },
      450,
      '450 4.7.1 try again later',
    ],
    [
      'a sender it does not like',
      { onMailFrom: (_a, _s, done) => done(refusal(553, '5.7.1 not yours')) },
      553,
      '553 5.7.1 not yours',
    ],
    [
      'its text',
      { onData: (stream, _s, done) => stream.resume().on('end', () => done(refusal(554, '5.7.1 spam'))) },
      554,
      '554 5.7.1 spam',
    ],
    [
      'too much at once',
      { onConnect: (_s, done) => done(refusal(421, '4.7.0 too many connections')) },
      421,
      '421 4.7.0 too many connections',
    ],
  ])('%s', async (_name, options, status, answer) => {
    const result = await send(await refusing(options));
    expect(result).toMatchObject({ accepted: false, status, fault: 'status', answer: expect.stringContaining(answer) });
    expect(result.answer).not.toContain(TO);
  });

  test('a wrong password, which does not come back', async () => {
    const server = await refusing({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => done(refusal(535, `5.7.8 ${username} ${password}`)),
    });
    const result = await channelsTo(server.port, 'duban:made-up%2Fword@').send({ kind: 'mail', to: TO }, message());
    expect(result).toMatchObject({ accepted: false, status: 535, fault: 'status' });
    expect(result.answer).toContain('5.7.8 *** ***');
  });

  test('a slow one', async () => {
    const server = await refusing({ onData: () => undefined });
    const channels = channelsTo(server.port, '', { timeoutMs: 300 });
    expect(await channels.send({ kind: 'mail', to: TO }, message())).toMatchObject({
      accepted: false,
      status: null,
      fault: 'timeout',
    });
  });

  test('one that drips', async () => {
    const server = await spoken((socket) => {
      const drip = setInterval(() => socket.write('220-wait\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const channels = channelsTo(server.port, '', { timeoutMs: 300 });
    expect(await channels.send({ kind: 'mail', to: TO }, message())).toMatchObject({
      accepted: false,
      status: null,
      fault: 'timeout',
    });
  });

  test('one that hangs up amid the text', async () => {
    let begun = 0;
    const server = await refusing({
      onData: (stream) => {
        begun += 1;
        stream.once('data', () => server.hangUp());
      },
    });
    const result = await send(server);
    expect(result).toMatchObject({ accepted: false, status: null, fault: 'connection' });
    expect(begun).toBeGreaterThan(0);
    expect(server.received).toEqual([]);
  });

  test('one whose certificate nobody vouches for', async () => {
    const server = await refusing({ disabledCommands: [] });
    expect(await send(server)).toMatchObject({ accepted: false, status: null, fault: 'tls' });
    expect(server.received).toEqual([]);
  });

  test('one that is not there', async () => {
    expect(await send({ port: 1 })).toMatchObject({ accepted: false, status: null, fault: 'connection' });
  });

  test('a password goes over TLS, but to this machine', async () => {
    const from = { name: '', address: 'duban@example.com' };
    const requiresTls = (url: string) => smtpOptions({ via: 'smtp', url, from }, 1_000).requireTLS;
    expect(requiresTls('smtp://duban:made-up-word@mail.example.com:25')).toBe(true);
    expect(requiresTls('smtp://mail.example.com:25')).toBe(false);
    expect(requiresTls('smtp://duban:made-up-word@127.0.0.1:25')).toBe(false);
    const server = await refusing({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(null, { user: 'duban' }),
    });
    const channels = channelsTo(server.port, 'duban:made-up-word@');
    expect(await channels.send({ kind: 'mail', to: TO }, message())).toMatchObject({ accepted: true, status: 250 });
  });
});

test('without a mail server there is no mail', async () => {
  const channels = channelsFor();
  expect(channels.kinds.has('mail')).toBe(false);
  expect(await channels.send({ kind: 'mail', to: TO }, message())).toMatchObject({
    accepted: false,
    fault: 'not_configured',
  });
});

/** A server that speaks as it likes. */
async function spoken(speak: (socket: Socket) => void): Promise<{ port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return { port: address.port };
}
