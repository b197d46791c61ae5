import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { type Answer, startReceiver, status } from '../test-support/receiver.ts';
import { createAddressRules } from './address-rules.ts';
import { createGuard } from './guard.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';

function client(timeoutMs = 5_000): HttpClient {
  const guard = createGuard({ rules: createAddressRules(['127.0.0.0/8']) });
  onTestFinished(() => guard.close());
  return createHttpClient(guard, timeoutMs);
}

const posting = (url: string) => ({ url, headers: { 'content-type': 'text/plain' }, body: Buffer.from('督办') });

async function exchange(answer: Answer, timeoutMs?: number) {
  const receiver = await startReceiver(answer);
  return client(timeoutMs).post(posting(receiver.url));
}

/** A server that speaks as it likes. */
async function raw(speak: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

test.each([200, 204, 404, 500, 503])('%i is an answer', async (code) => {
  expect(await exchange(status(code))).toMatchObject({ status: code, body: '' });
});

test('the body arrives whole, with its length', async () => {
  const receiver = await startReceiver(status(200));
  await client().post(posting(receiver.url));
  expect(receiver.received[0]).toMatchObject({ method: 'POST', body: '督办', headers: { 'content-length': '6' } });
});

test('who hangs is left', async () => {
  expect(await exchange(() => undefined, 200)).toEqual({ failed: 'timeout', status: null });
});

test('who answers by drops is left, though it never pauses', async () => {
  const url = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('.'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  expect(await client(300).post(posting(url))).toEqual({ failed: 'timeout', status: 200 });
});

test('who sends its headers by drops is left as well', async () => {
  const url = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  expect(await client(300).post(posting(url))).toEqual({ failed: 'timeout', status: null });
});

test.each([
  ['before it answers', '', null],
  ['in its status', 'HTTP/1.1 2', null],
  ['in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 200],
  ['having said nothing HTTP knows', 'SSH-2.0-OpenSSH_9.0\r\n', null],
  ['to speak something else', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', null],
])('who hangs up %s has not accepted', async (_when, said, code) => {
  const url = await raw((socket) => socket.end(said));
  expect(await client().post(posting(url))).toEqual({ failed: 'connection', status: code });
});

test('nobody listens', async () => {
  expect(await client().post(posting('http://127.0.0.1:1/'))).toEqual({ failed: 'connection', status: null });
});

test('of an endless answer 64 KiB are read', async () => {
  let written = 0;
  let closed: () => void = () => undefined;
  const hungUp = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const receiver = await startReceiver((response) => {
    response.writeHead(200);
    response.on('close', closed);
    const more = () => {
      while (!response.destroyed && response.write('a'.repeat(16_384))) written += 16_384;
      response.once('drain', more);
    };
    more();
  });
  const answer = await client().post(posting(receiver.url));
  expect(answer).toMatchObject({ status: 200, body: 'a'.repeat(65_536) });
  await hungUp;
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test('what comes compressed stays so', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  const answer = await exchange((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
  expect(answer).toMatchObject({ status: 200, body: '' });
});

test('bytes that are no UTF-8 do not break it', async () => {
  const answer = await exchange((response) => response.end(Buffer.from([0xff, 0xfe, 0x61])));
  expect(answer).toMatchObject({ status: 200, body: '\ufffd\ufffda' });
});

test('a connection is used again; where the server resets it, that was the attempt, and the next one gets a new connection', async () => {
  let requests = 0;
  const url = await raw((socket) => {
    requests += 1;
    if (requests === 2) socket.resetAndDestroy();
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  });
  const kept = client();
  expect(await kept.post(posting(url))).toMatchObject({ status: 200 });
  expect(await kept.post(posting(url))).toEqual({ failed: 'connection', status: null });
  expect(requests).toBe(2);
  expect(await kept.post(posting(url))).toMatchObject({ status: 200 });
});

test('headers cannot be smuggled in', async () => {
  const receiver = await startReceiver(status(200));
  const headers = { 'webhook-id': 'a\r\nx-evil: 1' };
  expect(await client().post({ ...posting(receiver.url), headers })).toEqual({ failed: 'internal', status: null });
  expect(receiver.received).toEqual([]);
});

test('a slow host does not keep another one waiting', async () => {
  const slow = await startReceiver(() => undefined);
  const quick = await startReceiver(status(200));
  const shared = client(1_000);
  const waiting = Array.from({ length: 100 }, () => shared.post(posting(slow.url)));
  expect(await shared.post(posting(quick.url))).toMatchObject({ status: 200 });
  expect(slow.connections()).toBeLessThanOrEqual(32);
  const answers = await Promise.all(waiting);
  expect(answers.every((answer) => 'failed' in answer && answer.failed === 'timeout')).toBe(true);
});
