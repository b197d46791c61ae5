import type { Instant } from '@duban/calendar';
import {
  type Actor,
  DomainError,
  type ExistingTask,
  type ImportUnderWay,
  Structure,
  type StructureEvent,
  type StructureState,
  seatsOf,
  type TaskEvent,
  type TaskState,
  taskAggregate,
} from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Commit, type Head, refKey, type TaskChange } from '../ports.ts';
import { projectionOf } from '../project.ts';
import { type ImportedTaskEvent, tellOfImport } from '../react.ts';
import { loadStructureData, structureRef } from '../structure-source.ts';
import { taskRef } from '../tasks.ts';
import { partsOf, readTaskPart } from './staging.ts';

export interface ImportProgress {
  readonly phase: 'writing' | 'settling';
  /** Tasks. */
  readonly done: number;
}

/** Rounds in which tasks that others were changing are tried again. */
const ROUNDS = 8;

/**
 * Carries an import under way one part further; safe to repeat and to run twice at once.
 * @returns whether there was one
 */
export async function continueImport(deps: Dependencies, jurisdiction: string): Promise<boolean> {
  return (await oneStep(deps, jurisdiction)) !== null;
}

/** Carries an import under way to its end. */
export async function finishImport(
  deps: Dependencies,
  jurisdiction: string,
  onProgress?: (progress: ImportProgress) => void,
): Promise<void> {
  for (let step = await oneStep(deps, jurisdiction); step !== null; step = await oneStep(deps, jurisdiction)) {
    onProgress?.(step);
  }
}

async function oneStep(deps: Dependencies, jurisdiction: string): Promise<ImportProgress | null> {
  const head = await deps.store.load(structureRef(jurisdiction));
  const { underWay } = (head?.state ?? { underWay: null }) as Pick<StructureState, 'underWay'>;
  if (head === null || underWay === null) return null;
  // The first part holds the structure.
  const parts = partsOf(underWay.changes).slice(1);
  const part = parts[underWay.partsDone];
  const { phase } = underWay;
  if (part !== undefined) {
    const tasks = await readTaskPart(deps, jurisdiction, part);
    await (phase === 'writing' ? writePart : settlePart)(deps, jurisdiction, underWay, tasks);
    await advance(deps, head, underWay, tasks.length, parts.length);
    return { phase, done: underWay.tasksDone + tasks.length };
  }
  await advance(deps, head, underWay, 0, parts.length);
  return { phase, done: underWay.tasksDone };
}

/** What has been done is noted; after the last part the import is published, and later settled, in the same commit. */
async function advance(
  deps: Dependencies,
  head: Head,
  underWay: ImportUnderWay,
  tasks: number,
  parts: number,
): Promise<void> {
  const { importId, phase } = underWay;
  const at = deps.clock.now();
  const events: StructureEvent[] = [];
  const partsDone = Math.min(parts, underWay.partsDone + 1);
  if (tasks > 0) {
    events.push({ type: 'ImportProgressed', at, importId, partsDone, tasksDone: underWay.tasksDone + tasks });
  }
  if (partsDone === parts) {
    events.push({ type: phase === 'writing' ? 'ImportPublished' : 'ImportSettled', at, importId });
  }
  const commit = commitOf(head, head.ref, events, { at, actor: 'system:import', correlationId: importId });
  // A conflict means that somebody else carries the import on as well: the next step finds what they have done.
  const [outcome] = await deps.store.commit([commit]);
  if (outcome?.status === 'committed') await sendSoon(deps, [commit]);
}

