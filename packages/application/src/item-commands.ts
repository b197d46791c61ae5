import {
  type CommandContext,
  type DutyEvent,
  type EscalationAcknowledged,
  type EscalationCommand,
  type IncidentEvent,
  itemIdOfEscalation,
  itemTypeOf,
  type ProblemEvent,
  type TaskEvent,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { commandDuty, DUTIES } from './duties.ts';
import type { DutyView } from './duty-reads.ts';
import type { IncidentView } from './incident-reads.ts';
import { commandIncident, INCIDENTS } from './incidents.ts';
import type { Head, StreamRef } from './ports.ts';
import { commandProblem, PROBLEMS, type ProblemView } from './problems.ts';
import { commandTask, TASKS, type TaskView } from './tasks.ts';
import {
  type Caller,
  decideOn,
  type ItemKind,
  itemRef,
  type WriteOptions,
  type Writing,
  writeItem,
} from './write-item.ts';

/** An item as its kind shows it. */
export type ItemView =
  | { readonly type: 'task'; readonly view: TaskView }
  | { readonly type: 'incident'; readonly view: IncidentView }
  | { readonly type: 'duty'; readonly view: DutyView }
  | { readonly type: 'problem'; readonly view: ProblemView };

/** Gives the command to the item that the escalation belongs to; what that item's rules say, holds. */
export async function commandEscalation(
  deps: Dependencies,
  caller: Caller,
  command: EscalationCommand,
  options: WriteOptions,
): Promise<ItemView> {
  const id = itemIdOfEscalation(command.escalationId);
  switch (itemTypeOf(id)) {
    case 'incident':
      return { type: 'incident', view: await commandIncident(deps, caller, id, command, options) };
    case 'duty':
      return { type: 'duty', view: await commandDuty(deps, caller, id, command, options) };
    case 'problem':
      return { type: 'problem', view: await commandProblem(deps, caller, id, command, options) };
    default:
      return { type: 'task', view: await commandTask(deps, caller, id, command, options) };
  }
}

type Acknowledging = Extract<EscalationCommand, { type: 'AcknowledgeEscalation' }>;
type ItemEvent = TaskEvent | IncidentEvent | DutyEvent | ProblemEvent;

/** Any kind of item, as far as all of them take the same commands. */
function kindOf(escalationId: string): ItemKind<unknown, EscalationCommand, ItemEvent> {
  switch (itemTypeOf(itemIdOfEscalation(escalationId))) {
    case 'incident':
      return INCIDENTS;
    case 'duty':
      return DUTIES;
    case 'problem':
      return PROBLEMS;
    default:
      return TASKS;
  }
}

/** The stream of the item that an escalation belongs to. */
export function refOfEscalation(jurisdiction: string, escalationId: string): StreamRef {
  return itemRef(jurisdiction, kindOf(escalationId).type, itemIdOfEscalation(escalationId));
}

/**
 * What an acknowledgement would do, by the rules it is given by.
 * @param head of the item's stream; null when there is none
 * @returns null when it is acknowledged already
 * @throws DomainError or ApplicationError with what it would be refused with
 */
export function foreseeAcknowledgement(
  head: Head | null,
  command: Acknowledging,
  context: CommandContext,
): EscalationAcknowledged | null {
  return acknowledgedIn(decideOn(kindOf(command.escalationId), head, command, context));
}

/**
 * Acknowledges where nobody asks how the item looks afterwards.
 * @returns null when it was acknowledged already
 */
export async function acknowledgeOnce(
  deps: Dependencies,
  caller: Caller,
  command: Acknowledging,
  claims: Pick<Writing<unknown, EscalationCommand>, 'claimsFor' | 'claimed'>,
): Promise<EscalationAcknowledged | null> {
  const { escalationId } = command;
  const options = { ifMatch: null, idempotency: null };
  const writing = { ...claims, commandFor: () => command };
  const id = itemIdOfEscalation(escalationId);
  const { events } = await writeItem(deps, caller, kindOf(escalationId), id, options, writing);
  return acknowledgedIn(events ?? []);
}

function acknowledgedIn(events: readonly ItemEvent[]): EscalationAcknowledged | null {
  return events.find((event) => event.type === 'EscalationAcknowledged') ?? null;
}
