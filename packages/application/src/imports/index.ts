import { type KindChange, type StructureEvent, type StructureState, seatsOf } from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { ApplicationError, forbidden, notFound } from '../errors.ts';
import { followUp } from '../follow-up/index.ts';
import { asOne, type Idempotency, idempotencyClaim, recall } from '../idempotency.ts';
import type { Commit, Head, RecordChange } from '../ports.ts';
import { structureRef } from '../structure-source.ts';
import type { Caller } from '../write-item.ts';
import { finishImport } from './carry-out.ts';
import { ClockEffectSum } from './clock-effects.ts';
import { differenceOf } from './diff.ts';
import { followsOf } from './follows.ts';
import { readImport } from './history.ts';
import { type Planned, planImport } from './plan.ts';
import { blobsOf, StagedChanges } from './staging.ts';
import type { ImportBundle, ImportResult, KindDifference } from './types.ts';

export { continueImport, finishImport, type ImportProgress } from './carry-out.ts';
export { EACH_TOWNSHIP } from './duty-bundle.ts';
export { listImports, readImport } from './history.ts';
export { nearestNames } from './names.ts';
export { importedTaskId } from './task-bundle.ts';
export type * from './types.ts';

/** Kinds of records a bundle holds beside tasks. */
export const STRUCTURE_KINDS = [
  'jurisdictions',
  'units',
  'posts',
  'people',
  'appointments',
  'documents',
  'groups',
  'policies',
  'plans',
  'incidentKinds',
  'subjects',
  'duties',
] as const;

/** An import of more tasks is carried out behind the caller's back: its answer comes at once, and can be asked again. */
const TASKS_WAITED_FOR = 2_000;

export interface ImportOptions {
  /** Compare only. */
  readonly dryRun: boolean;
  readonly idempotency: Idempotency | null;
  /** Wait until it is published, however long that takes. Default: only when it is small. */
  readonly wait?: boolean;
  /** Told of rows read and tasks written. */
  readonly onProgress?: (progress: {
    readonly phase: 'reading' | 'writing' | 'settling';
    readonly done: number;
  }) => void;
}

/**
 * Lays a bundle over the structure and the tasks: all of it or nothing. Nothing is written on a dry run or when there is
 * any problem. Structure alone changes in one transaction. With tasks, all that is to be done is laid down first, then
 * one event says that it will be done; it is carried out by whoever is alive, and readers see nothing of it until
 * another event publishes it as a whole.
 *
 * @throws ApplicationError `import_under_way` while another import is being carried out
 */
export async function importBundle(
  deps: Dependencies,
  caller: Caller,
  bundle: ImportBundle,
  options: ImportOptions,
): Promise<ImportResult> {
  if (bundle.jurisdiction !== caller.jurisdiction) throw notFound();
  return asOne(deps, caller, options.dryRun ? null : options.idempotency, () =>
    importOnce(deps, caller, bundle, options),
  );
}

async function importOnce(
  deps: Dependencies,
  caller: Caller,
  bundle: ImportBundle,
  options: ImportOptions,
): Promise<ImportResult> {
  // Read before the structure: if that has moved on meanwhile, the import's first event is refused as a conflict.
  const head = await deps.store.load(structureRef(caller.jurisdiction));
  const current = await deps.structures.current(caller.jurisdiction);
  if (!seatsOf(current, caller.actor, deps.clock.now()).admin) throw forbidden('importing structure');
  const before = options.dryRun ? null : await recall(deps, caller, options.idempotency);
  if (before !== null) return repeated(deps, caller, bundle, before.id);
  if (!options.dryRun) refuseSecond(head);
  const importId = deps.ids.next('import');
  const staged = options.dryRun ? null : new StagedChanges(deps, caller.jurisdiction, importId);
  const planned = await planImport(deps, current, bundle, caller.actor, importId, staged, (done) =>
    options.onProgress?.({ phase: 'reading', done }),
  );
  const compared = { id: null, difference: planned.difference, clocks: planned.clocks };
  const { listed: problems, more: moreProblems } = planned.problems;
  if (staged === null || problems.length > 0) {
    await staged?.remove();
    return { ...compared, state: options.dryRun ? 'compared' : 'refused', problems, moreProblems };
  }
  if (planned.plan.changes.length === 0 && planned.tasks === 0) {
    await staged.remove();
    return { ...compared, state: 'applied', problems, moreProblems };
  }
  const commit = await begin(deps, caller, head, { importId, staged, planned }, options.idempotency);
  if (planned.tasks === 0) {
    if (hasFollowUp(commit)) await followedUp(deps, caller.jurisdiction, commit);
    return { ...compared, id: importId, state: 'applied', problems, moreProblems };
  }
  const waited = options.wait === true || planned.tasks <= TASKS_WAITED_FOR;
  // Two who carry it on at once would only be in each other's way; should this one die, the alarm clock comes by.
  if (waited) {
    await finishImport(deps, caller.jurisdiction, options.onProgress);
    await followedUp(deps, caller.jurisdiction, commit);
  } else await sendSoon(deps, [commit]);
  return { ...compared, id: importId, state: waited ? 'applied' : 'writing', problems, moreProblems };
}

