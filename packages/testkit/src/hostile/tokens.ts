import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const ISSUER = 'https://login.hostile.test';
export const AUDIENCE = 'duban';
const KEY_ID = 'k1';
const ALGORITHM = 'ES256';
const TEN_MINUTES = 600;

/** An identity provider whose tokens can be made to say anything, wrong things too. */
export interface Tokens {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  /** Sound but for what differs; a claim of `undefined` is left out. */
  sign(differs?: JWTPayload, options?: { readonly kid?: string; readonly typ?: string }): Promise<string>;
  /** The same claims under a key the provider never published. */
  signWith(key: Parameters<SignJWT['sign']>[0], alg: string, differs?: JWTPayload, kid?: string): Promise<string>;
  /** The published key, as an attacker reads it. */
  readonly publicKey: Parameters<typeof exportJWK>[0];
}

export async function createTokens(): Promise<Tokens> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };
  const claims = (differs: JWTPayload) => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: ISSUER, aud: AUDIENCE, sub: 'nobody', iat: now, exp: now + TEN_MINUTES, ...differs };
  };
  const sign: Tokens['signWith'] = (key, alg, differs = {}, kid = KEY_ID) =>
    new SignJWT(claims(differs)).setProtectedHeader({ alg, kid }).sign(key);
  return {
    keys: createLocalJWKSet({ keys: [jwk] }),
    publicKey,
    signWith: sign,
    sign: (differs = {}, { kid = KEY_ID, typ } = {}) =>
      new SignJWT(claims(differs))
        .setProtectedHeader({ alg: ALGORITHM, kid, ...(typ === undefined ? {} : { typ }) })
        .sign(privateKey),
  };
}
