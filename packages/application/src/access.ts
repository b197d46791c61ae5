import { type Seats, type Structure, seatsOf } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import type { Caller } from './write-item.ts';

export interface PageRequest {
  /** 1-200. */
  readonly limit: number;
  /** Where the page before ended; null for the first. */
  readonly after: string | null;
}

export interface PageResult<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The structure in force and what the caller is in it now. Any person of the jurisdiction may read structure. */
export async function currentStructure(
  deps: Dependencies,
  caller: Caller,
): Promise<{ readonly structure: Structure; readonly seats: Seats }> {
  const structure = await deps.structures.current(caller.jurisdiction);
  return { structure, seats: seatsOf(structure, caller.actor, deps.clock.now()) };
}
