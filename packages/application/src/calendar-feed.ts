import type { Instant, PlainDate } from '@duban/calendar';
import {
  type Clocked,
  type ExistingDuty,
  type ExistingIncident,
  type ExistingTask,
  type Limit,
  runningLimits,
  type Structure,
  seatsOf,
  shownTask,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { type Head, refKey } from './ports.ts';
import { idOfSort, partitions } from './views/names.ts';
import { type Caller, itemRef } from './write-item.ts';

/** A deadline of a unit, as a calendar program shows it. */
export interface Deadline {
  readonly itemId: string;
  readonly limitId: string;
  readonly version: number;
  readonly title: string;
  readonly kind: Limit['kind'];
  readonly documentNumber: string;
  readonly dueAt: Instant;
  /** The day that its 24:00 ends; null when it ends at another time of day. */
  readonly dueOn: PlainDate | null;
  readonly overdue: boolean;
}

const PAGE = 200;

/** The kinds that owe a unit something, and the list that finds them. */
const LISTS = [
  ['task', partitions.tasksOfUnit],
  ['incident', (unit: string) => partitions.ofUnit('incidents', unit)],
  ['duty', (unit: string) => partitions.ofUnit('duties', unit)],
  ['problem', (unit: string) => partitions.ofUnit('problems', unit)],
] as const;

/** Every running or missed limit of a unit's items. For its own staff, supervision and administrators. */
export async function deadlinesOf(
  deps: Dependencies,
  caller: Caller,
  unit: string,
): Promise<{ readonly structure: Structure; readonly deadlines: readonly Deadline[] }> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  if (!seats.units.has(unit) && !seats.supervision && !seats.admin) throw notFound();
  return { structure, deadlines: await collect(deps, structure, unit) };
}

async function collect(deps: Dependencies, structure: Structure, unit: string): Promise<readonly Deadline[]> {
  const jurisdiction = structure.jurisdiction.code;
  const deadlines: Deadline[] = [];
  for (const [type, listOf] of LISTS) {
    for (let after: string | undefined; ; ) {
      const options = { limit: PAGE, ...(after === undefined ? {} : { after }) };
      const page = await deps.views.list(jurisdiction, listOf(unit), options);
      const refs = page.items.map(({ sort }) => itemRef(jurisdiction, type, idOfSort(sort)));
      const heads = await deps.store.loadMany(refs);
      for (const ref of refs) {
        const head = heads.get(refKey(ref));
        if (head !== undefined) deadlines.push(...deadlinesIn(head, structure, unit));
      }
      if (page.next === null) break;
      after = page.next;
    }
  }
  return deadlines.sort((a, b) => a.dueAt - b.dueAt || (a.itemId < b.itemId ? -1 : 1));
}

function deadlinesIn(head: Head, structure: Structure, unit: string): readonly Deadline[] {
  const owed = owedBy(head, structure, unit);
  if (owed === null) return [];
  const { calendar } = structure;
  return owed.limits.map((limit) => {
    const day = calendar.dateOf(limit.dueAt - 1);
    return {
      ...{ itemId: owed.item.id, limitId: limit.id, version: head.version, kind: limit.kind, dueAt: limit.dueAt },
      ...{ title: owed.title, documentNumber: owed.documentNumber },
      dueOn: calendar.endOfDay(day) === limit.dueAt ? day : null,
      overdue: limit.status === 'overdue',
    };
  });
}

interface Owed {
  readonly item: Clocked;
  readonly title: string;
  readonly documentNumber: string;
  readonly limits: readonly Limit[];
}

/** What of an item its unit must do: the office's own limits, to verify or to review, are not the unit's. */
function owedBy({ ref, state }: Head, { unpublished }: Structure, unit: string): Owed | null {
  const active = (limits: readonly Limit[]) =>
    limits.filter(({ status }) => status === 'running' || status === 'overdue');
  switch (ref.type) {
    case 'task': {
      const task = shownTask(state as ExistingTask, unpublished);
      if (task === null) return null;
      const limits = runningLimits(task).filter(({ kind }) => kind !== 'verification');
      return { item: task, title: task.title, documentNumber: task.documentNumber, limits };
    }
    case 'incident': {
      const incident = state as ExistingIncident;
      const limits = active(incident.limits).filter(({ kind }) => kind !== 'upward_review');
      return { item: incident, title: incident.title, documentNumber: incident.kind.source.documentNumber, limits };
    }
    case 'duty': {
      const duty = state as ExistingDuty;
      const { title, basis } = duty.terms;
      return { item: duty, title, documentNumber: basis.documentNumber, limits: active(duty.limits) };
    }
    case 'problem': {
      const problem = state as import('@duban/domain').ExistingProblem;
      const limits = active(problem.limits).filter(
        ({ kind }) => kind === (problem.unit === unit ? 'solution' : 'call_back'),
      );
      return { item: problem, title: problem.title, documentNumber: problem.basis.documentNumber, limits };
    }
    case 'digest':
    case 'structure':
      return null;
  }
}
