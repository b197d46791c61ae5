import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerCheck, createAnswerCheck } from './answers.ts';
import { type ApiDocument, type Operation, readDocument } from './document.ts';
import { MAY_FIND, readable, walk } from './leaks.ts';
import { type Expected, expected, FOR_EVERYBODY, OPEN, POSITIONS, RIGHTS } from './rights-matrix.ts';
import { ELSEWHERE, FOREIGN, type Items, OWN, type Parties, seed } from './seed.ts';
import { SOUND } from './sound.ts';
import { type Answered, createWorld, type World } from './world.ts';
import { HERE, PEOPLE, THERE, type Who } from './world-bundle.ts';

const EVERYBODY = Object.keys(PEOPLE) as Who[];
/** Of these the foreign items have somebody in every position, and the own ones nobody more. */
const FOREIGN_ASKED: readonly Who[] = [
  ...(['strangerHead', 'stranger', 'otherResponsible', 'otherOffice', 'supervision', 'admin'] as const),
  ...(['incidentOffice', 'leadHead', 'office', 'leader', 'postless'] as const),
];
/** In one county they may do everything that can be done; of the other they are nobody. */
const STRONG: readonly Who[] = ['admin', 'supervision', 'office', 'leadHead', 'incidentOffice'];
/** What somebody who finds nothing is told, whatever they looked for. */
const NOTHING = { code: 'not_found', detail: '没有此内容，或您无权查看。', status: 404, instance: '' };

let world: World;
let document: ApiDocument;
let check: AnswerCheck;
let items: { readonly own: Items; readonly foreign: Items; readonly elsewhere: Items };
const done = new Set<string>();

beforeAll(async () => {
  world = await createWorld();
  const [own, foreign, elsewhere] = await seed(world, [OWN, FOREIGN, ELSEWHERE]);
  if (own === undefined || foreign === undefined || elsewhere === undefined) throw new Error('It is not seeded.');
  items = { own, foreign, elsewhere };
  document = await readDocument(world.app);
  check = createAnswerCheck(document);
});
afterAll(() => world.close());

interface Cell {
  readonly operation: Operation;
  readonly parties: Parties;
  readonly items: Items;
  readonly who: Who;
  readonly jurisdiction: string;
  readonly expected: Expected;
}

/** What is wrong with an answer; null: nothing. */
function faultOf({ operation, expected: wanted }: Cell, answered: Answered): string | null {
  const { status, text } = answered;
  const fault = check.faultOf(operation, answered);
  if (fault !== null) return fault;
  if (wanted === 'ok') return [401, 403, 404].includes(status) ? `${status} ${text}` : null;
  if (status !== wanted) return `${status}, not ${wanted}`;
  if (wanted === 403) return null;
  const said = { ...(JSON.parse(text) as object), instance: '' };
  return Object.entries(NOTHING).every(([name, value]) => said[name as keyof typeof said] === value) ? null : text;
}

async function faultIn(cell: Cell): Promise<string | null> {
  const { operation, parties, who, jurisdiction } = cell;
  const sound = (SOUND[operation.id] as (typeof SOUND)[string])(parties, cell.items);
  const headers = await world.as(who, jurisdiction);
  const answered = await world.ask({ method: operation.method, ...sound, headers });
  if (answered.status < 300) done.add(operation.id);
  const fault = faultOf(cell, answered);
  return fault === null ? null : `${operation.id} by ${who}@${jurisdiction} on ${parties.mark}: ${fault}`;
}

/** Who is refused changes nothing and can ask at once with others; who is not, one after the other. */
async function faultsIn(cells: readonly Cell[]): Promise<readonly string[]> {
  const faults = await Promise.all(cells.filter((cell) => cell.expected !== 'ok').map(faultIn));
  for (const cell of cells.filter((each) => each.expected === 'ok')) faults.push(await faultIn(cell));
  return faults.filter((fault) => fault !== null);
}

/** Operations that need a token, in the order in which an item can live through them. */
const asked = () =>
  Object.keys(SOUND).flatMap((id) => document.operations.filter((each) => each.id === id && !OPEN.includes(id)));

