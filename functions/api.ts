import { createApp } from '@duban/http-api';
import { handle } from 'hono/aws-lambda';
import { createRemoteJWKSet } from 'jose';
import { compose } from './compose.ts';
import { apiEnv } from './env.ts';

const env = apiEnv();

const app = createApp({
  deps: compose(),
  auth: {
    issuer: env.DUBAN_ISSUER,
    audience: env.DUBAN_AUDIENCE,
    keys: createRemoteJWKSet(new URL(env.DUBAN_JWKS_URL)),
  },
  bootstrapAdmins: env.DUBAN_BOOTSTRAP_ADMINS.split(',').filter((subject) => subject !== ''),
  defaultJurisdiction: env.DUBAN_DEFAULT_JURISDICTION,
});

/** The HTTP API behind API Gateway. */
export const handler = handle(app);
