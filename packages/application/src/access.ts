import { type Role, type Seats, type Structure, seatsOf } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { forbidden, notFound } from './errors.ts';
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

/**
 * @param what is asked for, as {@link forbidden} says it
 * @throws ApplicationError `forbidden` for whoever is none of those who may
 */
export function requireOneOf(allowed: readonly Role[], roles: ReadonlySet<Role>, what: string): void {
  if (!allowed.some((role) => roles.has(role))) throw forbidden(what);
}

/** The same for an item that is there: a stranger hears what they would hear if it were not. */
export function requireRole(allowed: readonly Role[], roles: ReadonlySet<Role>, what: string): void {
  if (roles.size === 0) throw notFound();
  requireOneOf(allowed, roles, what);
}
