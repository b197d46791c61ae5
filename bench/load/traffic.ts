import { loadCounty } from '@duban/gazette';
import type { Product } from '@duban/testkit/stories/product';
import type { Chance } from './chance.ts';
import type { Shot } from './open-load.ts';

/** Somebody of a unit that leads tasks. */
interface Person {
  readonly token: string;
  readonly unit: string;
  /** Tasks their unit leads. */
  readonly tasks: readonly string[];
  /** Digests and escalations they have seen last. */
  digests: readonly string[];
  escalations: readonly string[];
}

interface Kind {
  readonly name: string;
  /** Share of all requests, in percent. */
  readonly weight: number;
  readonly shot: (person: Person) => Omit<Shot, 'name' | 'token'> & { readonly token?: string };
}

export interface Traffic {
  /** The next request of the mixture, by anybody. */
  readonly mixed: () => Shot;
  /** A request of one and the same person, who asks for list after list. */
  readonly greedy: () => Shot;
  readonly people: number;
  readonly shares: Readonly<Record<string, number>>;
}

const SEARCHES = ['q=yjglj', 'q=lyj', 'q=jt', 'name=局', 'name=镇', 'q=wxz', 'name=应急', 'q=fgj'];
const LIGHTS = ['green', 'yellow', 'red', 'blue'];
const PEOPLE = 120;
/** Holds the post that reads 119's calls in. */
const FIRE_BRIGADE = 'xu-zhankun';

/** Tokens of the people whose units lead tasks, and what they may ask for. */
export async function prepareTraffic(product: Product, chance: Chance): Promise<Traffic> {
  const people = await preparePeople(product);
  const [greedy] = people;
  if (greedy === undefined) throw new Error('Nobody of the county leads a task.');
  const kinds = kindsOf(chance, await tokenOf(product, FIRE_BRIGADE));
  const made = ({ name, shot }: Kind, person: Person): Shot => ({ token: person.token, name, ...shot(person) });
  const list = kinds[0] as Kind;
  return {
    mixed: () => made(chance.weighted(kinds), chance.oneOf(people)),
    greedy: () => ({ ...made(list, greedy), name: 'the greedy one' }),
    people: people.length,
    shares: Object.fromEntries(kinds.map(({ name, weight }) => [name, weight])),
  };
}

function kindsOf(chance: Chance, feed: string): readonly Kind[] {
  let number = 0;
  const plans = loadCounty('luxi').plans.map(({ code }) => code);
  const get = (path: string) => ({ method: 'GET' as const, path });
  const task = ({ tasks }: Person) => chance.oneOf(tasks);
  const post = (path: string, body: unknown, expected: readonly number[] = []) => {
    number += 1;
    return { method: 'POST' as const, path, body, expected, key: `load-${number}` };
  };
  return [
    { name: 'list tasks', weight: 16, shot: ({ unit }) => get(`/v1/tasks?unit=${unit}&limit=20`) },
    { name: 'list tasks by light', weight: 4, shot: () => get(`/v1/tasks?light=${chance.oneOf(LIGHTS)}&limit=20`) },
    { name: 'read a task', weight: 22, shot: (person) => get(`/v1/tasks/${task(person)}`) },
    { name: 'explain its clock', weight: 4, shot: (person) => get(`/v1/tasks/${task(person)}/clock`) },
    {
      name: 'report progress',
      weight: 12,
      // 409: another report of the same task was under way three times over.
      shot: (person) => post(`/v1/tasks/${task(person)}/progress`, { unit: person.unit, noChange: true }, [409]),
    },
    {
      name: 'inbox',
      weight: 10,
      shot: (person) => ({ ...get('/v1/inbox?limit=10'), learn: (body) => (person.digests = idsOf(body)) }),
    },
    {
      name: 'mark read',
      weight: 3,
      shot: ({ digests }) =>
        digests.length === 0 ? get('/v1/inbox?limit=1') : post(`/v1/inbox/${chance.oneOf(digests)}/read`, undefined),
    },
    { name: 'dashboard', weight: 6, shot: ({ unit }) => get(`/v1/dashboard?unit=${unit}`) },
    {
      name: 'list escalations',
      weight: 4,
      shot: (person) => ({
        ...get('/v1/escalations?state=open&limit=10'),
        learn: (body) => (person.escalations = idsOf(body)),
      }),
    },
    {
      name: 'acknowledge',
      weight: 3,
      // 403: it is about their own unit. 409: somebody was quicker, or it has ended.
      shot: ({ escalations }) =>
        escalations.length === 0
          ? get('/v1/escalations?limit=1')
          : post(`/v1/escalations/${chance.oneOf(escalations)}/acknowledgement`, {}, [403, 409]),
    },
    { name: 'search', weight: 4, shot: () => get(`/v1/units?${chance.oneOf(SEARCHES)}`) },
    { name: 'list incidents', weight: 3, shot: () => get('/v1/incidents?limit=20') },
    {
      name: 'signal',
      weight: 1,
      shot: ({ unit }) => ({
        ...post('/v1/signals', {
          ...{ source: '119', number: `load-${number + 1}`, kind: 'xiaofang-anquan-shigu', unit, title: '火情' },
        }),
        token: feed,
      }),
    },
    { name: 'list duties', weight: 3, shot: ({ unit }) => get(`/v1/duties?unit=${unit}&limit=20`) },
    { name: 'calendar .ics', weight: 3, shot: ({ unit }) => get(`/v1/calendars/${unit}.ics`) },
    { name: 'ledger .xlsx', weight: 2, shot: () => ({ ...get(`/v1/ledgers/${chance.oneOf(plans)}.xlsx`) }) },
  ];
}

function idsOf(body: unknown): readonly string[] {
  return (body as { items: readonly { id: string }[] }).items.map(({ id }) => id);
}

async function tokenOf(product: Product, person: string): Promise<string> {
  return (await product.call<{ accessToken: string }>('POST', '/dev/token', { person })).accessToken;
}

async function preparePeople(product: Product): Promise<readonly Person[]> {
  const { posts, appointments } = loadCounty('luxi');
  const unitOf = new Map(posts.map(({ code, unit }) => [code, unit]));
  const admin = await product.adminToken();
  const led = new Map<string, readonly string[]>();
  const ledBy = async (unit: string): Promise<readonly string[]> => {
    const path = `/v1/tasks?unit=${unit}&limit=100`;
    const { items } = await product.call<{ items: { id: string; leadUnits: { code: string }[] }[] }>(
      ...(['GET', path, undefined, admin] as const),
    );
    return items.filter(({ leadUnits }) => leadUnits.some(({ code }) => code === unit)).map(({ id }) => id);
  };
  const people = new Map<string, Person>();
  for (const { post, person, to } of appointments) {
    const unit = unitOf.get(post);
    // Whoever has left may do nothing any more.
    if (to !== null || unit === undefined || people.has(person) || people.size >= PEOPLE) continue;
    const tasks = led.get(unit) ?? (await ledBy(unit));
    led.set(unit, tasks);
    if (tasks.length === 0) continue;
    people.set(person, { token: await tokenOf(product, person), unit, tasks, digests: [], escalations: [] });
  }
  return [...people.values()];
}
