import type { Dependencies, Log } from '@duban/application';
import { type Context, Hono } from 'hono';
import { authenticate, type CallerOptions, correlationIdOf } from './auth.ts';
import { HttpProblem, languageOf, problemFor, problemResponse } from './problems.ts';
import { isLink, LINK_PATH, methodsOf, ROUTES } from './routes.ts';

/** Dependencies that are put together when a request first needs them. */
export interface LazyDependencies {
  /** Called for every request; must answer the same every time. */
  load(): Promise<Dependencies>;
  readonly log: Log;
}

/** Decides which requests are carried out now, later, or not at all. */
export interface Admission {
  /**
   * @param identify finds out who asks; callers share what there is
   * @throws HttpProblem 429 or 503 with `retry-after`, and nothing was carried out
   */
  carryOut<Who>(
    identify: () => Promise<Who>,
    nameOf: (who: Who) => string,
    work: (who: Who) => Promise<Response>,
  ): Promise<Response>;
}

/** For where somebody else has refused what is too much before it comes here: a gateway, one request at a time. */
const EVERYBODY: Admission = {
  carryOut: async (identify, _nameOf, work) => work(await identify()),
};

export interface AppOptions extends CallerOptions {
  readonly deps: Dependencies | LazyDependencies;
  /** Default: everybody is let in at once. Health and documentation are open whatever it says. */
  readonly admission?: Admission;
  readonly serviceVersion?: string;
  /**
   * A 404 of an operation leaves when the time since its request is a multiple of this (ms): whoever holds a stopwatch must
   * not learn whether there was something to load. 0: at once. Default {@link NOT_FOUND_BEAT_MS}.
   */
  readonly notFoundBeatMs?: number;
}

/** More than loading and judging one item takes. */
export const NOT_FOUND_BEAT_MS = 25;

type Environment = { Variables: { correlationId: string; route: string } };

const SECURITY: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cache-control': 'no-store',
};

/**
 * The HTTP API. Only the table of addresses is loaded now; schemas, use cases and the documentation come when a
 * request needs them, so that a cold start pays for one route and not for all.
 */
