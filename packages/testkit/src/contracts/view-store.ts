import type { Projection, ViewStore } from '@duban/application';
import { beforeAll, describe, expect, it } from 'vitest';
import { Draw } from '../draw.ts';

/** An empty view store, and all rows it shows in a form that two stores can be compared by. */
export interface ViewStoreUnderTest {
  readonly views: ViewStore;
  dump(): Promise<unknown>;
}

const HERE = '433122';

/** An item as it stands at a version: version and number alone determine everything about it. */
export function sampleProjection(number: number, version: number, more: Partial<Projection> = {}): Projection {
  const light = ['green', 'yellow', 'red', 'blue'][(number + version) % 4] as string;
  const unit = `unit-${number % 3}`;
  const sort = `${String(1000 + ((number * 37 + version * 11) % 900)).padStart(13, '0')}#task_${number}`;
  return {
    jurisdiction: HERE,
    id: `task_${number}`,
    version,
    body: { title: `任务 ${number}`, light },
    entries: [
      { partition: 'plan/p', sort },
      { partition: `unit/${unit}`, sort, data: { light, version } },
      ...(version % 2 === 0 ? [{ partition: 'even', sort: `task_${number}`, data: number }] : []),
    ],
    counts: [
      { scope: 'plan/p', bucket: `light/${light}` },
      { scope: 'plan/p', bucket: 'total' },
      { scope: `plan/p/lead/${unit}`, bucket: `light/${light}` },
    ],
    ...more,
  };
}

async function* each(projections: readonly Projection[]): AsyncGenerator<Projection> {
  yield* projections;
}

