import { importBundle } from '@duban/application';
import { createApp } from '@duban/http-api';
import { createTestSystem, type TestSystem } from '../system.ts';
import { AUDIENCE, createTokens, ISSUER, type Tokens } from './tokens.ts';
import { HERE, PEOPLE, THERE, type Who, worldBundle } from './world-bundle.ts';
import { type WriteWatch, watchWrites } from './write-watch.ts';

export const BEGINS = '2023-05-15T08:30:00+08:00';
const MARKS: Readonly<Record<string, string>> = { [HERE]: '本', [THERE]: '邻' };

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** What the request wrote; see {@link WriteWatch}. */
  readonly written: readonly string[];
}

/** Two counties of one deployment, reached through HTTP by whoever may and may not. */
export interface World {
  readonly system: TestSystem;
  readonly watch: WriteWatch;
  readonly tokens: Tokens;
  readonly app: ReturnType<typeof createApp>;
  /** A bearer's header of a person of a county. */
  as(who: Who, jurisdiction?: string): Promise<Record<string, string>>;
  ask(asked: Asked): Promise<Answered>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const system = await createTestSystem({ now: Date.parse(BEGINS) });
  const tokens = await createTokens();
  for (const jurisdiction of [HERE, THERE]) {
    const actor = { person: PEOPLE.admin, bootstrapAdmin: true };
    const caller = { jurisdiction, actor, correlationId: 'hostile-seed' };
    const bundle = worldBundle(jurisdiction, MARKS[jurisdiction] ?? '');
    const options = { dryRun: false, idempotency: null, wait: true };
    const { problems } = await importBundle(system.deps, caller, bundle, options);
    if (problems.length > 0) throw new Error(`The county could not be imported: ${JSON.stringify(problems[0])}`);
  }
  await system.settle();
  const watch = watchWrites(system.deps);
  const app = createApp({
    deps: { ...system.deps, store: watch.store, wakeQueue: watch.wakeQueue },
    auth: { issuer: ISSUER, audience: AUDIENCE, keys: tokens.keys },
    bootstrapAdmins: [],
    defaultJurisdiction: HERE,
    notFoundBeatMs: 0,
  });
  const signed = new Map<string, Promise<string>>();
  const tokenOf = (who: Who, jurisdiction: string) => {
    const name = `${who}@${jurisdiction}`;
    const token = signed.get(name) ?? tokens.sign({ sub: PEOPLE[who], jurisdiction });
    signed.set(name, token);
    return token;
  };
  return {
    ...{ system, watch, tokens, app },
    as: async (who, jurisdiction = HERE) => ({ authorization: `Bearer ${await tokenOf(who, jurisdiction)}` }),
    ask: async ({ method, path, body, headers = {} }) => {
      const { result, written } = await watch.during(async () => {
        const response = await app.request(path, { method, headers: headersOf(body, headers), ...bodyOf(body) });
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { status: response.status, headers: response.headers, bytes };
      });
      return { ...result, text: new TextDecoder().decode(result.bytes), written };
    },
    close: () => system.close(),
  };
}

function headersOf(body: unknown, given: Readonly<Record<string, string>>): Record<string, string> {
  return { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...given };
}

function bodyOf(body: unknown): Pick<RequestInit, 'body'> {
  if (body === undefined) return {};
  return { body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) };
}

/** The answer's JSON. @throws Error unless it is of that status */
export function expectJson<T>(asked: Asked, answered: Answered, status: number): T {
  if (answered.status !== status) throw new Error(`${asked.path} answered ${answered.status}: ${answered.text}`);
  return JSON.parse(answered.text) as T;
}
