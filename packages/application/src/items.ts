import { type Clocked, itemTypeOf } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { readDuty } from './duty-reads.ts';
import { notFound } from './errors.ts';
import { readIncident } from './incident-reads.ts';
import type { RecordedEvent } from './ports.ts';
import { readProblem } from './problems.ts';
import { readTask } from './tasks.ts';
import { type Caller, type ItemKind, itemRef } from './write-item.ts';

/** An item of whatever kind, as far as all of them have it. */
export interface AnyItem {
  readonly type: ItemKind<never, never, never>['type'];
  readonly item: Clocked & { readonly version: number };
  readonly title: string;
  readonly group: string | null;
}

/**
 * An item by its id, whatever kind it is.
 * @throws ApplicationError `not_found` when it is not there, or not for the caller to see
 */
export async function readItem(deps: Dependencies, caller: Caller, id: string): Promise<AnyItem> {
  switch (itemTypeOf(id)) {
    case 'task': {
      const { task } = await readTask(deps, caller, id);
      return { type: 'task', item: task, title: task.title, group: task.group };
    }
    case 'incident': {
      const { incident } = await readIncident(deps, caller, id);
      return { type: 'incident', item: incident, title: incident.title, group: null };
    }
    case 'duty': {
      const { duty } = await readDuty(deps, caller, id);
      return { type: 'duty', item: duty, title: duty.terms.title, group: duty.terms.group };
    }
    case 'problem': {
      const { problem } = await readProblem(deps, caller, id);
      return { type: 'problem', item: problem, title: problem.title, group: problem.group };
    }
    default:
      throw notFound();
  }
}

/** The events of an item, oldest first. */
export async function readItemEvents(
  deps: Dependencies,
  caller: Caller,
  id: string,
  from: number,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  const { type, item } = await readItem(deps, caller, id);
  return deps.store.read(itemRef(caller.jurisdiction, type, id), { from, to: item.version, limit });
}
