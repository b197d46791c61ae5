import type { CodecRegistry, Commit, DomainEvent, EventStore, Head, StreamRef } from '@duban/application';

/** The smallest aggregate that shows what a store must do: it adds up, and remembers what was last said. */
export interface SampleState {
  readonly total: number;
  readonly note: string;
}

export interface SampleEvent extends DomainEvent {
  readonly type: 'Added';
  readonly amount: number;
  readonly note: string;
}

const initial: SampleState = { total: 0, note: '' };

function evolve(state: SampleState, event: SampleEvent): SampleState {
  return { total: state.total + event.amount, note: event.note };
}

function parseState(stored: unknown): SampleState {
  const { total, note } = stored as SampleState;
  if (typeof total !== 'number') throw new Error('total is not a number');
  if (typeof note !== 'string') throw new Error('note is not a text');
  return { total, note };
}

/** Shape 1 called the amount `by`. */
function parseEvent(stored: unknown, schema: number): SampleEvent {
  const event = stored as SampleEvent & { by?: number };
  const amount = schema === 1 ? event.by : event.amount;
  if (typeof amount !== 'number') throw new Error('amount is not a number');
  return { type: 'Added', amount, note: event.note };
}

/** The shape number the sample events are written with. */
const SAMPLE_SCHEMA = 2;

const codec = {
  initial,
  schema: SAMPLE_SCHEMA,
  evolve: (state: unknown, event: DomainEvent) => evolve(state as SampleState, event as SampleEvent),
  parseState,
  parseEvent,
};

export const sampleCodecs: CodecRegistry = {
  task: codec,
  incident: codec,
  duty: codec,
  problem: codec,
  report: codec,
  digest: codec,
  subscription: codec,
  delivery: codec,
  structure: codec,
};
export const AT = Date.UTC(2023, 4, 15, 0, 30);

export function sampleRef(id: string, jurisdiction = '433122'): StreamRef {
  return { jurisdiction, type: 'task', id: `task_${id}` };
}

export function added(amount: number, note = ''): SampleEvent {
  return { type: 'Added', amount, note };
}

/** A commit of these events on top of a head. */
export function sampleCommit(
  ref: StreamRef,
  head: Head | null,
  events: readonly SampleEvent[],
  more: Partial<Commit> = {},
): Commit {
  return {
    ref,
    expectedVersion: head?.version ?? 0,
    expectedHash: head?.hash ?? null,
    events,
    state: events.reduce(evolve, (head?.state as SampleState | undefined) ?? initial),
    nextWakeAt: null,
    meta: { at: AT, actor: 'system:wake', correlationId: 'correlation-1' },
    ...more,
  };
}

/** Appends one commit after another to a stream, one event each; answers the head. */
export async function appendInTurn(store: EventStore, ref: StreamRef, amounts: readonly number[]): Promise<Head> {
  for (const amount of amounts) {
    const [outcome] = await store.commit([sampleCommit(ref, await store.load(ref), [added(amount)])]);
    if (outcome?.status !== 'committed') throw new Error(`append ended as ${outcome?.status}`);
  }
  return (await store.load(ref)) as Head;
}
