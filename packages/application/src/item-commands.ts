import { type EscalationCommand, itemIdOfEscalation, itemTypeOf } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { commandDuty } from './duties.ts';
import type { DutyView } from './duty-reads.ts';
import type { IncidentView } from './incident-reads.ts';
import { commandIncident } from './incidents.ts';
import { commandProblem, type ProblemView } from './problems.ts';
import { commandTask, type TaskView } from './tasks.ts';
import type { Caller, WriteOptions } from './write-item.ts';

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
