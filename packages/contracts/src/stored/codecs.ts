import {
  deliveryAggregate,
  digestAggregate,
  dutyAggregate,
  evolveStructure,
  INITIAL_STRUCTURE,
  incidentAggregate,
  problemAggregate,
  reportAggregate,
  subscriptionAggregate,
  taskAggregate,
} from '@duban/domain';
import type { z } from 'zod';
import { deliveryEvent, deliveryState } from './delivery.ts';
import { digestEvent, digestState } from './digest.ts';
import { dutyEvent, dutyState } from './duty.ts';
import { incidentEvent, incidentState } from './incident.ts';
import { problemEvent, problemState } from './problem.ts';
import { reportEvent, reportState } from './report.ts';
import { structureEvent, structureEventFromShape1, structureState } from './structure.ts';
import { subscriptionEvent, subscriptionState } from './subscription.ts';
import { taskEvent, taskEventFromShape1, taskEventFromShape2 } from './task-events.ts';
import { taskState } from './task-state.ts';

interface StoredEvent {
  readonly type: string;
}

/** What a store must know of an aggregate; the port of the application, by shape. */
interface Codec {
  readonly initial: unknown;
  readonly schema: number;
  evolve(state: unknown, event: StoredEvent): unknown;
  parseState(stored: unknown): unknown;
  parseEvent(stored: unknown, schema: number): StoredEvent;
}

/** Turns an event of one shape number into the next; given every event of the aggregate, it returns most as they are. */
type Upcaster = (stored: unknown) => unknown;

/** The shape number events are written with: one more than there are upcasters. */
export function currentSchema(upcasters: readonly Upcaster[]): number {
  return upcasters.length + 1;
}

/** Upcasters by aggregate; the first one leads from shape 1 to shape 2. */
const UPCASTERS = {
  task: [taskEventFromShape1, taskEventFromShape2],
  incident: [],
  duty: [],
  problem: [],
  report: [],
  digest: [],
  subscription: [],
  delivery: [],
  structure: [structureEventFromShape1],
} as const satisfies Record<string, readonly Upcaster[]>;

/** @throws RangeError for a shape number this version does not know: a newer version wrote it */
export function upcast(stored: unknown, schema: number, upcasters: readonly Upcaster[]): unknown {
  if (schema < 1 || schema > currentSchema(upcasters)) throw new RangeError(`schema ${schema} is unknown`);
  return upcasters.slice(schema - 1).reduce((event, next) => next(event), stored);
}

function parseEventWith(schema: z.ZodType<StoredEvent>, upcasters: readonly Upcaster[]) {
  return (stored: unknown, written: number) => schema.parse(upcast(stored, written, upcasters));
}

/** How each aggregate's stored states and events are read: strict, so that a wrong record stops where it lies. */
export const codecs: Readonly<Record<keyof typeof UPCASTERS, Codec>> = {
  task: codecOf(taskAggregate, taskState, taskEvent, UPCASTERS.task),
  incident: codecOf(incidentAggregate, incidentState, incidentEvent, UPCASTERS.incident),
  duty: codecOf(dutyAggregate, dutyState, dutyEvent, UPCASTERS.duty),
  problem: codecOf(problemAggregate, problemState, problemEvent, UPCASTERS.problem),
  report: codecOf(reportAggregate, reportState, reportEvent, UPCASTERS.report),
  digest: codecOf(digestAggregate, digestState, digestEvent, UPCASTERS.digest),
  subscription: codecOf(subscriptionAggregate, subscriptionState, subscriptionEvent, UPCASTERS.subscription),
  delivery: codecOf(deliveryAggregate, deliveryState, deliveryEvent, UPCASTERS.delivery),
  structure: codecOf(
    { initial: INITIAL_STRUCTURE, evolve: evolveStructure },
    structureState,
    structureEvent,
    UPCASTERS.structure,
  ),
};

function codecOf<State, Event extends StoredEvent>(
  { initial, evolve }: { readonly initial: State; evolve(state: State, event: Event): State },
  state: z.ZodType,
  event: z.ZodType<StoredEvent>,
  upcasters: readonly Upcaster[],
): Codec {
  return {
    initial,
    schema: currentSchema(upcasters),
    evolve: (from, happened) => evolve(from as State, happened as Event),
    parseState: (stored) => state.parse(stored),
    parseEvent: parseEventWith(event, upcasters),
  };
}
