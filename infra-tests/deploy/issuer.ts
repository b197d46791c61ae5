import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** API Gateway takes RSA keys alone. */
const ALGORITHM = 'RS256';
const AUDIENCE = 'duban';

export interface TokenOptions {
  readonly audience?: string;
  readonly issuer?: string;
  /** Signed with a key that the issuer never published. */
  readonly forged?: boolean;
  readonly expired?: boolean;
}

export interface TestIssuer {
  readonly url: string;
  readonly audience: string;
  token(person: string, options?: TokenOptions): Promise<string>;
  stop(): void;
}

/** Stands for the county's identity provider: publishes its key on a real socket. */
export async function startIssuer(): Promise<TestIssuer> {
  const [real, foreign] = await Promise.all([1, 2].map(() => generateKeyPair(ALGORITHM, { extractable: true })));
  if (real === undefined || foreign === undefined) throw new Error('No keys.');
  const keys = { keys: [{ ...(await exportJWK(real.publicKey)), kid: 'test', alg: ALGORITHM, use: 'sig' }] };
  let url = '';
  const server = createServer(({ url: path }, answer) => {
    const body = path?.includes('openid-configuration') ? { issuer: url, jwks_uri: `${url}/jwks` } : keys;
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience: AUDIENCE,
    token: (person, { audience = AUDIENCE, issuer = url, forged = false, expired = false } = {}) =>
      new SignJWT({})
        .setProtectedHeader({ alg: ALGORITHM, kid: 'test' })
        .setSubject(person)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(Date.now() / 1000) - 600)
        .setExpirationTime(expired ? Math.floor(Date.now() / 1000) - 60 : '1h')
        .sign(forged ? foreign.privateKey : real.privateKey),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
