import { createHmac } from 'node:crypto';
import {
  base64url,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';

const ISSUER = 'https://login.example';
const MINE = await generateKeyPair('ES256', { extractable: true });
const RSA = await generateKeyPair('RS256', { extractable: true });
const STRANGE = await generateKeyPair('ES256', { extractable: true });
const published = { ...(await exportJWK(MINE.publicKey)), kid: 'k1', alg: 'ES256' };
const publishedRsa = { ...(await exportJWK(RSA.publicKey)), kid: 'r1' };
const strange = { ...(await exportJWK(STRANGE.publicKey)), kid: 'strange', alg: 'ES256' };

const seconds = () => Math.floor(Date.now() / 1_000);
const claims = (differs: object = {}): JWTPayload => ({
  ...{ iss: ISSUER, aud: 'duban', sub: 'zhang-jinying', exp: seconds() + 600 },
  ...differs,
});
const part = (value: unknown) => base64url.encode(JSON.stringify(value));
type Key = Parameters<SignJWT['sign']>[0];
const signed = (differs: object = {}, header: Partial<JWTHeaderParameters> = {}, key: Key = MINE.privateKey) =>
  new SignJWT(claims(differs)).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
/** As an attacker signs who takes the public key for a shared secret. */
const withPublicKeyAs = (secret: string | Uint8Array, kid = 'k1', alg = 'HS256') => {
  const text = `${part({ alg, kid })}.${part(claims())}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const unsigned = (header: object, signature = '') => `${part(header)}.${part(claims())}.${signature}`;
const altered = async (change: (parts: string[]) => string[]) => change((await signed()).split('.')).join('.');

/** What is wrong · the token. */
const CASES: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['HS256 with the public key in PEM', async () => withPublicKeyAs(await exportSPKI(MINE.publicKey))],
  ['HS256 with the RSA key in PEM', async () => withPublicKeyAs(await exportSPKI(RSA.publicKey), 'r1')],
  ['HS256 with the published JWK', () => withPublicKeyAs(JSON.stringify(published))],
  ['HS256 with the key’s coordinate', () => withPublicKeyAs(base64url.decode(published.x ?? ''))],
  ['HS256 with nothing', () => withPublicKeyAs('')],
  ['hs256 in small letters', () => withPublicKeyAs('', 'k1', 'hs256')],
  ['alg none in several spellings', () => unsigned({ alg: 'nOnE', kid: 'k1' }, 'c2ln')],
  ['no alg', () => unsigned({ kid: 'k1' }, 'c2ln')],
  ['alg as a list', () => unsigned({ alg: ['ES256'], kid: 'k1' }, 'c2ln')],
  ['a signature of zeros', () => unsigned({ alg: 'ES256', kid: 'k1' }, base64url.encode(new Uint8Array(64)))],
  ['a signature of another form', () => unsigned({ alg: 'ES256', kid: 'k1' }, base64url.encode(new Uint8Array(70)))],
  ['RS256 under the kid of a curve', () => signed({}, { alg: 'RS256', kid: 'k1' }, RSA.privateKey)],
  ['ES256 under the kid of the RSA key', () => signed({}, { kid: 'r1' })],
  ['a kid nobody published', () => signed({}, { kid: 'k2' })],
  ['a kid that climbs', () => signed({}, { kid: '../../k1' })],
  ['a kid that is a prototype', () => signed({}, { kid: '__proto__' })],
  ['the kid of another issuer’s key', () => signed({}, { kid: 'strange' }, STRANGE.privateKey)],
  ['another issuer’s key under our kid', () => signed({}, {}, STRANGE.privateKey)],
  ['a key it brings itself', () => signed({}, { kid: 'strange', jwk: strange }, STRANGE.privateKey)],
  [
    'an address for keys it brings',
    () => signed({}, { kid: 'strange', jku: 'https://evil.example' }, STRANGE.privateKey),
  ],
  ['a certificate it brings', () => signed({}, { kid: 'strange', x5c: ['MIIB'] }, STRANGE.privateKey)],
  ['an extension it calls critical', () => unsigned({ alg: 'ES256', kid: 'k1', crit: ['exp'], exp: 1 }, 'c2ln')],
  ['an encrypted token', () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.c2VhbGVk.aXY.dGV4dA.dGFn`],
  [
    'claims changed after signing',
    () => altered(([head = '', , sig = '']) => [head, part(claims({ sub: 'root-admin' })), sig]),
  ],
  ['no signature', () => altered(([head = '', body = '']) => [head, body, ''])],
  ['two tokens in one', () => altered((parts) => [...parts, ...parts])],
  ['expired a minute ago', () => signed({ exp: seconds() - 60 })],
  ['without end', () => signed({ exp: undefined })],
  [
    'its end in words',
    async () => altered(([head = '', , sig = '']) => [head, part({ ...claims(), exp: 'never' }), sig]),
  ],
  ['not yet valid', () => signed({ nbf: seconds() + 600 })],
  ['another issuer', () => signed({ iss: 'https://evil.example' })],
  ['the issuer with a slash more', () => signed({ iss: `${ISSUER}/` })],
  ['the issuer among others', () => signed({ iss: [ISSUER, 'https://evil.example'] })],
  ['no issuer', () => signed({ iss: undefined })],
  ['another audience', () => signed({ aud: 'other' })],
  ['an audience that begins alike', () => signed({ aud: 'duban-test' })],
  ['no audience', () => signed({ aud: undefined })],
  ['no subject', () => signed({ sub: undefined })],
  ['an empty subject', () => signed({ sub: '' })],
  ['a number for a subject', () => signed({ sub: 7 })],
  ['a list for a subject', () => signed({ sub: ['zhang-jinying'] })],
  ['the system itself', () => signed({ sub: 'system:import' })],
  ['a subject with a path', () => signed({ sub: 'zhang-jinying/../root-admin' })],
  ['a subject with a line end', () => signed({ sub: 'zhang-jinying\nroot-admin' })],
  ['a jurisdiction with a path', () => signed({ jurisdiction: '433122/../433123' })],
  ['a list for a jurisdiction', () => signed({ jurisdiction: ['433122'] })],
  ['no jurisdiction, said', () => signed({ jurisdiction: null })],
  ['an empty jurisdiction', () => signed({ jurisdiction: '' })],
];