function hasFollowUp({ state }: Commit): boolean {
  return (state as StructureState).followUp !== null;
}

/** Duties and clocks follow at once; should this process die, the alarm clock comes by. */
async function followedUp(deps: Dependencies, jurisdiction: string, commit: Commit): Promise<void> {
  try {
    await followUp(deps, jurisdiction);
  } catch (error) {
    deps.log.warn('follow_up.put_off', { fault: error instanceof Error ? error.name : 'unknown' });
    await sendSoon(deps, [commit]);
  }
}

function refuseSecond(head: Head | null): void {
  const underWay = (head?.state as StructureState | undefined)?.underWay;
  if (underWay == null) return;
  throw new ApplicationError(
    'import_under_way',
    `Another import, ${underWay.importId}, is being carried out. Wait until it is done, then compare again and repeat.`,
    `另一项导入（${underWay.importId}）正在进行，请待其完成后重新比较、再次提交。`,
  );
}

/** Says that the import will be done: from here on it cannot be forgotten. Structure alone is done with that. */
async function begin(
  deps: Dependencies,
  caller: Caller,
  head: Head | null,
  {
    importId,
    staged,
    planned,
  }: { readonly importId: string; readonly staged: StagedChanges; readonly planned: Planned },
  idempotency: Idempotency | null,
): Promise<Commit> {
  const ref = structureRef(caller.jurisdiction);
  const at = deps.clock.now();
  const snapshot = blobsOf(`${importId}/snapshot`, deps.snapshots.encode(planned.plan.data));
  // A snapshot that could not be read back would leave the jurisdiction without its structure: better refused now.
  deps.snapshots.decodeStructure(snapshot.map(({ data }) => data));
  await deps.store.writeBlobs(ref, snapshot);
  const contents = {
    at,
    by: caller.actor.person,
    importId,
    follows: followsOf(planned.plan.changes, head === null),
    counts: countsOf(planned.difference),
    changes: staged.names,
    snapshot: snapshot.map(({ name }) => name),
  };
  const event: StructureEvent =
    planned.tasks === 0
      ? { type: 'StructureImported', ...contents }
      : { type: 'ImportStarted', ...contents, tasks: planned.tasks };
  const meta = { at, actor: caller.actor.person, correlationId: caller.correlationId };
  const plain = commitOf(head, ref, [event], meta);
  const commit = { ...plain, claims: idempotencyClaim(caller, idempotency, importId, plain, at) };
  const [outcome] = await deps.store.commit([commit]);
  if (outcome?.status === 'committed' || (await isWritten(deps, commit, importId))) return commit;
  await staged.remove();
  await deps.store.removeBlobs(
    ref,
    snapshot.map(({ name }) => name),
  );
  if (outcome?.status === 'rejected') {
    throw new ApplicationError(
      'too_large',
      'This bundle is more than one import can hold; split it.',
      '导入内容过大，请分批导入。',
    );
  }
  throw new ApplicationError(
    'conflict',
    'Another import was begun at this moment. Compare again, then repeat.',
    '另一项导入刚刚开始，请重新比较后再次提交。',
  );
}

/**
 * A store knows its own rows again after a lost answer. An attempt that it had given up may take effect still: what that
 * one laid down must not be taken away.
 */
async function isWritten(deps: Dependencies, { ref, expectedVersion }: Commit, importId: string): Promise<boolean> {
  const [next] = await deps.store.read(ref, { from: expectedVersion + 1, limit: 1 });
  const event = next?.event as StructureEvent | undefined;
  return event !== undefined && 'importId' in event && event.importId === importId;
}

function countsOf(difference: Readonly<Record<string, KindDifference>>): Readonly<Record<string, KindChange>> {
  return Object.fromEntries(
    Object.entries(difference).map(([kind, { added, changed, removed }]): [string, KindChange] => [
      kind,
      { added: added.length, changed: changed.length, removed: removed.length },
    ]),
  );
}

/** The first answer again. */
async function repeated(deps: Dependencies, caller: Caller, bundle: ImportBundle, id: string): Promise<ImportResult> {
  const { changes, state } = await readImport(deps, caller, id, null);
  const difference: Record<string, KindDifference> = {};
  for (const kind of KINDS) {
    const imported = await countOf(bundle[kind]);
    const ofKind = changes.filter((change: RecordChange) => change.kind === kind);
    if (imported !== null || ofKind.length > 0) difference[kind] = differenceOf(ofKind, imported ?? 0);
  }
  const clocks = new ClockEffectSum().result;
  return { id, state: state === 'writing' ? 'writing' : 'applied', difference, clocks, problems: [], moreProblems: 0 };
}

const KINDS = [...STRUCTURE_KINDS, 'tasks'] as const;

async function countOf(records: Iterable<unknown> | AsyncIterable<unknown> | undefined): Promise<number | null> {
  if (records === undefined) return null;
  let count = 0;
  for await (const _record of records) count += 1;
  return count;
}
