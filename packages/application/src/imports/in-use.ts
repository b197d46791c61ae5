import type { ExistingDuty, ExistingIncident, ExistingProblem, ExistingTask } from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { AggregateType, RecordChange } from '../ports.ts';
import { partitions } from '../views/names.ts';
import { headsListed } from '../walk-list.ts';
import type { ProblemList } from './problems.ts';
import type { PlannedTask } from './task-bundle.ts';

type Planned = ReadonlyMap<string, PlannedTask['definition']>;

/** A list in which items may name a record, and which of them do. */
interface Use {
  readonly type: AggregateType;
  readonly partition: (code: string) => string;
  /** Open, and not moved elsewhere by the same bundle. */
  readonly names: (item: unknown, code: string, planned: Planned) => boolean;
}

const taskUse = (
  partition: Use['partition'],
  names: (task: Pick<ExistingTask, 'leadUnits' | 'responsibleUnits' | 'leaders' | 'plan'>, code: string) => boolean,
): Use => ({
  ...{ type: 'task', partition },
  names: (item, code, planned) => {
    const task = item as ExistingTask;
    const open = task.status !== 'closed' && task.status !== 'cancelled';
    return open && names({ ...task, ...planned.get(task.id) }, code);
  },
});

/** Kinds of records that open items name, and the lists that find those items. */
const USES: Readonly<Record<string, { readonly kindZh: string; readonly lists: readonly Use[] }>> = {
  units: {
    kindZh: '单位',
    lists: [
      taskUse(
        partitions.tasksOfUnit,
        ({ leadUnits, responsibleUnits }, code) => leadUnits.includes(code) || responsibleUnits.includes(code),
      ),
      {
        type: 'incident',
        partition: (code) => partitions.ofUnit('incidents', code),
        names: (item) => (item as ExistingIncident).status !== 'closed',
      },
      {
        type: 'duty',
        partition: (code) => partitions.ofUnit('duties', code),
        // What an import brought, the import takes away with the unit: its own rules see to that.
        names: (item) => (item as ExistingDuty).status === 'active' && !(item as ExistingDuty).imported,
      },
      {
        type: 'problem',
        partition: (code) => partitions.ofUnit('problems', code),
        names: (item) => (item as ExistingProblem).status !== 'closed',
      },
    ],
  },
  posts: {
    kindZh: '岗位',
    lists: [taskUse(partitions.tasksOfLeader, ({ leaders }, code) => leaders.includes(code))],
  },
  plans: { kindZh: '方案', lists: [taskUse(partitions.tasksOfPlan, ({ plan }, code) => plan === code)] },
};

/**
 * Refuses to remove what open items stand on, and names those items. What the same bundle moves elsewhere does not count.
 */
export async function checkRemovals(
  deps: Pick<Dependencies, 'store' | 'views'>,
  jurisdiction: string,
  changes: readonly RecordChange[],
  planned: Planned,
  problems: ProblemList,
): Promise<void> {
  for (const { kind, key: code, change } of changes) {
    const use = USES[kind];
    if (use === undefined || change !== 'removed') continue;
    const held: string[] = [];
    for (const list of use.lists) held.push(...(await itemsNaming(deps, jurisdiction, list, code, planned)));
    if (held.length === 0) continue;
    problems.add(
      `/${kind}`,
      'in_use',
      `"${code}" cannot be removed: ${held.length} open items name it. Close or move them first.`,
      `不能删除${use.kindZh}“${code}”：仍有${held.length}项未办结事项涉及它，请先办结或调整这些事项。`,
      held,
    );
  }
}

async function itemsNaming(
  deps: Pick<Dependencies, 'store' | 'views'>,
  jurisdiction: string,
  { type, partition, names }: Use,
  code: string,
  planned: Planned,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { ref, state } of headsListed(deps, jurisdiction, type, partition(code), { consistent: true })) {
    if (names(state, code, planned)) found.push(ref.id);
  }
  return found;
}