function cellsOf(operation: Operation, which: 'own' | 'foreign', people: readonly Who[]): readonly Cell[] {
  return people.map((who) => ({
    ...{ operation, who, jurisdiction: HERE, items: items[which], parties: which === 'own' ? OWN : FOREIGN },
    expected: expected(operation.id, who, POSITIONS[which][who] ?? 'outside') ?? 404,
  }));
}

describe('rights', () => {
  it('are written down for every operation of the document, and for no other', () => {
    const written = [...RIGHTS.keys(), ...FOR_EVERYBODY, ...OPEN].sort();
    expect(written).toEqual(document.operations.map(({ id }) => id).sort());
    expect(Object.keys(SOUND).sort()).toEqual(written);
  });

  it('without a token are none', async () => {
    const [{ own }, faults] = [items, [] as string[]];
    for (const operation of asked()) {
      const sound = (SOUND[operation.id] as (typeof SOUND)[string])(OWN, own);
      const answered = await world.ask({ method: operation.method, ...sound });
      const fault = answered.status === 401 ? check.faultOf(operation, answered) : `${answered.status}`;
      if (fault !== null) faults.push(`${operation.id}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  it('across counties are none, whoever somebody is at home', async () => {
    const faults: string[] = [];
    for (const operation of asked()) {
      const make = SOUND[operation.id] as (typeof SOUND)[string];
      for (const [from, parties, theirs] of [
        [THERE, OWN, items.own],
        [HERE, ELSEWHERE, items.elsewhere],
      ] as const) {
        // Where the ids of both counties are the same, one gets one's own: the leaks are looked for below.
        const isTheirs = make(parties, items.own).path !== make(parties, items.elsewhere).path;
        if (!isTheirs) continue;
        const cells = STRONG.map((who) => ({
          ...{ operation, parties, items: theirs, who, jurisdiction: from, expected: 404 as const },
        }));
        faults.push(...(await faultsIn(cells)));
      }
    }
    expect(faults).toEqual([]);
  });

  it('to foreign items are as they are written', async () => {
    const faults: string[] = [];
    for (const operation of asked()) faults.push(...(await faultsIn(cellsOf(operation, 'foreign', FOREIGN_ASKED))));
    expect(faults).toEqual([]);
  }, 120_000);

  it('to own and related items are as they are written', async () => {
    const faults: string[] = [];
    for (const operation of asked()) faults.push(...(await faultsIn(cellsOf(operation, 'own', EVERYBODY))));
    expect(faults).toEqual([]);
  }, 120_000);

  it('were used: every operation was done by somebody', () => {
    expect(asked().flatMap(({ id }) => (done.has(id) ? [] : [id]))).toEqual([]);
  });
});

async function escalationsOf(headers: Record<string, string>): Promise<readonly string[]> {
  const { text } = await world.ask({ method: 'GET', path: '/v1/escalations?limit=200', headers });
  const { items, next } = JSON.parse(text) as {
    readonly items: readonly { id: string }[];
    readonly next: string | null;
  };
  if (next !== null) throw new Error('There are more escalations than a page holds.');
  return items.map(({ id }) => id).sort();
}

describe('whoever looks everywhere', () => {
  /** Ids that name an item of one county alone: where both counties have the same, nothing can be told from it. */
  const idsOf = (of: Items) => {
    const others = [items.own, items.foreign, items.elsewhere].filter((each) => each !== of);
    return Object.values<string>({ ...of }).filter((id) => !others.some((other) => Object.values(other).includes(id)));
  };

  // Of two with the same posts one will do.
  const walkers = EVERYBODY.filter((who) => who !== 'leadClerk' && who !== 'incidentOffice2');
  it.each(walkers)('finds what is theirs and nothing else: %s', async (who) => {
    const { found, ids } = await walk(world, who, [items.own, items.foreign, items.elsewhere]);
    expect(found).toEqual(MAY_FIND[who]);
    const hidden = [
      ...(found.some((mark) => mark.startsWith('OWN')) ? [] : idsOf(items.own)),
      ...(found.some((mark) => mark.startsWith('FOREIGN')) ? [] : idsOf(items.foreign)),
      ...idsOf(items.elsewhere),
    ];
    expect(ids.filter((id) => hidden.includes(id))).toEqual([]);
    expect(ids.length > 0).toBe(found.length > 0);
  });

  it.each(walkers)('has in a list of escalations those that may be read one by one, and no other: %s', async (who) => {
    const [everybody, headers] = [await world.as('supervision'), await world.as(who)];
    const listed = await escalationsOf(headers);
    const readOneByOne: string[] = [];
    for (const id of await escalationsOf(everybody)) {
      const { status } = await world.ask({ method: 'GET', path: `/v1/escalations/${id}`, headers });
      if (status === 200) readOneByOne.push(id);
    }
    expect(listed).toEqual(readOneByOne);
    expect(listed.length > 0).toBe(MAY_FIND[who].length > 0);
  });

  it.each(['admin', 'leadHead'] as const)('finds nothing of another county: %s', async (who) => {
    const { found, ids } = await walk(world, who, [items.own, items.foreign, items.elsewhere], THERE);
    expect(found.filter((mark) => !mark.startsWith('ELSEWHERE'))).toEqual([]);
    expect(ids.filter((id) => [...idsOf(items.own), ...idsOf(items.foreign)].includes(id))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('gets nowhere with a cursor made for somebody else, for another list, or by hand', async () => {
    const { cursors } = await walk(world, 'supervision', []);
    const ids = [items.own, items.foreign].flatMap((of) => Object.values<string>({ ...of }));
    expect(ids.filter((id) => cursors.map(readable).join().includes(id))).toEqual([]);
    const path = cursors.find((each) => each.startsWith('/v1/escalations?')) ?? '';
    const cursor = new URL(path, 'http://localhost').searchParams.get('cursor') ?? '';
    const ask = async (asked: string, who: Who = 'supervision', jurisdiction = HERE) =>
      (await world.ask({ method: 'GET', path: asked, headers: await world.as(who, jurisdiction) })).status;
    expect(await ask(path)).toBe(200);
    expect(await ask(path, 'office')).toBe(422);
    expect(await ask(path, 'admin')).toBe(422);
    expect(await ask(path, 'supervision', THERE)).toBe(422);
    expect(await ask(`/v1/tasks?limit=4&cursor=${cursor}`)).toBe(422);
    expect(await ask(`/v1/escalations?limit=4&state=open&cursor=${cursor}`)).toBe(422);
    const byHand = [
      ...[...cursor].map((_, at) => `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`),
      ...['x', `${cursor}A`, cursor.slice(1), `${cursor}.${cursor}`, '%00', '__proto__', 's1.constructor.AAAA'],
      Buffer.from('{"f":"x","a":"0"}').toString('base64url'),
    ];
    const statuses = await Promise.all(byHand.map((made) => ask(`/v1/escalations?limit=4&cursor=${made}`)));
    expect([...new Set(statuses)]).toEqual([422]);
  });

  it('hears the same of what is hidden and of what is not there', async () => {
    const headers = await world.as('postless');
    const faults: string[] = [];
    for (const { id, method } of asked()) {
      const { path, body } = (SOUND[id] as (typeof SOUND)[string])(OWN, items.own);
      const absent = path.replace(/_[\w:.-]*?(?=\/|\.(?:md|xlsx|html)$|$)/, '_nothing');
      if (absent === path) continue;
      const words = async (asked: string) => {
        const { status, headers: got, text } = await world.ask({ method, path: asked, body, headers });
        const { 'x-correlation-id': correlation = '', ...rest } = Object.fromEntries(got);
        return JSON.stringify([status, rest, text.replaceAll(correlation, '')]);
      };
      const [hidden, missing] = [await words(path), await words(absent)];
      if (hidden !== missing || !hidden.startsWith('[404')) faults.push(`${id}: ${hidden} ${missing}`);
    }
    expect(faults).toEqual([]);
  });
});
