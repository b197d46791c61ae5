import {
  DomainError,
  type KindChange,
  Structure,
  type StructureEvent,
  type StructureImported,
  seatsOf,
  type TaskState,
  taskAggregate,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from '../access.ts';
import type { Dependencies } from '../dependencies.ts';
import { ApplicationError, forbidden, notFound } from '../errors.ts';
import { type Idempotency, idempotencyClaim, recall } from '../idempotency.ts';
import type { Commit, RecordChange } from '../ports.ts';
import { structureRef } from '../structure-source.ts';
import type { Caller } from '../tasks.ts';
import { taskRef } from '../tasks.ts';
import { commitOf, sendSoon } from '../wake.ts';
import { differenceOf } from './diff.ts';
import { checkWhole, planStructure, type StructurePlan } from './structure-bundle.ts';
import { type PlannedTask, planTasks, taskChanges } from './task-bundle.ts';
import type { ImportBundle, ImportProblem, ImportResult } from './types.ts';

export { nearestNames } from './names.ts';
export { importedTaskId } from './task-bundle.ts';
export type * from './types.ts';

const ATTEMPTS = 3;
/** Tasks appended per call of the store; keeps one request's memory small. */
const TASKS_PER_ROUND = 500;

interface Planned {
  readonly structure: Structure;
  readonly plan: StructurePlan;
  readonly tasks: readonly PlannedTask[];
  readonly result: ImportResult;
}

/**
 * Lays a bundle over the structure and the tasks. Nothing is written on a dry run or when there is any problem; the
 * structure changes in one transaction, then the tasks follow, each once however often the bundle is sent. A request
 * that dies between the two is finished by sending it again.
 */
export async function importBundle(
  deps: Dependencies,
  caller: Caller,
  bundle: ImportBundle,
  options: { readonly dryRun: boolean; readonly idempotency: Idempotency | null },
): Promise<ImportResult> {
  if (bundle.jurisdiction !== caller.jurisdiction) throw notFound();
  const now = deps.clock.now();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const current = await deps.structures.current(caller.jurisdiction);
    if (!seatsOf(current, caller.actor, now).admin) throw forbidden('importing structure');
    const before = options.dryRun ? null : await recall(deps, caller, options.idempotency);
    const planned = await planImport(deps, current, bundle);
    if (before !== null) return repeated(deps, caller, bundle, planned, before.id);
    if (options.dryRun || planned.result.problems.length > 0) return planned.result;
    const written = await writeStructure(deps, caller, planned, options.idempotency);
    if (written === null) continue;
    await writeTasks(deps, caller, planned);
    return { ...planned.result, id: written.id, applied: true };
  }
  throw new ApplicationError(
    'conflict',
    'Another import is being applied at this moment. Compare again, then repeat.',
    '另一项导入正在进行，请稍后重试。',
  );
}

/** The first answer again; tasks that a dying request left out are written now. */
async function repeated(
  deps: Dependencies,
  caller: Caller,
  bundle: ImportBundle,
  planned: Planned,
  id: string,
): Promise<ImportResult> {
  await writeTasks(deps, caller, planned);
  const { changes } = await readImport(deps, caller, id);
  const difference = Object.fromEntries(
    Object.keys(planned.result.difference).map((kind) => {
      const imported = bundle[kind as 'units' | 'tasks']?.length ?? 0;
      return [
        kind,
        differenceOf(
          changes.filter((change) => change.kind === kind),
          imported,
        ),
      ];
    }),
  );
  return { id, applied: true, difference, problems: [] };
}

async function planImport(deps: Dependencies, current: Structure, bundle: ImportBundle): Promise<Planned> {
  const problems: ImportProblem[] = [];
  const plan = planStructure(current, bundle, problems);
  if (problems.length === 0) checkWhole(plan.data, problems);
  const structure = new Structure(plan.data, current.version);
  const tasks = await planTasks(deps, structure, bundle, plan.names, problems);
  const difference =
    bundle.tasks === undefined
      ? plan.difference
      : { ...plan.difference, tasks: differenceOf(taskChanges(tasks), bundle.tasks.length) };
  return { structure, plan, tasks, result: { id: null, applied: false, difference, problems } };
}

/** Null on a conflict with another import; `id` null when the bundle says nothing new. */
async function writeStructure(
  deps: Dependencies,
  caller: Caller,
  { plan, tasks, result }: Planned,
  idempotency: Idempotency | null,
): Promise<{ readonly id: string | null } | null> {
  const changes = [...plan.changes, ...taskChanges(tasks)];
  if (changes.length === 0) return { id: null };
  const ref = structureRef(caller.jurisdiction);
  const head = await deps.store.load(ref);
  const importId = deps.ids.next('import');
  const snapshot = blobs(`${importId}/snapshot`, deps.snapshots.encode(plan.data));
  // A snapshot that could not be read back would leave the jurisdiction without its structure: better refused now.
  deps.snapshots.decodeStructure(snapshot.map(({ data }) => data));
  const changed = blobs(`${importId}/changes`, deps.snapshots.encode(changes));
  const at = deps.clock.now();
  const event: StructureImported = {
    type: 'StructureImported',
    at,
    by: caller.actor.person,
    importId,
    counts: Object.fromEntries(
      Object.entries(result.difference).map(([kind, { added, changed: other, removed }]): [string, KindChange] => [
        kind,
        { added: added.length, changed: other.length, removed: removed.length },
      ]),
    ),
    changes: changed.map(({ name }) => name),
    snapshot: snapshot.map(({ name }) => name),
  };
  const meta = { at, actor: caller.actor.person, correlationId: caller.correlationId };
  const plain = commitOf(head, ref, [event satisfies StructureEvent], meta);
  const claims = idempotencyClaim(caller, idempotency, importId, plain, at);
  const [outcome] = await deps.store.commit([{ ...plain, claims, blobs: [...snapshot, ...changed] }]);
  if (outcome?.status === 'committed') return { id: importId };
  if (outcome?.status === 'rejected') {
    throw new ApplicationError(
      'too_large',
      'This bundle is more than one import can hold; split it.',
      '导入内容过大，请分批导入。',
    );
  }
  return null;
}

