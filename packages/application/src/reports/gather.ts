import {
  type CompletionVerified,
  compileReport,
  type ExistingTask,
  type ReportData,
  type ReportedTask,
  type ReportTerms,
  type Structure,
  shownTask,
} from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import { partitions } from '../views/names.ts';
import { readingFor } from '../visibility.ts';
import { headsListed } from '../walk-list.ts';
import { itemRef } from '../write-item.ts';

/**
 * A plan's report by its tasks as they stand in the ledger now; what an import under way has written is not seen.
 * @param terms `asOf` is now
 */
export async function gatherReport(
  deps: Pick<Dependencies, 'views' | 'store'>,
  structure: Structure,
  terms: ReportTerms,
): Promise<ReportData> {
  const { code: jurisdiction } = structure.jurisdiction;
  const tasks: ReportedTask[] = [];
  const list = partitions.tasksOfPlan(terms.plan.code);
  for await (const { state } of headsListed(deps, jurisdiction, 'task', list, readingFor(structure))) {
    const task = shownTask(state as ExistingTask, structure.unpublished);
    if (task === null || task.plan !== terms.plan.code) continue;
    const lateByMs = task.status === 'standing' ? await lateness(deps, jurisdiction, task) : null;
    tasks.push({ task, lateByMs });
  }
  return compileReport(tasks, terms, structure);
}

/** Of a task that goes on after its completion was verified: its state holds the reviews that follow alone. */
async function lateness(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  { id, version }: ExistingTask,
): Promise<number | null> {
  const recorded = await store.read(itemRef(jurisdiction, 'task', id), { to: version });
  const verified = recorded
    .map(({ event }) => event)
    .findLast((event): event is CompletionVerified => event.type === 'CompletionVerified');
  return verified?.lateByMs ?? null;
}
