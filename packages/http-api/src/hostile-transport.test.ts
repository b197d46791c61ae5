import { once } from 'node:events';
import { connect } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK, testApi } from './app.fixture.ts';

/** What no HTTP client of ours would send: bytes on a socket, to the server the local cloud runs. */
let api: Awaited<ReturnType<typeof testApi>>;
let server: ServerType;
let token: string;
beforeAll(async () => {
  api = await testApi();
  token = await api.sign();
  server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 });
  if (!server.listening) await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
});

/** Everything the server says to the bytes until it closes. @param hangUp whether the sender goes before the answer */
async function say(bytes: string, hangUp = false): Promise<string> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const socket = connect({ host: '127.0.0.1', port: address.port });
  let heard = '';
  socket.setEncoding('latin1').on('data', (data) => {
    heard += data;
  });
  // A server that closes while it is still being written to resets the connection: what it said before counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(Buffer.from(bytes, 'latin1'));
  if (hangUp) socket.end();
  await once(socket, 'close');
  return heard;
}

const statusesIn = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
const headersIn = (heard: string) => (heard.split('\r\n\r\n')[0] ?? '').toLowerCase().split('\r\n').slice(1);

function request(line: string, headers: readonly string[] = [], body = ''): string {
  const all = ['Host: 127.0.0.1', `Authorization: Bearer ${token}`, 'Connection: close', ...headers];
  return `${[line, ...all].join('\r\n')}\r\n\r\n${body}`;
}
const sent = JSON.stringify(TASK).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
const JSON_TYPE = 'Content-Type: application/json';

describe('a socket', () => {
  it('carries a sound request', async () => {
    const heard = await say(request('POST /v1/tasks HTTP/1.1', [JSON_TYPE, `Content-Length: ${sent.length}`], sent));
    expect(statusesIn(heard)).toEqual([201]);
  });

  it.each<readonly [string, () => string]>([
    ['two lengths', () => request('POST /v1/tasks HTTP/1.1', ['Content-Length: 2', 'Content-Length: 40'], '{}')],
    [
      'a length and chunks',
      () =>
        request(
          'POST /v1/tasks HTTP/1.1',
          ['Content-Length: 4', 'Transfer-Encoding: chunked'],
          '0\r\n\r\nGET /v1/units HTTP/1.1\r\n\r\n',
        ),
    ],
    [
      'chunks, but not last',
      () => request('POST /v1/tasks HTTP/1.1', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
    ],
    ['a length in words', () => request('POST /v1/tasks HTTP/1.1', ['Content-Length: +2'], '{}')],
    [
      'a chunk’s size that is none',
      () => request('POST /v1/tasks HTTP/1.1', ['Transfer-Encoding: chunked'], '0x2\r\n{}\r\n0\r\n\r\n'),
    ],
    ['a line end without its return', () => request('GET /v1/units HTTP/1.1', ['X-A: b\nX-Evil: 1'])],
    ['a return without its line end', () => request('GET /v1/units HTTP/1.1', ['X-A: b\rX-Evil: 1'])],
    ['a header that goes on', () => request('GET /v1/units HTTP/1.1', ['X-A: b', ' X-Evil: 1'])],
    ['NUL in a header', () => request('GET /v1/units HTTP/1.1', ['Idempotency-Key: a\0b'])],
    ['a blank before the colon', () => request('GET /v1/units HTTP/1.1', ['Content-Length : 2'])],
    ['a path with a blank', () => request('GET /v1/un its HTTP/1.1')],
    ['no host', () => `GET /v1/units HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['a version nobody speaks', () => request('GET /v1/units HTTP/7.3')],
    ['something that is not HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n'],
  ])('with %s is refused before it comes to a request', async (_what, bytes) => {
    const before = api.commits();
    const heard = await say(bytes());
    expect(statusesIn(heard), heard.slice(0, 300)).toEqual([400]);
    expect(api.commits()).toBe(before);
  });

  it('with headers that have no end is refused', async () => {
    const many = Array.from({ length: 400 }, (_, nth) => `X-${nth}: ${'x'.repeat(90)}`);
    expect(statusesIn(await say(request('GET /v1/units HTTP/1.1', many)))).toEqual([431]);
  });

  it('with more body than is taken, in chunks that say nothing of it, is refused', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const heard = await say(
      request('POST /v1/tasks HTTP/1.1', [JSON_TYPE, 'Transfer-Encoding: chunked'], `${chunk.repeat(8)}0\r\n\r\n`),
    );
    expect(statusesIn(heard)).toEqual([413]);
  });

  it('that is closed in the middle of a body writes nothing', async () => {
    const before = api.commits();
    await say(request('POST /v1/tasks HTTP/1.1', [JSON_TYPE, `Content-Length: ${sent.length + 10}`], sent), true);
    expect(api.commits()).toBe(before);
  });

  it.each([
    'abc%0d%0aset-cookie:a=1',
    'a b c d e f',
    '<script>alert(1)</script>',
    'x'.repeat(65),
    '"12345678"',
    'é'.repeat(9),
  ])('gets no correlation id back that is none: %s', async (given) => {
    const headers = headersIn(await say(request('GET /v1/units HTTP/1.1', [`X-Correlation-Id: ${given}`])));
    const echoed = headers.find((header) => header.startsWith('x-correlation-id:'));
    expect(echoed).toMatch(/^x-correlation-id: [0-9a-f-]{36}$/);
    expect(headers.filter((header) => header.startsWith('set-cookie'))).toEqual([]);
  });

  it.each([
    ['GET //evil.example/v1/units HTTP/1.1', 404],
    ['GET /v1/units/%0d%0aLocation:%20x HTTP/1.1', 404],
    ['GET /v1/units/..%2f..%2fhealthz HTTP/1.1', 404],
    ['GET /v1/../healthz HTTP/1.1', 200],
    ['GET /docs/..%2f..%2fpackage.json HTTP/1.1', 404],
    ['GET /docs/%2e%2e%2fpackage.json HTTP/1.1', 404],
    ['GET /v1/tasks/%ff%fe HTTP/1.1', 404],
    ['GET /v1/units?cursor=%0d%0aset-cookie:a=1 HTTP/1.1', 422],
    ['GET http://evil.example/v1/nothing HTTP/1.1', 404],
    ['TRACE /v1/units HTTP/1.1', 405],
    ['OPTIONS /v1/units HTTP/1.1', 405],
    ['PUT /v1/units HTTP/1.1', 405],
  ])('%s is answered and injects nothing', async (line, status) => {
    const heard = await say(request(line));
    expect(statusesIn(heard), heard.slice(0, 200)).toEqual([status]);
    expect(headersIn(heard).filter((header) => /^(?:set-cookie|location)/.test(header))).toEqual([]);
  });

  it('is served after all of that', async () => {
    expect(statusesIn(await say(request('GET /healthz HTTP/1.1')))).toEqual([200]);
    expect(api.logged.filter((line) => line.startsWith('request failed'))).toEqual([]);
  });
});
