import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { z } from 'zod';

export const AUDIENCE = 'duban';
/** Subject of the administrator the local cloud knows before anybody holds a post. */
export const LOCAL_ADMIN = 'local-admin';

const KEY_ID = 'local-1';
const ALGORITHM = 'ES256';
const LIFETIME = '12h';

const storedKey = z.object({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string(), d: z.string() });

/** Stands in for the county's identity provider: issues tokens to whoever asks, and publishes its key. */
export interface Issuer {
  readonly issuer: string;
  readonly publicKeys: JSONWebKeySet;
  /** The private key as JSON, to be kept where only its owner reads it. */
  readonly privateKey: string;
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  /** Valid for twelve hours of real time, whatever the virtual clock says. */
  token(subject: string): Promise<string>;
}

/** @param kept the private key of an earlier start, so that its tokens go on being good */
export async function createIssuer(issuer: string, kept: string | null = null): Promise<Issuer> {
  const jwk: JWK = kept === null ? await freshKey() : storedKey.parse(JSON.parse(kept));
  const key = await importJWK(jwk, ALGORITHM);
  const { d: _secret, ...open } = jwk;
  const publicKeys: JSONWebKeySet = { keys: [{ ...open, kid: KEY_ID, alg: ALGORITHM, use: 'sig' }] };
  return {
    issuer,
    publicKeys,
    privateKey: JSON.stringify(jwk),
    keys: createLocalJWKSet(publicKeys),
    token: (subject) =>
      new SignJWT({})
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(LIFETIME)
        .sign(key),
  };
}

async function freshKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return exportJWK(privateKey);
}
