import { once } from '@duban/application/once';
import { createApp } from '@duban/http-api';
import { handle, type LambdaContext } from 'hono/aws-lambda';
import { correlated, type GatewayEvent } from './correlate.ts';
import { LEDGER, SEALED, settings, TEXT, URL_FORM, VIEWS, WAKES } from './env.ts';
import { log } from './log.ts';

const env = settings({
  ...LEDGER,
  ...VIEWS,
  ...WAKES,
  ...SEALED,
  DUBAN_ISSUER: URL_FORM,
  DUBAN_AUDIENCE: TEXT,
  DUBAN_JWKS_URL: URL_FORM,
  DUBAN_DEFAULT_JURISDICTION: /^\d{6}$/,
  // Separated by commas; nobody once the structure names its own.
  DUBAN_BOOTSTRAP_ADMINS: /^.*$/,
});

// The SDK, the schemas and the key set are two thirds of a cold start: they come with the first request that needs them.
const keys = once(async () => (await import('jose')).createRemoteJWKSet(new URL(env.DUBAN_JWKS_URL)));
const deps = once(async () => {
  const { compose, composeSealer } = await import('./compose.ts');
  return compose(env, composeSealer(env));
});

const app = createApp({
  deps: { load: deps, log },
  auth: {
    issuer: env.DUBAN_ISSUER,
    audience: env.DUBAN_AUDIENCE,
    keys: async (header, input) => (await keys())(header, input),
  },
  bootstrapAdmins: env.DUBAN_BOOTSTRAP_ADMINS.split(',').filter((subject) => subject !== ''),
  defaultJurisdiction: env.DUBAN_DEFAULT_JURISDICTION,
  // Written in when the bundle is built.
  serviceVersion: process.env.DUBAN_VERSION ?? 'dev',
});

const answer = handle(app);

/** The HTTP API behind API Gateway. */
export const handler = (event: GatewayEvent, context?: LambdaContext) => answer(correlated(event), context);
