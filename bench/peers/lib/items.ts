import { randomUUID } from 'node:crypto';
import { realDefinitions } from '../../lib/tasks.ts';
import type { Item } from './job.ts';

/** Between planting and the first deadline (ms): everything is in place and at rest. */
export const LEAD_MS = 4_000;
const DAY_MS = 86_400_000;

const LADDER = ['office', 'deputy-leader', 'leader-and-supervision', 'circular'].map((tell, index) => ({
  afterMs: index * DAY_MS,
  tell,
}));

export interface Planted {
  readonly id: string;
  readonly dueAt: number;
  readonly item: Item;
}

/** Items with the wording and the units of the county's real tasks, as Duban's own are. */
export function makeItems(offsets: readonly number[], first: number): readonly Planted[] {
  const bodies = realDefinitions().map(
    ({ title, text, leadUnits, responsibleUnits }): Item => ({
      ...{ title, text, leadUnits, responsibleUnits },
      state: 'open',
      ladder: LADDER,
      escalations: [],
    }),
  );
  return offsets.map((offset, index) => ({
    id: randomUUID(),
    dueAt: first + offset,
    item: bodies[index % bodies.length] as Item,
  }));
}

export function dueById(planted: readonly Planted[]): ReadonlyMap<string, number> {
  return new Map(planted.map(({ id, dueAt }) => [id, dueAt]));
}
