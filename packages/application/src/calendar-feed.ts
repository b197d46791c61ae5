import type { Instant, PlainDate } from '@duban/calendar';
import {
  activeLimits,
  type Clocked,
  type CommandContext,
  type ExistingDuty,
  type ExistingIncident,
  type ExistingProblem,
  type ExistingTask,
  type Limit,
  runningLimits,
  type Seats,
  type Structure,
  shownTask,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import type { Head } from './ports.ts';
import { partitions } from './views/names.ts';
import { headsListed } from './walk-list.ts';

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

/** The kinds that owe a unit something, and the list that finds them. */
const LISTS = [
  ['task', partitions.tasksOfUnit],
  ['incident', (unit: string) => partitions.ofUnit('incidents', unit)],
  ['duty', (unit: string) => partitions.ofUnit('duties', unit)],
  ['problem', (unit: string) => partitions.ofUnit('problems', unit)],
] as const;

/**
 * A unit's deadlines are for its own staff, supervision and administrators.
 * @throws ApplicationError `not_found` for everybody else
 */
export function requireReaderOfDeadlines({ units, supervision, admin }: Seats, unit: string): void {
  if (!units.has(unit) && !supervision && !admin) throw notFound();
}

/** Every running or missed limit of a unit's items. */
export async function deadlinesOf(
  deps: Dependencies,
  { structure, seats }: Pick<CommandContext, 'structure' | 'seats'>,
  unit: string,
): Promise<readonly Deadline[]> {
  requireReaderOfDeadlines(seats, unit);
  const jurisdiction = structure.jurisdiction.code;
  const deadlines: Deadline[] = [];
  for (const [type, listOf] of LISTS) {
    for await (const head of headsListed(deps, jurisdiction, type, listOf(unit))) {
      deadlines.push(...deadlinesIn(head, structure, unit));
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
  switch (ref.type) {
    case 'task': {
      const task = shownTask(state as ExistingTask, unpublished);
      if (task === null) return null;
      const limits = runningLimits(task).filter(({ kind }) => kind !== 'verification');
      return { item: task, title: task.title, documentNumber: task.documentNumber, limits };
    }
    case 'incident': {
      const incident = state as ExistingIncident;
      const limits = activeLimits(incident).filter(({ kind }) => kind !== 'upward_review');
      return { item: incident, title: incident.title, documentNumber: incident.kind.source.documentNumber, limits };
    }
    case 'duty': {
      const duty = state as ExistingDuty;
      const { title, basis } = duty.terms;
      return { item: duty, title, documentNumber: basis.documentNumber, limits: activeLimits(duty) };
    }
    case 'problem': {
      const problem = state as ExistingProblem;
      const limits = activeLimits(problem).filter(
        ({ kind }) => kind === (problem.unit === unit ? 'solution' : 'call_back'),
      );
      return { item: problem, title: problem.title, documentNumber: problem.basis.documentNumber, limits };
    }
    case 'report':
    case 'digest':
    case 'subscription':
    case 'delivery':
    case 'structure':
      return null;
  }
}
