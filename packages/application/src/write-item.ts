import type { Instant } from '@duban/calendar';
import { type Actor, type Aggregate, type CommandContext, type Structure, seatsOf } from '@duban/domain';
import { fold } from './aggregates.ts';
import { commitOf, sendSoon } from './commit.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError } from './errors.ts';
import { asOne, type Idempotency, idempotencyClaim, recall } from './idempotency.ts';
import type { AggregateType, Claim, Commit, DomainEvent, Head, StreamRef } from './ports.ts';

/** Who asks, in which jurisdiction, as part of which request. */
export interface Caller {
  readonly jurisdiction: string;
  readonly actor: Actor;
  readonly correlationId: string;
}

export interface WriteOptions {
  /** The version the caller has seen; anything else is refused. */
  readonly ifMatch: number | null;
  readonly idempotency: Idempotency | null;
}

/** A kind of item that people give commands to. */
export interface ItemKind<State, Command, Event extends DomainEvent> {
  readonly type: Exclude<AggregateType, 'digest' | 'structure'>;
  readonly aggregate: Aggregate<State, Command, Event>;
  /** @throws ApplicationError when the caller may not give the command, or not know of the item */
  authorise(context: CommandContext, state: State | null, command: Command): void;
}

/** What a write has come to. */
export interface Written<State, Event> {
  readonly state: State;
  readonly context: CommandContext;
  /** Of the state. */
  readonly version: number;
  /** Events of this write, and of those before it when a repeated request is answered; null: nothing happened. */
  readonly events: readonly Event[] | null;
}

/** What is to be written, made of what there is. */
export interface Writing<State, Command> {
  commandFor(head: Head | null, context: CommandContext): Command | Promise<Command>;
  /** Rows that must not be there yet, written together with the events. */
  readonly claimsFor?: (events: readonly DomainEvent[], state: State) => readonly Claim[];
  /** What to say when such a row is there. */
  readonly claimed?: (keys: readonly string[]) => Promise<Error>;
}

const ATTEMPTS = 3;

export function itemRef(jurisdiction: string, type: AggregateType, id: string): StreamRef {
  return { jurisdiction, type, id };
}

/** Loads, decides and appends; again when somebody else was first; once for all repeats that bear the same key. */
export function writeItem<State, Command, Event extends DomainEvent>(
  deps: Dependencies,
  caller: Caller,
  kind: ItemKind<State, Command, Event>,
  id: string,
  options: WriteOptions,
  writing: Writing<State, Command>,
): Promise<Written<State, Event>> {
  const ref = itemRef(caller.jurisdiction, kind.type, id);
  return asOne(deps, caller, options.idempotency, () => writeOnce(deps, caller, kind, ref, options, writing));
}

async function writeOnce<State, Command, Event extends DomainEvent>(
  deps: Dependencies,
  caller: Caller,
  kind: ItemKind<State, Command, Event>,
  ref: StreamRef,
  options: WriteOptions,
  { commandFor, claimsFor, claimed }: Writing<State, Command>,
): Promise<Written<State, Event>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await recall(deps, caller, options.idempotency);
    if (before !== null) return foldedTo(deps, caller, kind, { ...ref, id: before.id }, before.version);
    // In this order: an import that wrote the head is among what the structure read after it tells.
    const head = await deps.store.load(ref);
    const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
    const command = await commandFor(head, context);
    const events = decideOn(kind, head, command, context, options.ifMatch);
    if (events.length === 0 && head !== null)
      return { state: head.state as State, context, version: head.version, events: null };
    const meta = { at: context.now, actor: caller.actor.person, correlationId: caller.correlationId };
    const plain = commitOf(head, ref, events, meta);
    const repeats = idempotencyClaim(caller, options.idempotency, ref.id, plain, context.now);
    const claims = [...repeats, ...(claimsFor?.(events, plain.state as State) ?? [])];
    const commit: Commit = { ...plain, claims };
    const [outcome] = await deps.store.commit([commit]);
    if (outcome?.status === 'committed') {
      await sendSoon(deps, [commit]);
      return { state: commit.state as State, context, version: outcome.version, events };
    }
    if (outcome?.status === 'claimed' && claimed !== undefined) {
      const own = outcome.keys.filter((key) => !repeats.some((repeat) => repeat.key === key));
      if (own.length > 0) throw await claimed(own);
    }
    if (outcome?.status === 'rejected') {
      throw new ApplicationError(
        'too_large',
        'This is more than one record can hold; shorten it.',
        '内容过长，请精简后再提交。',
      );
    }
  }
  throw new ApplicationError(
    'conflict',
    'Others are changing this at this moment. Read it again, then repeat.',
    '该事项正被他人修改，请刷新后重试。',
  );
}

/**
 * What a command comes to by the rules, and nothing is written: to foresee what a write would do.
 * @param ifMatch the version the caller has seen; null: whatever is there
 * @throws DomainError or ApplicationError with what the write would be refused with
 */
export function decideOn<State, Command, Event extends DomainEvent>(
  kind: ItemKind<State, Command, Event>,
  head: Head | null,
  command: Command,
  context: CommandContext,
  ifMatch: number | null = null,
): readonly Event[] {
  kind.authorise(context, head === null ? null : (head.state as State), command);
  requireVersion(head, ifMatch);
  return kind.aggregate.decide((head?.state ?? kind.aggregate.initial) as State, command, context);
}

/** Who the caller is in the structure in force, now. */
export function contextFor(deps: Pick<Dependencies, 'clock'>, caller: Caller, structure: Structure): CommandContext {
  const now: Instant = deps.clock.now();
  const seats = seatsOf(structure, caller.actor, now);
  return { now, calendar: structure.calendar, structure, actor: caller.actor.person, seats };
}

/** What the system itself does to an item: nobody's posts allow or forbid it. */
export function systemContext(deps: Pick<Dependencies, 'clock'>, structure: Structure, actor: string): CommandContext {
  const now = deps.clock.now();
  const seats = seatsOf(structure, { person: actor, bootstrapAdmin: false }, now);
  return { now, calendar: structure.calendar, structure, actor, seats };
}

function requireVersion(head: Head | null, ifMatch: number | null): void {
  if (ifMatch === null || head?.version === ifMatch) return;
  throw new ApplicationError(
    'precondition_failed',
    `It is at version ${head?.version ?? 0}, not ${ifMatch}. Read it again, then repeat.`,
    '内容已被更新，请刷新后重试。',
  );
}

/** The answer that a request got the first time. */
async function foldedTo<State, Command, Event extends DomainEvent>(
  deps: Dependencies,
  caller: Caller,
  { type, aggregate }: ItemKind<State, Command, Event>,
  ref: StreamRef,
  version: number,
): Promise<Written<State, Event>> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const recorded = await deps.store.read(ref, { to: version });
  const events = recorded.map((entry) => entry.event);
  const state = fold(type, aggregate.initial, events) as State;
  const context = contextFor(deps, caller, structure);
  return { state, context, version, events: events as unknown as readonly Event[] };
}
