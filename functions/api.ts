import { createApp } from '@duban/http-api';
import { handle } from 'hono/aws-lambda';
import { apiEnv } from './env.ts';
import { log } from './log.ts';
import { once } from './once.ts';

const env = apiEnv();

// The SDK, the schemas and the key set are two thirds of a cold start: they come with the first request that needs them.
const keys = once(async () => (await import('jose')).createRemoteJWKSet(new URL(env.DUBAN_JWKS_URL)));
const deps = once(async () => (await import('./compose.ts')).compose(env));

const app = createApp({
  deps: { load: deps, log },
  auth: {
    issuer: env.DUBAN_ISSUER,
    audience: env.DUBAN_AUDIENCE,
    keys: async (header, input) => (await keys())(header, input),
  },
  bootstrapAdmins: env.DUBAN_BOOTSTRAP_ADMINS.split(',').filter((subject) => subject !== ''),
  defaultJurisdiction: env.DUBAN_DEFAULT_JURISDICTION,
});

/** The HTTP API behind API Gateway. */
export const handler = handle(app);
