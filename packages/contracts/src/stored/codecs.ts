import {
  type DigestEvent,
  type DigestState,
  digestAggregate,
  evolveStructure,
  INITIAL_STRUCTURE,
  type StructureEvent,
  type StructureState,
  type TaskEvent,
  type TaskState,
  taskAggregate,
} from '@duban/domain';
import type { z } from 'zod';
import { digestEvent, digestState } from './digest.ts';
import { structureEvent, structureState } from './structure.ts';
import { taskEvent, taskEventFromShape1 } from './task-events.ts';
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
const UPCASTERS = { task: [taskEventFromShape1], digest: [], structure: [] } as const satisfies Record<
  string,
  readonly Upcaster[]
>;

/** @throws RangeError for a shape number this version does not know: a newer version wrote it */
export function upcast(stored: unknown, schema: number, upcasters: readonly Upcaster[]): unknown {
  if (schema < 1 || schema > currentSchema(upcasters)) throw new RangeError(`schema ${schema} is unknown`);
  return upcasters.slice(schema - 1).reduce((event, next) => next(event), stored);
}

function parseEventWith(schema: z.ZodType<StoredEvent>, upcasters: readonly Upcaster[]) {
  return (stored: unknown, written: number) => schema.parse(upcast(stored, written, upcasters));
}

/** How each aggregate's stored states and events are read: strict, so that a wrong record stops where it lies. */
export const codecs: { readonly task: Codec; readonly digest: Codec; readonly structure: Codec } = {
  task: {
    initial: taskAggregate.initial,
    schema: currentSchema(UPCASTERS.task),
    evolve: (state, event) => taskAggregate.evolve(state as TaskState, event as TaskEvent),
    parseState: (stored) => taskState.parse(stored),
    parseEvent: parseEventWith(taskEvent, UPCASTERS.task),
  },
  digest: {
    initial: digestAggregate.initial,
    schema: currentSchema(UPCASTERS.digest),
    evolve: (state, event) => digestAggregate.evolve(state as DigestState, event as DigestEvent),
    parseState: (stored) => digestState.parse(stored),
    parseEvent: parseEventWith(digestEvent, UPCASTERS.digest),
  },
  structure: {
    initial: INITIAL_STRUCTURE,
    schema: currentSchema(UPCASTERS.structure),
    evolve: (state, event) => evolveStructure(state as StructureState, event as StructureEvent),
    parseState: (stored) => structureState.parse(stored),
    parseEvent: parseEventWith(structureEvent, UPCASTERS.structure),
  },
};
