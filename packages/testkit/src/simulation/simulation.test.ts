import { randomInt } from 'node:crypto';
import type { Commit, Dependencies } from '@duban/application';
import { describe, expect, it } from 'vitest';
import type { Sabotage } from './cloud.ts';
import { simulate } from './simulate.ts';

const HISTORIES = Number(process.env.DUBAN_SIM_HISTORIES ?? 2_000);
const SEED = Number(process.env.DUBAN_SIM_SEED ?? randomInt(2 ** 31));

describe('whatever fails on the way', () => {
  it(`nothing is lost, doubled, early or sent astray in ${HISTORIES} histories`, { timeout: 900_000 }, async () => {
    console.info(`simulation: DUBAN_SIM_SEED=${SEED}`);
    const { failed, histories, troubles } = await simulate({ seed: SEED, histories: HISTORIES });
    expect(failed).toBeNull();
    expect(histories).toBe(HISTORIES);
    // Days on which nothing went wrong would show nothing.
    for (const kind of [
      'crash.before',
      'crash.after',
      'fault.read',
      'fault.write',
      'message.lost',
      'message.repeated',
    ]) {
      expect(troubles[kind], kind).toBeGreaterThan(HISTORIES / 20);
    }
  });

  it('the same seed tells the same', async () => {
    const [one, other] = [await simulate({ seed: 7, histories: 30 }), await simulate({ seed: 7, histories: 30 })];
    expect(other).toEqual(one);
  });
});

/** With another way to commit. */
const committing =
  (change: (commit: Commit) => Commit): Sabotage =>
  (deps) => ({
    ...deps,
    store: { ...deps.store, commit: (commits) => deps.store.commit(commits.map(change)) },
  });
const withoutClaims = (prefix: string) =>
  committing((commit) => ({ ...commit, claims: commit.claims?.filter(({ key }) => !key.startsWith(prefix)) ?? [] }));

/** Mistakes somebody could make, and the rules that must notice. */
const MISTAKES: readonly (readonly [mistake: string, sabotage: Sabotage, rules: readonly string[]])[] = [
  ['notices are not claimed', withoutClaims('notice/'), ['told twice']],
  ['requests are not remembered', withoutClaims('idempotency/'), ['answer']],
  ['signals are not remembered', withoutClaims('signal/'), ['answer']],
  [
    'the alarm clock does not look at what is late',
    (deps, name) => (name === 'alarm-clock' ? { ...deps, wakes: { ...deps.wakes, due: onlyAhead(deps) } } : deps),
    ['left over', 'lost', 'not released'],
  ],
  [
    'appointments are read once and kept',
    (deps, name) => (name === 'wake' ? { ...deps, structures: { current: onceEach(deps.structures.current) } } : deps),
    ['wrong holder'],
  ],
  [
    'a clock is ahead by five minutes and believed',
    (deps, name) =>
      name === 'wake' ? { ...deps, clock: { ...deps.clock, now: () => deps.clock.now() + 300_000 } } : deps,
    ['early', 'released early'],
  ],
  [
    'a failed projection is passed over',
    (deps, name) =>
      name === 'project'
        ? { ...deps, views: { ...deps.views, apply: (all) => deps.views.apply(all).catch(() => {}) } }
        : deps,
    ['view'],
  ],
  [
    'a failed reaction is passed over',
    (deps, name) => (name === 'react' ? { ...deps, store: { ...deps.store, loadMany: orNothing(deps) } } : deps),
    ['not told', 'answer', 'view'],
  ],
  [
    'a message is sent twice to be sure',
    (deps) => ({
      ...deps,
      channels: {
        ...deps.channels,
        send: async (address, message) => {
          await deps.channels.send(address, message);
          return deps.channels.send(address, message);
        },
      },
    }),
    ['unrecorded'],
  ],
  [
    'whoever comes second overwrites',
    (deps) => ({
      ...deps,
      store: {
        ...deps.store,
        commit: async (commits) => {
          const heads = await deps.store.loadMany(commits.map(({ ref }) => ref));
          return deps.store.commit(
            commits.map((commit) => {
              const head = heads.get(`${commit.ref.jurisdiction}/${commit.ref.type}/${commit.ref.id}`);
              return { ...commit, expectedVersion: head?.version ?? 0, expectedHash: head?.hash ?? null };
            }),
          );
        },
      },
    }),
    ['chain', 'twice'],
  ],
];

/** Of the wakes that are due, those alone that are still to come. */
function onlyAhead({ wakes, clock }: Dependencies): Dependencies['wakes']['due'] {
  return async function* (until) {
    for await (const page of wakes.due(until)) yield page.filter(({ at }) => at >= clock.now());
  };
}

/** As a cache does that nobody tells of changes. */
function onceEach(read: Dependencies['structures']['current']): Dependencies['structures']['current'] {
  const known = new Map<string, Awaited<ReturnType<typeof read>>>();
  return async (key) => {
    const structure = known.get(key) ?? (await read(key));
    if (structure.version > 0) known.set(key, structure);
    return structure;
  };
}

/** Takes a store that is out of reach for an empty one. */
function orNothing({ store }: Dependencies): Dependencies['store']['loadMany'] {
  return (refs) => store.loadMany(refs).catch(() => new Map());
}

describe('a mistake is noticed', () => {
  it.each(MISTAKES)('%s', { timeout: 300_000 }, async (_, sabotage, rules) => {
    const { failed } = await simulate({ seed: 20_231_001, histories: 600, sabotage, shrink: false });
    expect(failed?.violations.map(({ rule }) => rule) ?? []).toContainEqual(expect.toBeOneOf([...rules]));
  });

  it('is shrunk to what it takes, and run again by its path', { timeout: 300_000 }, async () => {
    const sabotage = withoutClaims('notice/');
    const { seed, failed } = await simulate({ seed: 20_231_001, histories: 600, sabotage });
    expect(failed?.history.steps.length).toBeLessThan(5);
    const again = await simulate({ seed, histories: 1, path: failed?.path ?? '', sabotage });
    expect(again.failed).toEqual(failed);
  });
});
