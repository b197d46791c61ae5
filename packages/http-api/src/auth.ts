import { randomUUID } from 'node:crypto';
import type { Caller } from '@duban/application';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { HttpProblem } from './problems.ts';

export interface AuthOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's keys, e.g. jose's `createRemoteJWKSet`. */
  readonly keys: JWTVerifyGetKey;
  /** RS256, PS256, ES256 and EdDSA by default; symmetric ones and `none` are never taken. */
  readonly algorithms?: readonly string[];
  /** The clock tokens are checked against; real time, whatever the virtual clock says. */
  readonly now?: () => Date;
}

const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/** A slash would let one person's idempotency keys run into another's; a colon is for `system:` alone. */
const PERSON = /^[A-Za-z0-9][A-Za-z0-9._@|-]{0,127}$/;
const JURISDICTION = /^[A-Za-z0-9-]{1,64}$/;
const CORRELATION = /^[A-Za-z0-9_-]{8,64}$/;

export interface CallerOptions {
  readonly auth: AuthOptions;
  readonly bootstrapAdmins: readonly string[];
  readonly defaultJurisdiction: string;
}

export function correlationIdOf(request: Request): string {
  const given = request.headers.get('x-correlation-id') ?? '';
  return CORRELATION.test(given) ? given : randomUUID();
}

/** Who asks, from the bearer token alone: which posts the person holds is the structure's to say. */
export async function authenticate(request: Request, options: CallerOptions, correlationId: string): Promise<Caller> {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined) throw unauthenticated('Bearer');
  const { sub, jurisdiction } = await verify(token, options.auth);
  const person = typeof sub === 'string' && PERSON.test(sub) ? sub : null;
  const code = jurisdiction === undefined ? options.defaultJurisdiction : jurisdiction;
  if (person === null || typeof code !== 'string' || !JURISDICTION.test(code)) throw unauthenticated(INVALID);
  return {
    jurisdiction: code,
    actor: { person, bootstrapAdmin: options.bootstrapAdmins.includes(person) },
    correlationId,
  };
}

const INVALID = 'Bearer error="invalid_token"';

async function verify(token: string, auth: AuthOptions): Promise<JWTPayload> {
  const { jwtVerify, errors } = await import('jose');
  // The issuer being out of reach is not the caller's fault and must not look like it.
  let outage: Error | null = null;
  const keys: JWTVerifyGetKey = async (header, input) => {
    try {
      return await auth.keys(header, input);
    } catch (thrown) {
      const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported } = errors;
      const unknownKey = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported].some(
        (kind) => thrown instanceof kind,
      );
      if (!unknownKey) outage = thrown instanceof Error ? thrown : new Error('The issuer’s keys could not be read.');
      throw thrown;
    }
  };
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: auth.issuer,
      audience: auth.audience,
      algorithms: (auth.algorithms ?? ASYMMETRIC).filter((name) => !/^(?:none|hs)/i.test(name)),
      requiredClaims: ['sub', 'exp'],
      ...(auth.now === undefined ? {} : { currentDate: auth.now() }),
    });
    return payload;
  } catch {
    throw outage ?? unauthenticated(INVALID);
  }
}

function unauthenticated(challenge: string): HttpProblem {
  return new HttpProblem(
    'unauthenticated',
    {
      zh: '请在 Authorization 中提供有效的 Bearer 令牌。',
      en: 'Send a valid bearer token in Authorization.',
    },
    [],
    { 'www-authenticate': challenge },
  );
}
