import type { Dependencies } from '@duban/application';
import { type Instant, parseInstant } from '@duban/calendar';
import type { Person, Structure } from '@duban/domain';
import { seatsOf } from '@duban/domain';
import { HttpProblem, languageOf, problemResponse } from '@duban/http-api';
import { Hono } from 'hono';
import { z } from 'zod';
import type { AdvanceReport } from './advance.ts';
import { JURISDICTION } from './county.ts';
import { type Issuer, LOCAL_ADMIN } from './issuer.ts';
import type { LoadFigures } from './load-figures.ts';
import type { VirtualClock } from './virtual-clock.ts';

const MAX_PEOPLE = 50;
const FASTEST = 3_600;

const tokenBody = z.union([
  z.strictObject({ person: z.string().min(1).max(64) }),
  z.strictObject({ admin: z.literal(true) }),
]);
const instant = z
  .string()
  .max(40)
  .transform((text, context): Instant => {
    const at = parseInstant(text);
    if (at === null)
      context.addIssue({ code: 'custom', message: 'RFC 3339 with offset, e.g. 2023-09-01T08:35:00+08:00' });
    return at ?? 0;
  });
const clockBody = z.strictObject({ now: instant.optional(), speed: z.number().min(0).max(FASTEST).optional() });
const advanceBody = z.strictObject({ to: instant });

/** What exists on one machine only: tokens for the asking, people to be, a clock to move. Everything else is the API's. */
export function devRoutes(options: {
  readonly deps: Dependencies;
  readonly clock: VirtualClock;
  readonly issuer: Issuer;
  readonly api: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly advance: (to: Instant) => Promise<AdvanceReport>;
  readonly lookNow: () => Promise<void>;
  readonly load: () => LoadFigures;
}): Hono {
  const { deps, clock, issuer, api, advance, lookNow, load } = options;
  const app = new Hono();
  const structure = () => deps.structures.current(JURISDICTION);
  const shown = async (at: Instant) => (await structure()).calendar.format(at);

  app.onError((thrown, c) => {
    const problem = thrown instanceof HttpProblem ? thrown : new HttpProblem('internal');
    if (problem.code === 'internal') deps.log.error('dev.failed', { fault: thrown.name });
    return problemResponse(problem, languageOf(c.req.header('accept-language')), 'dev');
  });

  app.get('/.well-known/openid-configuration', (c) =>
    c.json({ issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/.well-known/jwks.json` }),
  );
  app.get('/.well-known/jwks.json', (c) => c.json(issuer.publicKeys));

  app.post('/dev/token', async (c) => {
    const body = parsed(tokenBody, await bodyOf(c.req.raw));
    const subject = 'admin' in body ? LOCAL_ADMIN : personNamed(await structure(), body.person);
    return c.json({ accessToken: await issuer.token(subject), tokenType: 'Bearer', person: subject });
  });

  app.get('/dev/people', async (c) => {
    const q = c.req.query('q') ?? '';
    const current = await structure();
    const found = current.data.people
      .map((person) => described(current, person, clock.now()))
      .filter(({ person, name, posts }) => [person, name, ...posts].some((text) => text.includes(q)));
    return c.json({ items: found.slice(0, MAX_PEOPLE), total: found.length });
  });

  const clockNow = async () => ({ now: await shown(clock.now()), speed: clock.speed });
  app.get('/dev/clock', async (c) => c.json(await clockNow()));
  app.put('/dev/clock', async (c) => {
    const { now, speed } = parsed(clockBody, await bodyOf(c.req.raw));
    clock.set(now ?? clock.now(), speed ?? clock.speed);
    await lookNow();
    return c.json(await clockNow());
  });
  app.post('/dev/clock/advance', async (c) => {
    const { to } = parsed(advanceBody, await bodyOf(c.req.raw));
    if (to < clock.now()) {
      throw new HttpProblem('invalid', {
        zh: `时钟已到 ${await shown(clock.now())}，不能前进到过去；如需回拨请用 PUT /dev/clock。`,
        en: `It is ${await shown(clock.now())} already; to set the clock back use PUT /dev/clock.`,
      });
    }
    const { from, wakes, events, failed } = await advance(to);
    return c.json({ from: await shown(from), to: await shown(to), wakes, events, failed });
  });

  app.get('/dev/load', (c) => c.json(load()));

  app.all('*', (c) => api.fetch(c.req.raw));
  return app;
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new HttpProblem('malformed_json');
  }
}

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const text = result.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; ');
  throw new HttpProblem('invalid', { zh: `请求内容有误：${text}`, en: `The request has faults: ${text}` });
}

function personNamed(structure: Structure, name: string): string {
  const found = structure.data.people.filter((person) => person.code === name || person.name === name);
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only.code;
  throw new HttpProblem('unknown_reference', {
    zh:
      only === undefined
        ? `没有“${name}”，可用 GET /dev/people?q= 查找。`
        : `有多位“${name}”，请用代码：${found.map(({ code }) => code).join('、')}。`,
    en:
      only === undefined
        ? `Nobody is called "${name}"; look with GET /dev/people?q=.`
        : `Several are called "${name}"; use a code: ${found.map(({ code }) => code).join(', ')}.`,
  });
}

/** Who somebody is today, and what that lets them do. */
function described(structure: Structure, { code, name }: Person, now: Instant) {
  const seats = seatsOf(structure, { person: code, bootstrapAdmin: false }, now);
  const posts = structure
    .postsOf(code, now)
    .map((post) => `${structure.unit(post.unit)?.name ?? post.unit}${post.title}`);
  const groups = (codes: ReadonlySet<string>) => [...codes].map((group) => structure.group(group)?.name ?? group);
  return {
    person: code,
    name,
    posts,
    officeOf: groups(seats.offices),
    leads: groups(seats.leads),
    supervision: seats.supervision,
    admin: seats.admin,
  };
}
