import type { ExistingTask, Structure, TaskDefinition, TaskEvent } from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { Head, RecordChange } from '../ports.ts';
import { refKey } from '../ports.ts';
import { taskRef } from '../tasks.ts';
import { sameData } from './diff.ts';
import { instantOf, type NameIndexes } from './structure-bundle.ts';
import type { ImportBundle, ImportedTask, ImportProblem } from './types.ts';

/** What an import means to do to one task. */
export interface PlannedTask {
  readonly id: string;
  readonly definition: TaskDefinition;
  readonly head: Head | null;
  /** Fields that differ from the task as it stands; all of them for a new one. */
  readonly changed: readonly string[];
  readonly before: TaskDefinition | null;
}

/** The same row of the same list is the same task, however often it is loaded. */
export function importedTaskId(plan: string, seq: number): string {
  return `task_${plan}-${seq}`;
}

export async function planTasks(
  deps: Dependencies,
  structure: Structure,
  bundle: ImportBundle,
  names: NameIndexes,
  problems: ImportProblem[],
): Promise<readonly PlannedTask[]> {
  const wanted = (bundle.tasks ?? []).map((task, index) =>
    definitionOf(task, `/tasks/${index}`, structure, names, problems),
  );
  const known = wanted.filter((item) => item !== null);
  reportDoubles(
    known.map((item) => item.id),
    problems,
  );
  if (problems.length > 0) return [];
  const heads = await deps.store.loadMany(known.map(({ id }) => taskRef(bundle.jurisdiction, id)));
  return Promise.all(
    known.map(async ({ id, definition }): Promise<PlannedTask> => {
      const head = heads.get(refKey(taskRef(bundle.jurisdiction, id))) ?? null;
      const before = head === null ? null : await definitionAt(deps, head);
      return { id, definition, head, before, changed: changedFields(before, definition) };
    }),
  );
}

function definitionOf(
  task: ImportedTask,
  at: string,
  structure: Structure,
  names: NameIndexes,
  problems: ImportProblem[],
): { readonly id: string; readonly definition: TaskDefinition } | null {
  const plan = structure.data.plans.find(
    ({ documentNumber, list }) => documentNumber === task.documentNumber && list === task.list,
  );
  if (plan === undefined) {
    problems.push({
      pointer: `${at}/list`,
      code: 'unknown_reference',
      message: `No plan has the list "${task.list}" of ${task.documentNumber}.`,
      messageZh: `没有属于 ${task.documentNumber} 的清单“${task.list}”。`,
      suggestions: structure.data.plans.map(({ documentNumber, list }) => `${documentNumber} ${list}`).slice(0, 3),
    });
  }
  const { jurisdiction } = structure;
  const leadUnits = names.units.resolveAll(task.leadUnits, `${at}/leadUnits`, problems);
  const responsibleUnits = names.units.resolveAll(task.responsibleUnits, `${at}/responsibleUnits`, problems);
  const leaders = names.posts.resolveAll(task.leaders, `${at}/leaders`, problems);
  const dueAt = instantOf(task.due, 'end', jurisdiction, `${at}/due`, problems);
  const milestones = task.milestones.flatMap(({ code, title, text, due }, index) => {
    const milestoneDueAt = instantOf(due, 'end', jurisdiction, `${at}/milestones/${index}/due`, problems);
    return milestoneDueAt === null ? [] : [{ code, title, text, dueAt: milestoneDueAt }];
  });
  if (plan === undefined) return null;
  const { documentNumber, list, seq, title, text, dueText, ongoing, targets, notes, sourceLines } = task;
  const source = sourceLines === null ? null : `${documentNumber} 公报第${sourceLines[0]}—${sourceLines[1]}行`;
  return {
    id: importedTaskId(plan.code, seq),
    definition: {
      ...{ title, text, plan: plan.code, group: plan.group, documentNumber, list, seq },
      ...{ leadUnits, responsibleUnits, leaders, dueAt, dueText, ongoing, milestones, targets, source, notes },
    },
  };
}

function reportDoubles(ids: readonly string[], problems: ImportProblem[]): void {
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) === index) continue;
    problems.push({
      pointer: `/tasks/${index}/seq`,
      code: 'duplicate_key',
      message: 'Another task of the same list has this number.',
      messageZh: '同一清单中序号重复。',
      suggestions: [],
    });
  }
}

async function definitionAt(deps: Dependencies, head: Head): Promise<TaskDefinition | null> {
  const { wordingVersion: from } = head.state as ExistingTask;
  const [recorded] = await deps.store.read(head.ref, { from, to: from });
  const event = recorded?.event as unknown as TaskEvent | undefined;
  return event !== undefined && 'definition' in event ? event.definition : null;
}

/**
 * Compares with what the last import said, not with what has become of the task since: an approved extension or a
 * settled dispute is not undone by loading the same list again.
 */
function changedFields(before: TaskDefinition | null, after: TaskDefinition): readonly string[] {
  const fields = Object.keys(after) as (keyof TaskDefinition)[];
  return before === null ? fields : fields.filter((field) => !sameData(before[field], after[field]));
}

export function taskChanges(planned: readonly PlannedTask[]): readonly RecordChange[] {
  return planned
    .filter(({ changed }) => changed.length > 0)
    .map(({ id, before, definition }) => ({
      kind: 'tasks',
      key: id,
      change: before === null ? ('added' as const) : ('changed' as const),
      before,
      after: definition,
    }));
}