/** Writes tasks that nobody is shown before the import is published. */
async function writePart(
  deps: Dependencies,
  jurisdiction: string,
  underWay: ImportUnderWay,
  changes: readonly TaskChange[],
): Promise<void> {
  const data = await loadStructureData(deps, jurisdiction, underWay.snapshot);
  const actor = { person: underWay.by, bootstrapAdmin: true };
  const { importId, startedAt: now } = underWay;
  const context = { structure: new Structure(data, 0), actor, importId, now };
  const meta = { at: now, actor: underWay.by, correlationId: importId };
  let left = changes;
  for (let round = 1; left.length > 0; round += 1) {
    if (round > ROUNDS) throw new Error(`${left.length} tasks of ${importId} are being changed all the time.`);
    const heads = await headsOf(deps, jurisdiction, left);
    const pending = left.filter((change) => !isWritten(heads.get(change.key), importId));
    const commits = pending.flatMap((change): Commit[] => {
      const head = heads.get(change.key) ?? null;
      const events = taskEvents(change, head, context);
      return events.length === 0 ? [] : [commitOf(head, taskRef(jurisdiction, change.key), events, meta)];
    });
    const outcomes = await deps.store.commit(commits);
    const refused = commits.filter((_, index) => outcomes[index]?.status !== 'committed').map(({ ref }) => ref.id);
    const unsure = new Set(refused);
    left = pending.filter(({ key }) => unsure.has(key));
  }
  const heads = await headsOf(deps, jurisdiction, changes);
  await projectAll(deps, [...heads.values()], importId);
}

function isWritten(head: Head | undefined, importId: string): boolean {
  return (head?.state as ExistingTask | undefined)?.held?.importId === importId;
}

interface Trial {
  readonly structure: Structure;
  readonly actor: Actor;
  readonly importId: string;
  readonly now: Instant;
}

/**
 * What an import does to a task.
 * @throws DomainError when the task's rules refuse it
 */
export function taskEvents(
  { key: taskId, after: definition, fields: changed, basis }: Omit<TaskChange, 'change'>,
  head: Head | null,
  { structure, actor, importId, now }: Trial,
): readonly TaskEvent[] {
  const { calendar } = structure;
  const seats = seatsOf(structure, actor, now);
  const context = { now, calendar, structure, actor: actor.person, seats };
  const state = (head?.state ?? taskAggregate.initial) as TaskState;
  if (head !== null) {
    return taskAggregate.decide(state, { type: 'Correct', definition, changed, importId, basis }, context);
  }
  const plan = structure.plan(definition.plan);
  const policy = plan === null ? null : structure.policy(plan.policy);
  if (policy === null) throw new DomainError('unknown_reference', 'The plan has no ladder.', '该方案没有升级策略。');
  return taskAggregate.decide(state, { type: 'Assign', taskId, definition, policy, importId }, context);
}

/** After publication: the views forget that there was an import, clocks start, people are told. */
async function settlePart(
  deps: Dependencies,
  jurisdiction: string,
  { importId, startedAt: at }: ImportUnderWay,
  changes: readonly TaskChange[],
): Promise<void> {
  const heads = await headsOf(deps, jurisdiction, changes);
  await projectAll(deps, [...heads.values()], null);
  await sendSoon(deps, [...heads.values()]);
  const events = changes.flatMap(({ key, change }): ImportedTaskEvent[] => {
    const task = heads.get(key)?.state as ExistingTask | undefined;
    if (task === undefined) throw new Error(`${key} of ${importId} is not there.`);
    const type = change === 'added' ? 'TaskAssigned' : 'TaskCorrected';
    // No other import has touched it since: its wording still is this one's.
    return [{ type, at, version: task.wordingVersion, task }];
  });
  await tellOfImport(deps, await deps.structures.current(jurisdiction), events);
}

async function headsOf(
  deps: Dependencies,
  jurisdiction: string,
  changes: readonly TaskChange[],
): Promise<ReadonlyMap<string, Head>> {
  const refs = changes.map(({ key }) => taskRef(jurisdiction, key));
  const heads = await deps.store.loadMany(refs);
  return new Map(
    refs.flatMap((ref) => {
      const head = heads.get(refKey(ref));
      return head === undefined ? [] : [[ref.id, head]];
    }),
  );
}

async function projectAll(deps: Dependencies, heads: readonly Head[], unpublished: string | null): Promise<void> {
  const projections = heads.map((head) => projectionOf(head, unpublished)).filter((projection) => projection !== null);
  await deps.views.apply(projections);
}