describe('a token that is not the county’s', () => {
  const logged: string[] = [];
  let app: ReturnType<typeof createApp>;
  beforeAll(() => {
    const log = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
    // Whatever got past the token would end in 500: there is nothing behind it.
    app = createApp({
      deps: { load: () => Promise.reject(new Error('It got in.')), log: { info: log, warn: log, error: log } },
      auth: { issuer: ISSUER, audience: 'duban', keys: createLocalJWKSet({ keys: [published, publishedRsa] }) },
      bootstrapAdmins: ['root-admin'],
      defaultJurisdiction: '433122',
    });
  });
  const ask = async (authorization: string) => {
    const answer = await app.request('/v1/units', { headers: { authorization } });
    const { instance: _, ...body } = (await answer.json()) as { instance: string };
    return { status: answer.status, challenge: answer.headers.get('www-authenticate') ?? '', body };
  };

  it('the county’s own gets in', async () => {
    expect((await ask(`Bearer ${await signed()}`)).status).toBe(500);
    expect((await ask(`Bearer ${await signed({ aud: ['other', 'duban'] })}`)).status).toBe(500);
    expect((await ask(`Bearer ${await signed({}, { alg: 'RS256', kid: 'r1' }, RSA.privateKey)}`)).status).toBe(500);
  });

  it.each(CASES)('is refused without a reason: %s', async (_what, make) => {
    const token = await make();
    const refused = await ask(`Bearer ${token}`);
    const garbage = await ask('Bearer a.b.c');
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual(garbage.body);
    // A form no token has is not looked at; everything else is called the same.
    expect(['Bearer', garbage.challenge]).toContain(refused.challenge);
    expect(logged.join()).not.toContain(token.split('.')[1]);
  });

  it.each([
    '',
    'Bearer',
    'Bearer  ',
    'bearer a.b',
    'Basic YTpi',
    'Token a.b.c',
    'Bearer a.b.c, Bearer a.b.c',
    'Bearer a b.c.d',
  ])('nor in another form: “%s”', async (authorization) => {
    expect(await ask(authorization)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('nor from anywhere but the header', async () => {
    const token = await signed();
    for (const [path, headers] of [
      [`/v1/units?access_token=${token}`, {}],
      [`/v1/units?key=${token}`, {}],
      ['/v1/units', { cookie: `token=${token}` }],
      ['/v1/units', { 'x-authorization': `Bearer ${token}` }],
      ['/v1/units', { 'proxy-authorization': `Bearer ${token}` }],
    ] as const) {
      expect((await app.request(path, { headers })).status, path).toBe(401);
    }
  });
});
