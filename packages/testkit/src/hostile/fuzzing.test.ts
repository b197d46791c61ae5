import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerCheck, createAnswerCheck } from './answers.ts';
import { type ApiDocument, type Operation, readDocument } from './document.ts';
import { attemptsAt, type Generation } from './requests.ts';
import { ELSEWHERE, FACTS, FOREIGN, type Items, OWN, seed } from './seed.ts';
import { SOUND } from './sound.ts';
import { type Answered, createWorld, type World } from './world.ts';
import { DOCUMENT, GROUPS, HERE, KIND, PEOPLE, PLANS, THERE } from './world-bundle.ts';

/**
 * The same requests in every run, and others each time. `DUBAN_FUZZ_SEED` repeats the others, `DUBAN_FUZZ_RUNS` makes so
 * many spoiled ones of each operation and seed.
 */
const FIXED_SEED = 433_122;
const RANDOM_SEED = Number(process.env.DUBAN_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const HOSTILE_RUNS = Number(process.env.DUBAN_FUZZ_RUNS ?? 4);
const SOUND_RUNS = Math.ceil(HOSTILE_RUNS / 3);

const units = ['qiantou-ju', '本县牵头局', 'zeren-ju', 'wuguan-ju', 'bangong-ju', '没有的局'];
const WORDS = {
  ...{ unit: units, leadUnits: units, responsibleUnits: units, requester: units, foundBy: units, name: units },
  ...{ owners: [...units, 'bangong-ju.zhuren'], leaders: ['renmin-zhengfu.fu-xianzhang'], hostUnit: units },
  ...{ plan: Object.values(PLANS), group: Object.values(GROUPS), office: Object.values(GROUPS), kind: [KIND] },
  ...{
    code: [...Object.values(PLANS), ...Object.values(GROUPS), 'qiantou-ju'],
    policy: ['default-task', 'default-duty'],
  },
  ...{ documentNumber: [DOCUMENT], authority: [DOCUMENT], post: ['qiantou-ju.juzhang'], person: Object.values(PEOPLE) },
  ...{
    jurisdiction: [HERE],
    n: ['1', '2'],
    '?limit': ['1', '50', '200'],
    limit: ['due'],
    report: [1],
    week: ['2023-W20'],
    approver: units,
  },
  ...{ url: ['https://duban.example/hook'], to: ['someone@duban.example'], phone: ['+8613800000000'] },
  ...{ target: ['office', 'lead_unit'], q: ['qt'], period: ['2023-05', '2023-W20'], indicator: ['户数'] },
  ...{ state: ['open', 'acknowledged', 'resolved', 'unread'], dueBefore: ['2023-06-01'], cause: [FACTS.cause] },
};

let world: World;
let document: ApiDocument;
let generation: Generation;
let check: AnswerCheck;
let before: ReadonlyMap<string, number>;
/** What each operation has answered: statuses, and the codes of refusals. */
const answered = new Map<string, Set<string>>();
/** Answers of what stands before an operation. */
const OUTSIDE = ['401 unauthenticated', '404 no_such_route', '405 method_not_allowed'];

function nameOf({ status, headers, text }: Answered): string {
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
  return isProblem ? `${status} ${(JSON.parse(text) as { code: string }).code}` : String(status);
}

/** Each stream of the ledger with its version. */
async function ledger(): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for await (const { ref, version } of world.system.deps.store.scanHeads(null)) {
    versions.set(`${ref.jurisdiction}/${ref.type}/${ref.id}`, version);
  }
  return versions;
}

beforeAll(async () => {
  world = await createWorld();
  const items = await seed(world, [OWN, FOREIGN, ELSEWHERE]);
  document = await readDocument(world.app);
  // Most callers are of the first parties' world.
  const ids = [0, 0, 0, 1, 2].flatMap((nth) => Object.values<string>({ ...items[nth] }));
  const bodies = Object.fromEntries(
    Object.entries(SOUND).flatMap(([id, make]) => {
      const { body } = make(OWN, items[0] as Items);
      return body === undefined ? [] : [[id, body]];
    }),
  );
  generation = { document, ids, bodies, words: { ...WORDS, aggregate: ['structure', ...ids] } };
  check = createAnswerCheck(document);
  before = await ledger();
});
afterAll(() => world.close());

/** Whether an address still is the operation's: as many parts, once `..` has been followed, and none of them empty. */
function isOf({ path }: Operation, asked: string): boolean {
  const parts = new URL(asked, 'http://localhost').pathname.split('/').slice(1);
  return parts.length === path.split('/').length - 1 && !parts.includes('');
}

async function fuzz(operation: Operation, seedOf: number, isHostile: boolean): Promise<void> {
  const { answers } = operation;
  expect(Object.keys(answers).length, operation.id).toBeGreaterThan(0);
  const property = fc.asyncProperty(attemptsAt(operation, generation, isHostile), async (attempt) => {
    const bearer = operation.isOpen ? {} : await world.as(attempt.who, attempt.jurisdiction);
    const answer: Answered = await world.ask({ ...attempt, headers: { ...attempt.headers, ...bearer } });
    answered.set(operation.id, (answered.get(operation.id) ?? new Set()).add(nameOf(answer)));
    const fault = isOf(operation, attempt.path) ? check.faultOf(operation, answer) : check.faultElsewhere(answer);
    if (fault !== null) throw new Error(`${operation.id}: ${fault}\n${answer.text.slice(0, 500)}`);
  });
  const numRuns = isHostile ? HOSTILE_RUNS : SOUND_RUNS;
  await fc.assert(property, { seed: seedOf, numRuns });
}

describe(`every operation of the document, seeds ${FIXED_SEED} and DUBAN_FUZZ_SEED=${RANDOM_SEED}`, () => {
  it.each([
    ['sound requests', FIXED_SEED, false],
    ['other sound requests', RANDOM_SEED, false],
    ['spoiled requests', FIXED_SEED, true],
    ['other spoiled requests', RANDOM_SEED, true],
  ])(
    'answers %s as it is documented, never 5xx, and writes nothing with 4xx',
    async (_what, seedOf, isHostile) => {
      const faults: string[] = [];
      for (const operation of document.operations) {
        await fuzz(operation, seedOf, isHostile).catch((error: Error) => {
          const cause = error.cause instanceof Error ? error.cause.message : '';
          faults.push(`${cause}\n${error.message}`);
        });
      }
      expect(faults.join('\n\n')).toBe('');
    },
    300_000,
  );

  it('was reached, each one', () => {
    const names = ({ id }: Operation) => [...(answered.get(id) ?? [])];
    const unreached = document.operations.filter((each) => names(each).every((name) => OUTSIDE.includes(name)));
    expect(unreached.map(({ id }) => id)).toEqual([]);
    // Made of schemas and a few words of the county, about half of all get as far as being done; chance decides which.
    const done = document.operations.filter((each) => names(each).some((name) => /^20[0-2]$/.test(name)));
    expect(done.length).toBeGreaterThan(document.operations.length * 0.4);
  });

  it('changed no stream but those that were answered 2xx, and what follows from them', async () => {
    await world.system.settle();
    const after = await ledger();
    const changed = [...after].filter(([stream, version]) => before.get(stream) !== version).map(([stream]) => stream);
    const own = changed.filter((stream) => !world.watch.changed.has(stream));
    expect(own.filter((stream) => !/\/(?:digest|delivery)\//.test(stream))).toEqual([]);
    expect(changed.length).toBeGreaterThan(0);
    expect([THERE, HERE].some((code) => changed.some((stream) => stream.startsWith(code)))).toBe(true);
  });
});
