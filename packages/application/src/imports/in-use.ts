import type { ExistingTask } from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import { type RecordChange, refKey } from '../ports.ts';
import { taskRef } from '../tasks.ts';
import { idOfSort, partitions } from '../views/names.ts';
import type { ProblemList } from './problems.ts';
import type { PlannedTask } from './task-bundle.ts';

const PAGE = 200;

interface Use {
  readonly kindZh: string;
  readonly partition: (code: string) => string;
  readonly names: (task: ExistingTask, code: string) => boolean;
}

/** Kinds of records that open tasks name, and the list that finds those tasks. */
const USES: Readonly<Record<string, Use>> = {
  units: {
    kindZh: '单位',
    partition: partitions.tasksOfUnit,
    names: ({ leadUnits, responsibleUnits }, code) => leadUnits.includes(code) || responsibleUnits.includes(code),
  },
  posts: {
    kindZh: '岗位',
    partition: partitions.tasksOfLeader,
    names: ({ leaders }, code) => leaders.includes(code),
  },
  plans: { kindZh: '方案', partition: partitions.tasksOfPlan, names: ({ plan }, code) => plan === code },
};

/**
 * Refuses to remove what open tasks stand on, and names those tasks. What the same bundle moves elsewhere does not count.
 */
export async function checkRemovals(
  deps: Pick<Dependencies, 'store' | 'views'>,
  jurisdiction: string,
  changes: readonly RecordChange[],
  planned: ReadonlyMap<string, PlannedTask['definition']>,
  problems: ProblemList,
): Promise<void> {
  for (const { kind, key: code, change } of changes) {
    const use = USES[kind];
    if (use === undefined || change !== 'removed') continue;
    const tasks = await openTasks(deps, jurisdiction, use.partition(code));
    const held = tasks.filter((task) => use.names({ ...task, ...planned.get(task.id) }, code)).map(({ id }) => id);
    if (held.length === 0) continue;
    problems.add(
      `/${kind}`,
      'in_use',
      `"${code}" cannot be removed: ${held.length} open tasks name it. Close or move them first.`,
      `不能删除${use.kindZh}“${code}”：仍有${held.length}项未办结任务涉及它，请先办结或调整这些任务。`,
      held,
    );
  }
}

async function openTasks(
  { store, views }: Pick<Dependencies, 'store' | 'views'>,
  jurisdiction: string,
  partition: string,
): Promise<readonly ExistingTask[]> {
  const open: ExistingTask[] = [];
  for (let after: string | null = null; ; ) {
    const page = await views.list(jurisdiction, partition, {
      limit: PAGE,
      consistent: true,
      ...(after === null ? {} : { after }),
    });
    const refs = page.items.map(({ sort }) => taskRef(jurisdiction, idOfSort(sort)));
    const heads = await store.loadMany(refs);
    for (const ref of refs) {
      const task = heads.get(refKey(ref))?.state as ExistingTask | undefined;
      if (task !== undefined && task.status !== 'closed' && task.status !== 'cancelled') open.push(task);
    }
    if (page.next === null) return open;
    after = page.next;
  }
}
