import type { Calendar, Instant } from '@duban/calendar';
import type { Seats } from './structure/roles.ts';
import type { Structure } from './structure/structure.ts';

/** What time and place mean to a decision: the injected now, the calendar and the structure in force. */
export interface WakeContext {
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly structure: Structure;
}

/** A person or a machine asks for something. */
export interface CommandContext extends WakeContext {
  /** Person code, or `system:…`. */
  readonly actor: string;
  readonly seats: Seats;
}

/**
 * An aggregate is three pure functions, and time is an argument.
 * `evolve` never rejects; guards live in `decide`. Repeated commands and early, stale or duplicate wakes return `[]`.
 */
export interface Aggregate<State, Command, Event extends { readonly type: string }> {
  readonly initial: State;
  decide(state: State, command: Command, context: CommandContext): readonly Event[];
  evolve(state: State, event: Event): State;
  wake(state: State, context: WakeContext): readonly Event[];
  /** The calendar has changed: what it counts is counted again; `[]` where nothing moves. Absent: it counts nothing. */
  recompute?(state: State, context: WakeContext): readonly Event[];
  /** The one instant at which the aggregate wants `wake` next; a function of what evolve left. Null: never. */
  nextWakeAt(state: State): Instant | null;
}
