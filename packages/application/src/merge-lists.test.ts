import { array, assert, asyncProperty, boolean, constantFrom, integer, uniqueArray } from 'fast-check';
import { expect, it } from 'vitest';
import { mergeLists } from './merge-lists.ts';
import type { IndexEntry, ViewStore } from './ports.ts';

const entry = (number: number): IndexEntry => ({
  partition: 'of no matter',
  sort: String(number).padStart(4, '0'),
  data: null,
});

/** Lists as the store answers them, and how many entries each read took. */
function listed(lists: Readonly<Record<string, readonly number[]>>) {
  const reads: { readonly partition: string; readonly entries: number }[] = [];
  const views: Pick<ViewStore, 'list'> = {
    list: async (_, partition, { after, before, limit, descending = false }) => {
      const sign = descending ? -1 : 1;
      const beyond = (a: string, b: string) => sign * (a < b ? -1 : a > b ? 1 : 0) > 0;
      const rest = (lists[partition] ?? [])
        .map(entry)
        .sort((a, b) => (beyond(a.sort, b.sort) ? 1 : -1))
        .filter(
          ({ sort }) => (after === undefined || beyond(sort, after)) && (before === undefined || beyond(before, sort)),
        );
      const items = rest.slice(0, limit);
      reads.push({ partition, entries: items.length });
      return { items, next: items.length < rest.length ? (items.at(-1)?.sort ?? null) : null };
    },
  };
  return { views: views as ViewStore, reads };
}

it('pages joined are all that is kept, each once and in order, whatever the partitions, the filter and the direction', async () => {
  const numbers = uniqueArray(integer({ min: 0, max: 2_000 }), { maxLength: 700 });
  await assert(
    asyncProperty(
      array(numbers, { minLength: 1, maxLength: 4 }),
      integer({ min: 1, max: 60 }),
      constantFrom(1, 2, 7, 500),
      boolean(),
      async (lists, limit, keepEach, descending) => {
        const { views } = listed(Object.fromEntries(lists.map((list, index) => [`p${index}`, list])));
        const partitions = lists.map((_, index) => `p${index}`);
        const isKept = (number: number) => number % keepEach === 0;
        const seen: number[] = [];
        let after: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof mergeLists<number>>> = await mergeLists(
            ...([views, 'x', partitions, { limit, after }, { descending }] as const),
            async (entries) => entries.map(({ sort }) => (isKept(Number(sort)) ? Number(sort) : null)),
          );
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          after = page.next;
        } while (after !== null);
        const expected = [...new Set(lists.flat())].filter(isKept).sort((a, b) => a - b);
        expect(seen).toEqual(descending ? expected.reverse() : expected);
      },
    ),
    { numRuns: 60 },
  );
});

it('where nothing is passed over, a page and one entry are read of each partition, and as many rows', async () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => index);
  const { views, reads } = listed({ a: thousand, b: thousand.map((number) => number + 1_000) });
  let rows = 0;
  const page = await mergeLists(views, 'x', ['a', 'b'], { limit: 20, after: null }, {}, async (entries) => {
    rows += entries.length;
    return entries;
  });
  expect(page.items.map(({ sort }) => sort)).toEqual(thousand.slice(0, 20).map((number) => entry(number).sort));
  expect(reads).toEqual([
    { partition: 'a', entries: 21 },
    { partition: 'b', entries: 21 },
  ]);
  expect(rows).toBe(21);
});

it('a page that a filter leaves empty ends after a thousand entries or so, with a cursor to go on from', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => index);
  const { views, reads } = listed({ a: many });
  const page = await mergeLists(views, 'x', ['a'], { limit: 20, after: null }, {}, async (entries) =>
    entries.map(() => null),
  );
  expect(page).toEqual({ items: [], next: entry(1_020).sort });
  expect(reads.map(({ entries }) => entries)).toEqual([21, 200, 200, 200, 200, 200]);
});