/** A blob's name carries the digest of its content, and the event its name: the hash chain covers both. */
function blobs(prefix: string, chunks: readonly { readonly digest: string; readonly data: Uint8Array }[]) {
  return chunks.map(({ digest, data }, index) => ({ name: `${prefix}/${index}-${digest}`, data }));
}

async function writeTasks(deps: Dependencies, caller: Caller, { tasks }: Planned): Promise<void> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const changed = tasks.filter((task) => task.changed.length > 0);
  for (let start = 0; start < changed.length; start += TASKS_PER_ROUND) {
    const commits = changed
      .slice(start, start + TASKS_PER_ROUND)
      .map((task) => taskCommit(deps, caller, structure, task))
      .filter((commit) => commit !== null);
    const outcomes = await deps.store.commit(commits);
    const refused = commits.filter((_, index) => outcomes[index]?.status !== 'committed');
    await sendSoon(
      deps,
      commits.filter((_, index) => outcomes[index]?.status === 'committed'),
    );
    if (refused.length === 0) continue;
    throw new ApplicationError(
      'conflict',
      `${refused.length} tasks were being changed meanwhile, the first ${refused[0]?.ref.id}. Send the same bundle again to finish.`,
      `有${refused.length}项任务同时被修改，请再次提交同一文件以完成导入。`,
    );
  }
}

function taskCommit(deps: Dependencies, caller: Caller, structure: Structure, task: PlannedTask): Commit | null {
  const now = deps.clock.now();
  const plan = structure.plan(task.definition.plan);
  const policy = plan === null ? null : structure.policy(plan.policy);
  if (policy === null) throw new DomainError('unknown_reference', 'The plan has no ladder.', '该方案没有升级策略。');
  const actor = caller.actor.person;
  const context = { now, calendar: structure.calendar, structure, actor, seats: seatsOf(structure, caller.actor, now) };
  const { definition, changed, id: taskId } = task;
  const state = (task.head?.state ?? taskAggregate.initial) as TaskState;
  const events =
    task.head === null
      ? taskAggregate.decide(state, { type: 'Assign', taskId, definition, policy }, context)
      : taskAggregate.decide(state, { type: 'Correct', definition, changed }, context);
  if (events.length === 0) return null;
  const meta = { at: now, actor, correlationId: caller.correlationId };
  return commitOf(task.head, taskRef(caller.jurisdiction, taskId), events, meta);
}

/** Who changed the structure when, latest first. */
export async function listImports(
  deps: Dependencies,
  caller: Caller,
  { limit, after }: PageRequest,
): Promise<PageResult<Pick<StructureImported, 'by' | 'at' | 'counts'> & { readonly id: string }>> {
  await requireAdmin(deps, caller);
  const ref = structureRef(caller.jurisdiction);
  const head = await deps.store.load(ref);
  const last = after === null ? (head?.version ?? 0) : Number(after) - 1;
  const from = Math.max(1, last - limit + 1);
  if (last < 1) return { items: [], next: null };
  const recorded = await deps.store.read(ref, { from, to: last });
  const items = recorded.map(({ event }) => event as StructureImported).reverse();
  return {
    items: items.map(({ importId, at, by, counts }) => ({ id: importId, at, by, counts })),
    next: from > 1 ? String(from) : null,
  };
}

/** One import with every record it touched, before and after. */
export async function readImport(deps: Dependencies, caller: Caller, id: string) {
  await requireAdmin(deps, caller);
  const ref = structureRef(caller.jurisdiction);
  const recorded = await deps.store.read(ref);
  const event = recorded.map((entry) => entry.event as StructureImported).find(({ importId }) => importId === id);
  if (event === undefined) throw notFound();
  const chunks = await Promise.all(event.changes.map((name) => deps.store.readBlob(ref, name)));
  const changes: readonly RecordChange[] = deps.snapshots.decodeChanges(chunks.filter((chunk) => chunk !== null));
  const { at, by, counts } = event;
  return { id, at, by, counts, changes };
}

async function requireAdmin(deps: Dependencies, caller: Caller): Promise<void> {
  const { seats } = await currentStructure(deps, caller);
  if (!seats.admin && !seats.supervision) throw notFound();
}
