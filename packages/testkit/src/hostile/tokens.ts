import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const ISSUER = 'https://login.hostile.test';
export const AUDIENCE = 'duban';
const HEADER = { alg: 'ES256', kid: 'k1' };
const LIFETIME = '2h';

/** An identity provider that says of anybody which county they are of. */
export interface Tokens {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  sign(claims: JWTPayload): Promise<string>;
}

export async function createTokens(): Promise<Tokens> {
  const { publicKey, privateKey } = await generateKeyPair(HEADER.alg);
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), ...HEADER, use: 'sig' }] });
  const sign = (claims: JWTPayload) =>
    new SignJWT(claims)
      .setProtectedHeader(HEADER)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime(LIFETIME)
      .sign(privateKey);
  return { keys, sign };
}
