import {
  type Aggregate,
  type CommandContext,
  DomainError,
  type DomainErrorCode,
  type WakeContext,
} from '@duban/domain';
import { expect } from 'vitest';

/** What was decided, to be compared as a whole: a field too many is as wrong as one too few. */
export interface Outcome<Event> {
  yields(...events: readonly Event[]): void;
  yieldsNothing(): void;
  isRefused(code: DomainErrorCode): void;
}

/**
 * given events, when a command or a wake, then exactly these events.
 *
 * @param given history; folded with the aggregate's own `evolve`
 */
export function specify<State, Command, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Command, Event>,
  given: readonly Event[],
) {
  const state = given.reduce<State>((folded, event) => aggregate.evolve(folded, event), aggregate.initial);
  return {
    state,
    when: (command: Command, context: CommandContext) => outcome(() => aggregate.decide(state, command, context)),
    whenWoken: (context: WakeContext) => outcome(() => aggregate.wake(state, context)),
  };
}

function outcome<Event>(decide: () => readonly Event[]): Outcome<Event> {
  return {
    yields: (...events) => expect(decide()).toStrictEqual(events),
    yieldsNothing: () => expect(decide()).toStrictEqual([]),
    isRefused: (code) => expect(refusalOf(decide)).toBe(code),
  };
}

/** The code of the refusal; anything else that is thrown is passed on, and no refusal is null. */
export function refusalOf(decide: () => unknown): DomainErrorCode | null {
  try {
    decide();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
