import { type Actor, DomainError, type ExistingTask, Structure } from '@duban/domain';
import { commitOf } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { taskRef } from '../tasks.ts';
import { type Trial, taskEvents } from './carry-out.ts';
import { ClockEffectSum } from './clock-effects.ts';
import { checkRemovals } from './in-use.ts';
import { ProblemList } from './problems.ts';
import type { StagedChanges } from './staging.ts';
import { planStructure, type StructurePlan } from './structure-bundle.ts';
import { checkWhole } from './structure-checks.ts';
import { changeOf, type PlannedTask, TaskPlanner } from './task-bundle.ts';
import type { ImportBundle, ImportedRow, ImportResult, KindDifference } from './types.ts';

/** Tasks planned, laid down and written together; keeps an import's memory small. */
const TASKS_PER_PART = 500;

/** What an import means to do, with every problem there is. */
export interface Planned {
  readonly plan: StructurePlan;
  readonly tasks: number;
  readonly difference: Readonly<Record<string, KindDifference>>;
  readonly clocks: ImportResult['clocks'];
  readonly problems: ProblemList;
}

/** Compares a bundle with what there is. What is to be done goes to `staged`, part by part, as long as there is no problem. */
export async function planImport(
  deps: Dependencies,
  current: Structure,
  bundle: ImportBundle,
  actor: Actor,
  importId: string,
  staged: StagedChanges | null,
  onProgress: (rows: number) => void,
): Promise<Planned> {
  const problems = new ProblemList();
  const plan = planStructure(current, bundle, problems);
  if (problems.count === 0) checkWhole(plan.data, problems);
  if (problems.count === 0) await staged?.add(plan.changes);
  const structure = new Structure(plan.data, current.version);
  const planner = new TaskPlanner(deps.store, structure, plan.names, problems);
  const clocks = new ClockEffectSum();
  const [added, changed]: [string[], string[]] = [[], []];
  const removes = plan.changes.some(({ change }) => change === 'removed');
  const moved = new Map<string, PlannedTask['definition']>();
  for await (const rows of inParts(bundle.tasks ?? [])) {
    const planned = (await planner.plan(rows)).filter((task) => task.changed.length > 0);
    for (const task of planned) {
      (task.head === null ? added : changed).push(task.id);
      if (removes) moved.set(task.id, task.definition);
    }
    const now = deps.clock.now();
    const trial = { structure, actor, importId, now };
    const decided = planned.filter((task) => tryOut(deps, task, trial, clocks, problems));
    if (problems.count === 0 && decided.length > 0) await staged?.add(decided.map(changeOf));
    onProgress(planner.count);
  }
  await checkRemovals(deps, current.jurisdiction.code, plan.changes, moved, problems);
  const tasks = { added, changed, removed: [], unchanged: planner.count - added.length - changed.length };
  return {
    plan,
    tasks: added.length + changed.length,
    difference: bundle.tasks === undefined ? plan.difference : { ...plan.difference, tasks },
    clocks: clocks.result,
    problems,
  };
}

async function* inParts(rows: Iterable<ImportedRow> | AsyncIterable<ImportedRow>) {
  let part: ImportedRow[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < TASKS_PER_PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

const TRIAL_META = { at: 0, actor: 'system:import', correlationId: 'trial' };
/** Characters a record may have that is stored in any case; only a larger one is measured. */
const ALWAYS_STORABLE = 100_000;

/** Asks the task's own rules before anything is promised: what they refuse is a problem of the row. */
function tryOut(
  { store }: Pick<Dependencies, 'store'>,
  task: PlannedTask,
  trial: Trial,
  clocks: ClockEffectSum,
  problems: ProblemList,
): boolean {
  try {
    const change = { key: task.id, after: task.definition, fields: task.changed, basis: task.basis };
    const events = taskEvents(change, task.head, trial);
    const before = (task.head?.state ?? null) as ExistingTask | null;
    const commit = commitOf(task.head, taskRef(trial.structure.jurisdiction.code, task.id), events, TRIAL_META);
    if (JSON.stringify(commit).length > ALWAYS_STORABLE && store.refusal(commit) !== null) {
      problems.add(task.pointer, 'too_large', 'This is more than one task can hold; shorten it.', '内容过长，请精简。');
      return false;
    }
    clocks.add(before, commit.state as ExistingTask, trial.now);
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    problems.add(`${task.pointer}${error.pointer ?? ''}`, error.code, error.message, error.messageZh);
    return false;
  }
}