/** What every view store promises. `make` is called once for each test. */
export function viewStoreContract(make: () => Promise<ViewStoreUnderTest>): void {
  describe('documents', () => {
    it('shows the highest version it was ever given', async () => {
      const { views } = await make();
      await views.apply([
        sampleProjection(1, 2),
        sampleProjection(1, 4),
        sampleProjection(1, 3),
        sampleProjection(2, 1),
      ]);
      await views.apply([sampleProjection(1, 3)]);
      const found = await views.get(HERE, ['task_1', 'task_2', 'absent', 'task_1']);
      expect(found).toEqual(
        new Map([
          ['task_1', { version: 4, body: sampleProjection(1, 4).body }],
          ['task_2', { version: 1, body: sampleProjection(2, 1).body }],
        ]),
      );
      expect(await views.get('433123', ['task_1'])).toEqual(new Map());
      expect((await views.list(HERE, 'plan/p', { limit: 10 })).items).toHaveLength(2);
    });

    it('changes nothing when told again', async () => {
      const { views, dump } = await make();
      const projections = Array.from({ length: 40 }, (_, n) => sampleProjection(n, 1 + (n % 3)));
      await views.apply(projections);
      const before = await dump();
      await views.apply(projections);
      await views.apply(projections.map(({ id }) => sampleProjection(Number(id.slice(5)), 1)));
      expect(await dump()).toEqual(before);
    });

    it('takes an item with more entries than one transaction holds, and lets it shrink again', async () => {
      const { views, dump } = await make();
      const wide = (version: number, lists: number) =>
        sampleProjection(1, version, {
          entries: Array.from({ length: lists }, (_, n) => ({
            partition: `list/${n}`,
            sort: `v${version}`,
            data: version,
          })),
        });
      await views.apply([wide(1, 150), sampleProjection(2, 1)]);
      expect((await views.list(HERE, 'list/149', { limit: 2 })).items).toEqual([
        { partition: 'list/149', sort: 'v1', data: 1 },
      ]);
      await views.apply([wide(2, 130)]);
      expect((await views.list(HERE, 'list/129', { limit: 2 })).items.map(({ sort }) => sort)).toEqual(['v2']);
      expect((await views.list(HERE, 'list/130', { limit: 2 })).items).toEqual([]);
      const fresh = await make();
      await fresh.views.apply([wide(2, 130), sampleProjection(2, 1)]);
      expect(await dump()).toEqual(await fresh.dump());
    });

    it('takes an item that is counted in more places than one transaction holds, and counts it right', async () => {
      const { views, dump } = await make();
      const counted = (version: number, from: number, scopes: number, bucket: string) =>
        sampleProjection(1, version, {
          entries: Array.from({ length: scopes }, (_, n) => ({ partition: `list/${from + n}`, sort: `v${version}` })),
          counts: Array.from({ length: scopes }, (_, n) => ({ scope: `unit/${from + n}`, bucket })),
        });
      await views.apply([counted(1, 0, 150, 'open')]);
      expect(await views.counters(HERE, 'unit/149')).toEqual({ open: 1 });
      await views.apply([counted(2, 100, 220, 'closed'), sampleProjection(2, 1)]);
      await views.apply([counted(2, 100, 220, 'closed')]);
      expect(await views.counters(HERE, 'unit/99')).toEqual({});
      expect(await views.counters(HERE, 'unit/149')).toEqual({ closed: 1 });
      expect(await views.counters(HERE, 'unit/319')).toEqual({ closed: 1 });
      const fresh = await make();
      await fresh.views.apply([counted(2, 100, 220, 'closed'), sampleProjection(2, 1)]);
      expect(await dump()).toEqual(await fresh.dump());
    });

    it('takes the neighbours of an item that cannot be stored', async () => {
      const { views } = await make();
      const broken = sampleProjection(2, 1, { entries: [{ partition: 'plan/p', sort: '' }] });
      await expect(views.apply([sampleProjection(1, 1), broken, sampleProjection(3, 1)])).rejects.toThrow();
      expect([...(await views.get(HERE, ['task_1', 'task_2', 'task_3'])).keys()].sort()).toEqual(['task_1', 'task_3']);
    });
  });

  describe('lists', () => {
    let views: ViewStore;
    const sorts = Array.from({ length: 25 }, (_, n) => String(n).padStart(3, '0'));
    beforeAll(async () => {
      ({ views } = await make());
      await views.apply(
        sorts.map((sort, n) => sampleProjection(n, 1, { entries: [{ partition: 'all', sort, data: n }], counts: [] })),
      );
    });

    it.each([false, true])('are walked page by page, descending: %s', async (descending) => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await views.list(HERE, 'all', { limit: 5, descending, ...(after === undefined ? {} : { after }) });
        expect(page.items.length).toBe(5);
        seen.push(...page.items.map(({ sort }) => sort));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(descending ? sorts.toReversed() : sorts);
    });

    it('end before a bound', async () => {
      const list = async (range: { after?: string; before?: string; descending?: boolean }) =>
        (await views.list(HERE, 'all', { limit: 100, ...range })).items.map(({ sort }) => sort);
      expect(await list({ before: '003' })).toEqual(['000', '001', '002']);
      expect(await list({ after: '0015', before: '004' })).toEqual(['002', '003']);
      expect(await list({ after: '004', before: '004' })).toEqual([]);
      expect(await list({ after: '009', before: '004' })).toEqual([]);
      expect(await list({ after: '003', descending: true })).toEqual(['002', '001', '000']);
      expect(await list({ before: '021', descending: true })).toEqual(['024', '023', '022']);
    });
  });

  describe('counters', () => {
    it('equal counts after random concurrent changes', async () => {
      const { views } = await make();
      const draw = new Draw(20231001);
      const items = 30;
      const versions = new Map<number, number>();
      const batches = Array.from({ length: 24 }, () =>
        Array.from({ length: 8 }, () => {
          const number = draw.below(items);
          const version = 1 + draw.below(9);
          versions.set(number, Math.max(version, versions.get(number) ?? 0));
          return sampleProjection(number, version);
        }),
      );
      for (let start = 0; start < batches.length; start += 4) {
        await Promise.all(batches.slice(start, start + 4).map((batch) => views.apply(batch)));
      }
      const expected: Record<string, Record<string, number>> = {};
      for (const [number, version] of versions) {
        for (const { scope, bucket } of sampleProjection(number, version).counts) {
          expected[scope] ??= {};
          const buckets = expected[scope];
          buckets[bucket] = (buckets[bucket] ?? 0) + 1;
        }
      }
      expect(await views.counters(HERE, 'plan/p')).toEqual(expected['plan/p']);
      const { 'plan/p': _, ...below } = expected;
      expect(await views.countersBelow(HERE, 'plan/p/lead/')).toEqual(below);
      expect(await views.counters(HERE, 'absent')).toEqual({});
      expect((await views.list(HERE, 'plan/p', { limit: 200 })).items).toHaveLength(versions.size);
    });
  });

  describe('rebuild', () => {
    it('ends equal to what grew piece by piece', async () => {
      const grown = await make();
      const latest: Projection[] = [];
      for (let number = 0; number < 60; number += 1) {
        for (let version = 1; version <= 1 + (number % 4); version += 1) {
          await grown.views.apply([sampleProjection(number, version)]);
        }
        latest.push(sampleProjection(number, 1 + (number % 4)));
      }
      const before = await grown.dump();
      const result = await grown.views.rebuild(() => each(latest));
      expect(result.projected).toBe(60);
      expect(await grown.dump()).toEqual(before);
      await grown.views.apply([sampleProjection(0, 9)]);
      expect((await grown.views.get(HERE, ['task_0'])).get('task_0')?.version).toBe(9);
    });

    it('forgets what the ledger does not know, and mends what drifted', async () => {
      const { views, dump } = await make();
      await views.apply([
        sampleProjection(99, 1),
        sampleProjection(1, 1, { counts: [{ scope: 'plan/p', bucket: 'x' }] }),
      ]);
      await views.rebuild(() => each([sampleProjection(1, 1)]));
      const fresh = await make();
      await fresh.views.apply([sampleProjection(1, 1)]);
      expect(await dump()).toEqual(await fresh.dump());
    });

    it('loses nothing that is projected meanwhile', async () => {
      const { views, dump } = await make();
      const heads = new Map(Array.from({ length: 50 }, (_, n) => [n, 1]));
      const current = () => [...heads].map(([number, version]) => sampleProjection(number, version));
      await views.apply(current());
      const draw = new Draw(7);
      let passes = 0;
      const live: Promise<void>[] = [];
      await views.rebuild(async function* () {
        passes += 1;
        for (const projection of current()) {
          if (passes === 1 && draw.next() < 0.5) {
            const number = draw.below(50);
            heads.set(number, (heads.get(number) ?? 0) + 1);
            live.push(views.apply([sampleProjection(number, heads.get(number) ?? 1)]));
          }
          yield projection;
        }
      });
      await Promise.all(live);
      const fresh = await make();
      await fresh.views.apply(current());
      expect(await dump()).toEqual(await fresh.dump());
    });
  });
}
