import type { Structure } from '@duban/domain';
import { describe, expect, it } from 'vitest';
import type { TaskRow, TaskSummary } from './views/task.ts';
import { readingFor, readWhole, shownCounts, shownRow } from './visibility.ts';

const structure = (data: object, unpublished: string | null) => ({ data, unpublished }) as unknown as Structure;

describe('counts', () => {
  const buckets = { total: 5, 'light/red': 2, 'import+/total': 3, 'import+/light/red': 1, 'import-/total': 1 };

  it('leave out what an unpublished import moves', () => {
    expect(shownCounts(buckets, 'import_1')).toEqual({ total: 5, 'light/red': 2 });
  });

  it('take it in once it is published', () => {
    expect(shownCounts(buckets, null)).toEqual({ total: 7, 'light/red': 3 });
  });
});

describe('a row', () => {
  const before = { id: 't', title: 'before' } as TaskSummary;
  const row = (held: TaskRow['held']) => ({ id: 't', title: 'after', held }) as TaskRow;

  it.each([
    ['held by the unpublished import', { importId: 'i', before }, 'i', before],
    ['new in it', { importId: 'i', before: null }, 'i', null],
    ['held by one that is published', { importId: 'i', before }, null, 'after'],
    ['held by an older one', { importId: 'h', before }, 'i', 'after'],
    ['free', null, 'i', 'after'],
  ])('%s', (_what, held, unpublished, shown) => {
    const found = shownRow(row(held), unpublished);
    if (shown === 'after') expect(found).toMatchObject({ title: 'after' });
    else expect(found).toBe(shown);
  });
});

describe('reading whole', () => {
  it('reads again when an import is published meanwhile', async () => {
    const versions = [structure({}, 'i'), structure({}, null), structure({}, null)];
    const [, published] = versions;
    const asked = [versions[0], published, published];
    const deps = { structures: { current: async () => asked.shift() as Structure } };
    const reads: boolean[] = [];
    const found = await readWhole(deps, '433122', async (current) => {
      reads.push(readingFor(current).consistent);
      return current;
    });
    expect(found).toBe(published);
    expect(reads).toEqual([true, false]);
  });
});
