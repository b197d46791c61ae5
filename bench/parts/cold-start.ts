import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { bundleFunction } from '../../scripts/build/bundle.ts';
import { sizesOf } from '../../scripts/build/sizes.ts';
import { type BareCloud, importCounty, startBareCloud } from '../lib/bare-cloud.ts';
import { say } from '../lib/progress.ts';
import { median, round } from '../lib/statistics.ts';
import { JURISDICTION, OFFICE_POST } from '../lib/tasks.ts';

export interface ColdStartFigure {
  /** `import()` of the bundled API handler, median. */
  readonly bundleMs: number;
  /** `import()` of a handler that answers 200 and no more. */
  readonly helloMs: number;
  readonly ratio: number;
  /** Read before the handler can answer. */
  readonly bundleKb: number;
  /** With all that is loaded when asked for. */
  readonly allKb: number;
  /** From the beginning of the import to the answer of GET /healthz. */
  readonly healthMs: number;
  /** From the beginning of the import to the answer of the first authenticated request: keys fetched, structure loaded. */
  readonly firstRequestMs: number;
  /** The same of a read of the task list. */
  readonly firstListMs: number;
}

const RUNS = 21;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'duban';
const PREFIX = 'cold-';

/** Start-up time of the API handler's bundle beside a handler that does nothing, each in processes of their own. */
export async function measureColdStart(): Promise<ColdStartFigure> {
  const folder = mkdtempSync(join(tmpdir(), 'duban-bench-'));
  const cloud = await startBareCloud(PREFIX);
  const issuer = await startIssuer();
  try {
    await importCounty(cloud.deps, { tasks: true });
    const bundle = await bundleFunction('api', 'functions/api.ts', join(folder, 'api'));
    const hello = join(folder, 'hello.mjs');
    writeFileSync(hello, 'export const handler = async () => ({ statusCode: 200 });\n');
    const api = join(folder, 'api', 'index.mjs');
    const env = environment(cloud, issuer.url);
    const token = await issuer.token(await officeDirector(cloud));
    const ask = (path: string) => ({ file: api, env, event: requestOf(path, token) });
    const times = await inTurns({
      hello: { file: hello, env, event: null },
      bundle: { file: api, env, event: null },
      health: ask('/healthz'),
      firstRequest: ask('/v1/dashboard?plan=luxi-2023-anquan'),
      firstList: ask('/v1/tasks'),
    });
    const { startBytes, allBytes } = sizesOf(bundle);
    const ms = (name: string, key: 'importMs' | 'answeredMs'): number =>
      median((times.get(name) ?? []).map((time) => time[key]));
    return {
      bundleMs: round(ms('bundle', 'importMs'), 1),
      helloMs: round(ms('hello', 'importMs'), 1),
      ratio: round(ms('bundle', 'importMs') / ms('hello', 'importMs'), 1),
      bundleKb: round(startBytes / 1024),
      allKb: round(allBytes / 1024),
      healthMs: round(ms('health', 'answeredMs'), 1),
      firstRequestMs: round(ms('firstRequest', 'answeredMs'), 1),
      firstListMs: round(ms('firstList', 'answeredMs'), 1),
    };
  } finally {
    issuer.stop();
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Start {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly event: unknown;
}

interface Times {
  readonly importMs: number;
  readonly answeredMs: number;
}

/** One run of each after the other, round by round, so that a busy moment touches all of them; the first round warms the disk. */
async function inTurns(starts: Readonly<Record<string, Start>>): Promise<ReadonlyMap<string, readonly Times[]>> {
  const times = new Map<string, Times[]>(Object.keys(starts).map((name) => [name, []]));
  for (let run = 0; run <= RUNS; run += 1) {
    if (run % 7 === 0) say(`coldStart: round ${run} of ${RUNS}`);
    for (const [name, start] of Object.entries(starts)) {
      const measured = await runChild(start);
      if (run > 0) times.get(name)?.push(measured);
    }
  }
  return times;
}

async function runChild({ file, env, event }: Start): Promise<Times> {
  const child = fileURLToPath(new URL('../lib/cold-child.ts', import.meta.url));
  const args = [child, pathToFileURL(file).href, event === null ? '' : JSON.stringify(event)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
  const { importMs, answeredMs, statusCode } = JSON.parse(stdout) as Times & { statusCode: number | null };
  if (event !== null && statusCode !== 200) throw new Error(`A first request was answered with ${statusCode}.`);
  return { importMs, answeredMs };
}

function environment({ dynamoDb, tables }: BareCloud, issuer: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    DUBAN_LEDGER_TABLE: tables.ledger,
    DUBAN_VIEWS_TABLE: tables.views,
    DUBAN_WAKE_QUEUE_URL: 'https://sqs.example/queue',
    DUBAN_ISSUER: ISSUER,
    DUBAN_AUDIENCE: AUDIENCE,
    DUBAN_JWKS_URL: `${issuer}/jwks`,
    DUBAN_DEFAULT_JURISDICTION: JURISDICTION,
  };
}

async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] });
  const server = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(keys));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: (person: string) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
        .setSubject(person)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function officeDirector({ deps }: BareCloud): Promise<string> {
  const structure = await deps.structures.current(JURISDICTION);
  return structure.holder(OFFICE_POST, deps.clock.now())?.code ?? '';
}

/** A request as API Gateway's HTTP API hands it over. */
function requestOf(target: string, token: string): unknown {
  const { pathname, search, searchParams } = new URL(target, 'https://api.example');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    queryStringParameters: Object.fromEntries(searchParams),
    headers: { host: 'api.example', authorization: `Bearer ${token}` },
    requestContext: {
      http: { method: 'GET', path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      domainName: 'api.example',
      stage: '$default',
      requestId: 'bench',
    },
    isBase64Encoded: false,
  };
}
