import type { Instant } from '@duban/calendar';
import {
  deliveryAggregate,
  digestAggregate,
  dutyAggregate,
  evolveStructure,
  INITIAL_STRUCTURE,
  incidentAggregate,
  problemAggregate,
  reportAggregate,
  type StructureEvent,
  type StructureState,
  structureNextWakeAt,
  subscriptionAggregate,
  taskAggregate,
  type WakeContext,
} from '@duban/domain';
import type { AggregateType, DomainEvent } from './ports.ts';

/** What the pipelines need of any aggregate; they do not care which it is. */
export interface WakeableAggregate {
  readonly initial: unknown;
  evolve(state: unknown, event: DomainEvent): unknown;
  wake(state: unknown, context: WakeContext): readonly DomainEvent[];
  nextWakeAt(state: unknown): Instant | null;
  /** Counts again what the calendar counts; absent where it counts nothing. */
  recompute?(state: unknown, context: WakeContext): readonly DomainEvent[];
}

/** Structure changes by imports alone. It asks to be woken while one is under way; carrying that on is I/O, see `wakeBatch`. */
const structureAggregate: WakeableAggregate = {
  initial: INITIAL_STRUCTURE,
  evolve: (state, event) => evolveStructure(state as StructureState, event as StructureEvent),
  wake: () => [],
  nextWakeAt: (state) => structureNextWakeAt(state as StructureState),
};

/** The one list of aggregates there is: a new aggregate is added here and nowhere else in the pipelines. */
export const aggregates: Readonly<Record<AggregateType, WakeableAggregate>> = {
  task: taskAggregate as unknown as WakeableAggregate,
  incident: incidentAggregate as unknown as WakeableAggregate,
  duty: dutyAggregate as unknown as WakeableAggregate,
  problem: problemAggregate as unknown as WakeableAggregate,
  report: reportAggregate as unknown as WakeableAggregate,
  digest: digestAggregate as unknown as WakeableAggregate,
  subscription: subscriptionAggregate as unknown as WakeableAggregate,
  delivery: deliveryAggregate as unknown as WakeableAggregate,
  structure: structureAggregate,
};

export function fold(type: AggregateType, state: unknown, events: readonly DomainEvent[]): unknown {
  return events.reduce((folded, event) => aggregates[type].evolve(folded, event), state);
}