export function createApp(options: AppOptions): Hono<Environment> {
  const app = new Hono<Environment>();
  const { deps: given, admission = EVERYBODY, notFoundBeatMs = NOT_FOUND_BEAT_MS } = options;
  const { log } = given;
  const loadDeps = 'load' in given ? () => given.load() : async () => given;

  app.use(async (c, next) => {
    const started = performance.now();
    const correlationId = correlationIdOf(c.req.raw);
    c.set('correlationId', correlationId);
    c.set('route', 'none');
    await next();
    if (c.res.status === 404 && c.get('route') !== 'none') await untilBeat(started, notFoundBeatMs);
    c.res.headers.set('x-correlation-id', correlationId);
    for (const [name, value] of Object.entries(SECURITY)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    // Pattern, not path: ids, names and filters are content.
    log.info('request', {
      method: c.req.method,
      route: c.get('route'),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      correlationId,
    });
  });

  app.onError((thrown, c) => {
    const correlationId = c.get('correlationId');
    const problem = problemFor(thrown);
    if (problem === null) {
      const { name, stack } = thrown;
      const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
      log.error('request failed', {
        correlationId,
        route: c.get('route'),
        error: name,
        at: frames[0]?.trim() ?? '',
      });
    }
    return answer(c, problem ?? new HttpProblem('internal'));
  });

  app.notFound((c) => {
    const methods = methodsOf(c.req.path);
    const problem =
      methods.length === 0
        ? new HttpProblem('no_such_route')
        : new HttpProblem('method_not_allowed', undefined, [], { allow: methods.join(', ') });
    return answer(c, problem);
  });

  /** A calendar program cannot sign in: a key in the address stands for whoever made it. */
  const callerOf = async (request: Request, keyed: boolean, correlationId: string) => {
    const isKeyed = keyed && !request.headers.has('authorization') && new URL(request.url).searchParams.has('key');
    if (!isKeyed) return authenticate(request, options, correlationId);
    const { callerOfKey } = await import('./calendar-keys.ts');
    return callerOfKey(await loadDeps(), request, correlationId);
  };

  addOpenRoutes(app, options.serviceVersion ?? 'dev');
  app.on(['GET', 'POST'], LINK_PATH.replace('{token}', ':token'), async (c) => {
    // The token is in the path and stays out of the log; it stands for who it was sent to, in place of a bearer's.
    c.set('route', LINK_PATH);
    // Whoever opens links is unknown until the store is asked: together they are one caller.
    return admission.carryOut(
      async () => null,
      () => LINK_PATH,
      async () => {
        const [pages, deps] = await Promise.all([import('./link-page.ts'), loadDeps()]);
        const token = c.req.param('token') ?? '';
        const isUsed = c.req.method === 'POST';
        return isUsed ? pages.useLink(deps, token, c.get('correlationId')) : pages.linkPage(deps, token);
      },
    );
  });
  for (const { method, path, load, keyed = false } of ROUTES) {
    app.on(method, honoPath(path), async (c) => {
      c.set('route', path);
      return admission.carryOut(
        () => callerOf(c.req.raw, keyed, c.get('correlationId')),
        ({ jurisdiction, actor }) => `${jurisdiction}/${actor.person}`,
        async (caller) => {
          const [operation, { run }, deps] = await Promise.all([load(), import('./run.ts'), loadDeps()]);
          const language = languageOf(c.req.header('accept-language'));
          return run(operation, c.req.raw, paramsOf(path, c.req.param()), { deps, caller, language });
        },
      );
    });
  }
  return app;
}

/** Whoever opens a link of a mail has a browser before them, whatever goes wrong. */
async function answer(c: Context<Environment>, problem: HttpProblem): Promise<Response> {
  if (isLink(c.req.path)) return (await import('./link-page.ts')).problemPage(problem);
  return problemResponse(problem, languageOf(c.req.header('accept-language')), c.get('correlationId'));
}

async function untilBeat(started: number, beatMs: number): Promise<void> {
  if (beatMs === 0) return;
  const beat = started + (Math.floor((performance.now() - started) / beatMs) + 1) * beatMs;
  await new Promise((resolve) => setTimeout(resolve, beat - performance.now()));
  // Timers know whole milliseconds; what is left of one would tell as much as the whole.
  while (performance.now() < beat) await new Promise((resolve) => setImmediate(resolve));
}

const FILE_SUFFIX = /\}(\.(?:xlsx|ics|md|html))$/;

/** `{id}` is `:id`; a file's name ends with its kind. */
function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}(\.(?:xlsx|ics|md|html))/g, ':$1{[^/]+\\$2}').replace(/\{(\w+)\}/g, ':$1');
}

/** A file's name without its kind is what the address names. */
function paramsOf(path: string, params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const suffix = FILE_SUFFIX.exec(path)?.[1];
  return suffix === undefined
    ? params
    : Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.slice(0, -suffix.length)]));
}

function addOpenRoutes(app: Hono<Environment>, version: string): void {
  app.get('/healthz', (c) => {
    c.set('route', '/healthz');
    return c.json({ status: 'ok', version });
  });
  app.get('/openapi.json', async (c) => {
    c.set('route', '/openapi.json');
    const { openApiDocument } = await import('./openapi.ts');
    return c.json(await openApiDocument(version));
  });
  for (const path of ['/docs', '/docs/:file']) {
    app.get(path, async (c) => {
      c.set('route', '/docs');
      const { docsFile } = await import('./docs.ts');
      const found = await docsFile(c.req.param('file') ?? 'index.html');
      if (found === null) throw new HttpProblem('no_such_route');
      return new Response(found.content, { headers: found.headers });
    });
  }
}
