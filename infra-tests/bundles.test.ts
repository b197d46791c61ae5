import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildAll, FUNCTIONS, type FunctionName } from '../scripts/build/functions.ts';
import { type Properties, synthesise } from './synth.ts';

const run = promisify(execFile);
/** A request as the gateway hands it over. */
const HEALTH = {
  version: '2.0',
  routeKey: 'GET /healthz',
  rawPath: '/healthz',
  rawQueryString: '',
  headers: { host: 'api.example' },
  requestContext: {
    http: { method: 'GET', path: '/healthz', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    domainName: 'api.example',
    stage: '$default',
    requestId: 'JKJaXmPLvHcESHA=',
  },
  isBase64Encoded: false,
};
/** Our variables, as AWS's own are the runtime's business. */
const OURS = /^DUBAN_/;

let folder: string;
let built: ReadonlyMap<FunctionName, BuiltFunction>;
const deployed = new Map<string, Properties>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'duban-bundles-'));
  built = await buildAll(folder);
  const prod = await synthesise('prod', 'cn-north-1');
  for (const properties of prod.properties('AWS::Lambda::Function')) deployed.set(properties.FunctionName, properties);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The values of a template, with what CloudFormation fills in filled in: addresses of queues, ARNs of secrets. */
function environmentOf(name: FunctionName): Record<string, string> {
  const variables: Record<string, unknown> = deployed.get(`prod-duban-${name}`)?.Environment.Variables;
  return Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : key.endsWith('_SECRET') ? `arn:filled-in:${key}` : `https://filled.in/${key}`,
    ]),
  );
}

/** Starts a bundle as Lambda would, and answers which of our variables it read, or why it did not start. */
async function start(name: FunctionName, environment: Record<string, string>) {
  const bundle = pathToFileURL(join(folder, name, 'index.mjs')).href;
  const code = `
    const read = new Set();
    process.env = new Proxy(process.env, { get: (env, key) => (read.add(key), Reflect.get(env, key)) });
    import(${JSON.stringify(bundle)}).then(
      ({ handler }) => console.log(JSON.stringify({ handler: typeof handler, read: [...read] })),
      ({ message }) => console.log(JSON.stringify({ fault: message })),
    );`;
  const env = { PATH: process.env.PATH, AWS_REGION: 'cn-north-1', ...environment };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { env, timeout: 30_000 });
  return JSON.parse(stdout) as { handler?: string; read?: readonly string[]; fault?: string };
}

describe.each(FUNCTIONS)('the function %s', (name) => {
  it('holds no route and no source of a desk’s, and keeps within its budget', () => {
    expect(built.get(name)?.faults).toEqual([]);
    expect(built.get(name)?.sizes.startBytes).toBeGreaterThan(50_000);
  });

  it('is deployed with the file and the name that its bundle has', () => {
    expect(deployed.get(`prod-duban-${name}`)).toMatchObject({ Handler: 'index.handler', Runtime: 'nodejs22.x' });
    expect(statSync(join(folder, name, 'index.mjs')).isFile()).toBe(true);
  });

  it('reads exactly the variables it is deployed with', async () => {
    const environment = environmentOf(name);
    const { handler, read = [], fault } = await start(name, environment);
    expect(fault).toBeUndefined();
    expect(handler).toBe('function');
    const own = [...read].filter((key) => OURS.test(key)).sort();
    expect(own).toEqual(Object.keys(environment).sort());
  });

  it('names the one that is missing, and does not start without it', async () => {
    const environment = environmentOf(name);
    for (const key of Object.keys(environment).filter((each) => each !== 'DUBAN_BOOTSTRAP_ADMINS')) {
      const { [key]: _, ...without } = environment;
      expect((await start(name, without)).fault).toContain(key);
    }
  });
});

describe('the bundle of the API', () => {
  it('has the files of its documentation page with it', () => {
    const files = readdirSync(join(folder, 'api', 'node_modules', 'swagger-ui-dist'));
    expect(files.sort()).toEqual(['swagger-ui-bundle.js', 'swagger-ui.css']);
  });

  it('says which commit it is', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const code = `const { handler } = await import(${JSON.stringify(pathToFileURL(join(folder, 'api', 'index.mjs')).href)});
      const { body } = await handler(${JSON.stringify(HEALTH)});
      console.log('answer ' + body);`;
    const env = { PATH: process.env.PATH, AWS_REGION: 'cn-north-1', ...environmentOf('api') };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { env });
    expect(JSON.parse(/^answer (.*)$/m.exec(stdout)?.[1] ?? '{}').version.split('+')[0]).toBe(version);
    // Its log speaks of the request as the access log does.
    expect(stdout).toContain('"correlationId":"JKJaXmPLvHcESHA"');
  });

  it('speaks Chinese', () => {
    const chunks = readdirSync(join(folder, 'api', 'chunks')).filter((file) => file.endsWith('.mjs'));
    const text = chunks.map((file) => readFileSync(join(folder, 'api', 'chunks', file), 'utf8')).join();
    expect(text).toContain('请先登录');
  });
});
