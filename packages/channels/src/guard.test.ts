import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Receiver, startReceiver, status } from '../test-support/receiver.ts';
import { createAddressRules } from './address-rules.ts';
import { createGuard } from './guard.ts';
import { createHttpClient } from './http-client.ts';
import type { Resolver } from './resolver.ts';

function post(
  url: string,
  { allow = [] as string[], resolve, ca }: { allow?: string[]; resolve?: Resolver; ca?: string } = {},
) {
  const guard = createGuard({ rules: createAddressRules(allow), resolve, ca });
  onTestFinished(() => guard.close());
  return createHttpClient(guard, 2_000).post({ url, headers: {}, body: Buffer.from('{}') });
}

const always =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses;

describe('a receiver on the loopback is not reached', () => {
  test.each([
    'http://127.0.0.1',
    'https://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.0.0.1.',
    'http://１２７.０.０.１',
    'http://0.0.0.0',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[::7f00:1]',
    'https://[64:ff9b::7f00:1]',
    'http://localhost',
  ])('as %s', async (origin) => {
    const receiver = await startReceiver(status(200));
    expect(await post(`${origin}:${receiver.port}/`)).toEqual({ failed: 'forbidden_address', status: null });
    expect(receiver.connections()).toBe(0);
  });

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['10.0.0.1', '169.254.169.254'],
    ['0.0.0.0'],
  ])('by a name for %s', async (...addresses) => {
    const receiver = await startReceiver(status(200));
    const url = `https://receiver.example.com:${receiver.port}/`;
    expect(await post(url, { resolve: always(...addresses) })).toEqual({ failed: 'forbidden_address', status: null });
    expect(receiver.connections()).toBe(0);
  });

  test('by a name that answers well once and then otherwise', async () => {
    const receiver = await startReceiver(status(200));
    // Of the two only the first, where nobody listens, may be reached.
    const answers = ['127.9.9.9', '127.0.0.1', '127.0.0.1'];
    let asked = 0;
    const resolve: Resolver = async () => [answers[asked++] ?? '127.0.0.1'];
    const guard = createGuard({ rules: createAddressRules(['127.9.0.0/16']), resolve });
    onTestFinished(() => guard.close());
    const client = createHttpClient(guard, 2_000);
    const send = () =>
      client.post({ url: `http://receiver.example.com:${receiver.port}/`, headers: {}, body: Buffer.from('{}') });
    // The address that was judged is the one connected to: it is not asked for a second time.
    expect(await send()).toEqual({ failed: 'connection', status: null });
    expect(asked).toBe(1);
    expect(await send()).toEqual({ failed: 'forbidden_address', status: null });
    expect(asked).toBe(2);
    expect(receiver.connections()).toBe(0);
  });
});

test('of several addresses those that are permitted are tried', async () => {
  const receiver = await startReceiver(status(200));
  const options = { allow: ['127.0.0.0/8'], resolve: always('10.0.0.1', '169.254.169.254', '127.0.0.1') };
  expect(await post(`http://receiver.example.com:${receiver.port}/`, options)).toMatchObject({ status: 200 });
});

test.each([[async () => Promise.reject(new Error('ENOTFOUND receiver.example.com'))], [always()]])(
  'a name without an address is unresolved',
  async (resolve) => {
    expect(await post('https://receiver.example.com/', { resolve })).toEqual({ failed: 'unresolved', status: null });
  },
);

test.each([301, 302, 303, 307, 308])('a redirect with %i to metadata is an answer and not followed', async (code) => {
  const inside = await startReceiver(status(200));
  const receiver = await startReceiver(status(code, { location: `${inside.url}/latest/meta-data/` }));
  expect(await post(receiver.url, { allow: ['127.0.0.0/8'] })).toMatchObject({ status: code });
  expect(inside.connections()).toBe(0);
});

describe('unencrypted', () => {
  test('to an allowed range it goes', async () => {
    const receiver = await startReceiver(status(200));
    expect(await post(receiver.url, { allow: ['127.0.0.0/8'] })).toMatchObject({ status: 200 });
  });

  test.each(['http://8.8.8.8/', 'http://receiver.example.com/'])('to the internet, %s, it does not', async (url) => {
    expect(await post(url, { resolve: always('8.8.8.8') })).toEqual({ failed: 'forbidden_address', status: null });
  });
});

test.each([
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'https://user:word@receiver.example.com/',
  'https://user@receiver.example.com/',
  'receiver.example.com',
  '',
  `https://receiver.example.com/${'a'.repeat(2_048)}`,
])('%s is no address to send to', async (url) => {
  expect(await post(url, { resolve: always('127.0.0.1'), allow: ['127.0.0.0/8'] })).toEqual({
    failed: 'unusable_address',
    status: null,
  });
});

describe('TLS', () => {
  const { key, cert } = certificate();
  const allow = ['127.0.0.0/8'];
  const resolve = always('127.0.0.1');
  const url = (receiver: Receiver, host: string) => `https://${host}:${receiver.port}/`;

  test('with a certificate that is trusted and names the host', async () => {
    const receiver = await startReceiver(status(200), { key, cert });
    expect(await post(url(receiver, 'receiver.example.com'), { allow, resolve, ca: cert })).toMatchObject({
      status: 200,
    });
  });

  test.each([
    ['one nobody vouches for', 'receiver.example.com', {}],
    ['one of another host', 'other.example.com', { ca: cert }],
  ])('not with %s', async (_name, host, trust) => {
    const receiver = await startReceiver(status(200), { key, cert });
    expect(await post(url(receiver, host), { allow, resolve, ...trust })).toEqual({ failed: 'tls', status: null });
    expect(receiver.received).toEqual([]);
  });

  test('not with a server that does not speak it', async () => {
    const receiver = await startReceiver(status(200));
    expect(await post(url(receiver, 'receiver.example.com'), { allow, resolve })).toEqual({
      failed: 'tls',
      status: null,
    });
  });
});

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'duban-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = ['-subj', '/CN=receiver.example.com', '-addext', 'subjectAltName=DNS:receiver.example.com'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
