import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Account } from './account.ts';
import { startIssuer, type TestIssuer } from './issuer.ts';
import { type LocalAws, REGION, startLocalAws } from './local-aws.ts';

const run = promisify(execFile);
/** Somebody's own stage: what it holds may be thrown away. */
export const STAGE = 'test';

const given = z
  .object({
    packages: z.string(),
    work: z.string(),
    certificate: z.object({ cert: z.string(), key: z.string() }),
  })
  .parse(JSON.parse(process.env.DUBAN_TEST_AWS ?? '{}'));

const outputs = z.record(z.string(), z.record(z.string(), z.string()));

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Deployment {
  readonly issuer: TestIssuer;
  readonly account: Account;
  /** @param person who asks, or a whole token; null for nobody */
  call<T>(
    person: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  send(token: string | null, path: string, request?: RequestInit): Promise<Response>;
  /** Runs `npm run duban -- --stage …` against it. */
  duban(...words: string[]): Promise<string>;
  remove(): Promise<string>;
  stop(): Promise<void>;
}

/** Deploys by the command that deploys for real, to an AWS on this machine. */
export async function deploy(): Promise<Deployment> {
  const aws = await startLocalAws(given.packages, given.work, given.certificate);
  const issuer = await startIssuer();
  const environment = environmentOf(aws, issuer);
  const sst = async (...words: string[]): Promise<string> => {
    const args = ['node_modules/sst/cli/sst.js', ...words, '--stage', STAGE];
    const { stdout } = await run(process.execPath, args, { env: environment, timeout: 150_000 });
    return stdout;
  };
  await sst('deploy');
  const account = new Account(aws.endpoint, STAGE);
  await account.allowBatches();
  const deployed = outputs.parse(JSON.parse(readFileSync('.sst/outputs.json', 'utf8')));
  const address = new URL(deployed[`${STAGE}-duban-api`]?.Url ?? '').hostname.split('.')[0];
  const url = `${aws.endpoint}/_aws/execute-api/${address}/$default`;
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (person: string): Promise<string> => {
    const token = tokens.get(person) ?? issuer.token(person);
    tokens.set(person, token);
    return token;
  };
  return {
    issuer,
    account,
    call: async <T>(
      person: string | null,
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          'content-type': 'application/json',
          ...headers,
          ...(person === null ? {} : { authorization: `Bearer ${await tokenOf(person)}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as T };
    },
    send: (token, path, request = {}) => {
      const headers = new Headers(request.headers);
      if (token !== null) headers.set('authorization', `Bearer ${token}`);
      return fetch(url + path, { ...request, headers });
    },
    duban: async (...words) => {
      const args = ['packages/local-cloud/src/cli.ts', '--stage', STAGE, ...words];
      return (await run(process.execPath, args, { env: environment, timeout: 120_000 })).stdout;
    },
    remove: () => sst('remove'),
    stop: async () => {
      account.close();
      issuer.stop();
      await aws.stop();
    },
  };
}

function environmentOf({ endpoint }: LocalAws, issuer: TestIssuer): Record<string, string> {
  return {
    PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter),
    HOME: given.work,
    CI: '1',
    NODE_EXTRA_CA_CERTS: given.certificate.cert,
    SST_TELEMETRY_DISABLED: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    DUBAN_ISSUER: issuer.url,
    DUBAN_AUDIENCE: issuer.audience,
    DUBAN_JWKS_URL: `${issuer.url}/jwks`,
    DUBAN_DEFAULT_JURISDICTION: '433122',
    DUBAN_BOOTSTRAP_ADMINS: 'first-admin',
  };
}
