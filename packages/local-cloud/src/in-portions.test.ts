import type { Projection } from '@duban/application';
import { expect, it } from 'vitest';
import { inPortions } from './in-portions.ts';

const projections = Array.from({ length: 50 }, (_, index) => ({ id: `task_${index}` }) as Projection);
const ids = (some: readonly Projection[]) => some.map(({ id }) => id);

it('writes all, in order, and lets others go first before each portion', async () => {
  const log: (readonly string[] | 'others')[] = [];
  const views = inPortions(
    { apply: async (portion) => void log.push(ids(portion)) },
    async () => void log.push('others'),
  );
  await views.apply(projections);
  const all = ids(projections);
  expect(log).toEqual(['others', all.slice(0, 20), 'others', all.slice(20, 40), 'others', all.slice(40)]);
});

it('a portion that fails is told of, and holds up none of the others', async () => {
  const written: string[] = [];
  const views = inPortions(
    {
      apply: async (portion) => {
        if (ids(portion).includes('task_25')) throw new Error('task_25 cannot be stored');
        written.push(...ids(portion));
      },
    },
    async () => undefined,
  );
  await expect(views.apply(projections)).rejects.toThrow('task_25 cannot be stored');
  expect(written).toEqual(ids([...projections.slice(0, 20), ...projections.slice(40)]));
});

it('of nothing nothing is written', async () => {
  const views = inPortions({ apply: async () => expect.unreachable() }, async () => expect.unreachable());
  await views.apply([]);
});
