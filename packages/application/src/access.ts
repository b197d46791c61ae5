import {
  type Clocked,
  type ClockRules,
  type CommandContext,
  type EscalationCommand,
  type Role,
  refuseOwn,
  type Seats,
  type Structure,
  seatsOf,
} from '@duban/domain';
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

/** An item that is there, and what the caller is to it. */
export interface Approached<T extends Clocked> {
  readonly item: T;
  readonly roles: ReadonlySet<Role>;
  readonly clock: Pick<ClockRules<T>, 'answerable'>;
}

/**
 * The same for an item that is there: a stranger hears what they would hear if it were not. Whom an escalation is
 * about hears who answers it instead of them, also where their posts would not allow it anyway.
 * @param found null when it is not there
 * @throws DomainError `own_escalation`
 */
export function requireRight<T extends Clocked>(
  allowed: readonly Role[],
  found: Approached<T> | null,
  command: EscalationCommand | { readonly type: string },
  context: CommandContext,
): void {
  if (found === null || found.roles.size === 0) throw notFound();
  const { item, roles, clock } = found;
  if ('escalationId' in command) refuseOwn(item, command, clock, context);
  requireOneOf(allowed, roles, command.type);
}
