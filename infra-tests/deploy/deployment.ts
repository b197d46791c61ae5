import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Account } from './account.ts';
import { startIssuer, type TestIssuer } from './issuer.ts';
import { type LocalAws, REGION, startLocalAws } from './local-aws.ts';

const run = promisify(execFile);

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

/** A stage that has been deployed, as its users and its engineer reach it. */
export interface Stage {
  readonly account: Account;
  /** @param person who asks; null for nobody */
  call<T>(
    person: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  send(token: string | null, path: string, request?: RequestInit): Promise<Response>;
  /** Takes all of it away. */
  remove(): Promise<void>;
}

/** An account of an AWS on this machine, and what an engineer has in hand. */
export interface Desk {
  readonly issuer: TestIssuer;
  /** By the command that deploys for real. */
  deploy(stage: string): Promise<Stage>;
  /** Some stacks of a stage alone. */
  deployOnly(stage: string, stacks: string): Promise<void>;
  /** What a stage has in its account, before all of it is there. */
  account(stage: string): Account;
  /** Runs `npm run duban -- --stage …`. */
  duban(stage: string, ...words: string[]): Promise<string>;
  /** A path for a file that goes with everything else. */
  file(name: string): string;
  stop(): Promise<void>;
}

export async function startDesk(): Promise<Desk> {
  const aws = await startLocalAws(given.packages, given.work, given.certificate);
  const issuer = await startIssuer();
  const env = environmentOf(aws, issuer);
  const sst = async (...words: string[]): Promise<void> => {
    await run(process.execPath, ['node_modules/sst/cli/sst.js', ...words], { env, timeout: 150_000 });
  };
  const accounts: Account[] = [];
  const accountOf = (stage: string): Account => {
    const account = new Account(aws.endpoint, stage);
    accounts.push(account);
    return account;
  };
  return {
    issuer,
    deploy: async (stage) => {
      await sst('deploy', '--stage', stage);
      const account = accountOf(stage);
      await account.allowBatches();
      return { account, ...reach(addressOf(aws, stage), issuer), remove: () => sst('remove', '--stage', stage) };
    },
    account: accountOf,
    deployOnly: (stage, stacks) => sst('deploy', stacks, '--stage', stage),
    duban: async (stage, ...words) => {
      const args = ['packages/local-cloud/src/cli.ts', '--stage', stage, ...words];
      const { error, said } = await heard(run(process.execPath, args, { env, timeout: 120_000 }));
      if (error) throw new Error(said);
      return said;
    },
    file: (name) => join(given.work, name),
    stop: async () => {
      for (const account of accounts) account.close();
      issuer.stop();
      await aws.stop();
    },
  };
}

/** All that a process said, whether it went well or not. */
async function heard(ran: Promise<Output>): Promise<{ readonly error: boolean; readonly said: string }> {
  const said = ({ stdout, stderr }: Output): string => stdout + stderr;
  return ran.then(
    (output) => ({ error: false, said: said(output) }),
    (thrown: Output) => ({ error: true, said: said(thrown) }),
  );
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the emulator answers for the API of the stage that was deployed last. */
function addressOf({ endpoint }: LocalAws, stage: string): string {
  const deployed = outputs.parse(JSON.parse(readFileSync('.sst/outputs.json', 'utf8')));
  const id = new URL(deployed[`${stage}-duban-api`]?.Url ?? '').hostname.split('.')[0];
  return `${endpoint}/_aws/execute-api/${id}/$default`;
}

function reach(url: string, issuer: TestIssuer): Pick<Stage, 'call' | 'send'> {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (person: string): Promise<string> => {
    const token = tokens.get(person) ?? issuer.token(person);
    tokens.set(person, token);
    return token;
  };
  const send: Stage['send'] = (token, path, request = {}) => {
    const headers = new Headers(request.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    return fetch(url + path, { ...request, headers });
  };
  return {
    send,
    call: async <T>(
      person: string | null,
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const response = await send(person === null ? null : await tokenOf(person), path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as T };
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
