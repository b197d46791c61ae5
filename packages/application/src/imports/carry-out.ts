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
import { type ImportedTaskEvent, tellOfImport } from '../react.ts';
import { loadStructureData, structureRef } from '../structure-source.ts';
import { taskRef } from '../tasks.ts';
import { type Published, projectionOf } from '../views/project.ts';
import { partsOf, readTaskPart } from './staging.ts';

export interface ImportProgress {
  readonly phase: 'writing' | 'settling';
  /** Tasks. */
  readonly done: number;
}

/** Rounds in which tasks that others were changing are tried again. */
const ROUNDS = 8;

/**
 * Carries an import under way one part further and sends for whoever is to go on; safe to repeat and to run twice at once.
 * @returns whether there was one
 */
export async function continueImport(deps: Dependencies, jurisdiction: string): Promise<boolean> {
  const step = await oneStep(deps, jurisdiction);
  if (step === null) return false;
  // Of two who carried on the same part one has committed: the other's chain ends here.
  if (step.commit !== null) await sendSoon(deps, [step.commit]);
  return true;
}

/** Carries an import under way to its end. */
export async function finishImport(
  deps: Dependencies,
  jurisdiction: string,
  onProgress?: (progress: ImportProgress) => void,
): Promise<void> {
  for (let step = await oneStep(deps, jurisdiction); step !== null; step = await oneStep(deps, jurisdiction)) {
    onProgress?.(step.progress);
  }
}

interface Step {
  readonly progress: ImportProgress;
  /** Null when somebody else has noted the same part. */
  readonly commit: Commit | null;
}

async function oneStep(deps: Dependencies, jurisdiction: string): Promise<Step | null> {
  const head = await deps.store.load(structureRef(jurisdiction));
  const { underWay } = (head?.state ?? { underWay: null }) as Pick<StructureState, 'underWay'>;
  if (head === null || underWay === null) return null;
  // The first part holds the structure.
  const parts = partsOf(underWay.changes).slice(1);
  const part = parts[underWay.partsDone];
  const { phase } = underWay;
  const tasks = part === undefined ? [] : await readTaskPart(deps, jurisdiction, part);
  if (tasks.length > 0) await (phase === 'writing' ? writePart : settlePart)(deps, jurisdiction, underWay, tasks);
  const commit = await note(deps, head, underWay, tasks.length, parts.length);
  return { progress: { phase, done: underWay.tasksDone + tasks.length }, commit };
}

/** What has been done is noted; after the last part the import is published, and later settled, in the same commit. */
async function note(
  deps: Dependencies,
  head: Head,
  underWay: ImportUnderWay,
  tasks: number,
  parts: number,
): Promise<Commit | null> {
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
  return outcome?.status === 'committed' ? commit : null;
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
    // Whoever was asleep while others published it must not correct again what people have changed since.
    if (!(await isWriting(deps, jurisdiction, importId))) return;
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
  await projectAll(deps, [...heads.values()], { unpublished: importId, calendar: context.structure.calendar });
}

async function isWriting(deps: Dependencies, jurisdiction: string, importId: string): Promise<boolean> {
  const { unpublished } = await deps.structures.current(jurisdiction);
  return unpublished === importId;
}

function isWritten(head: Head | undefined, importId: string): boolean {
  return (head?.state as ExistingTask | undefined)?.held?.importId === importId;
}

/** An import that does something to a task, or would. */
export interface Trial {
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
  const structure = await deps.structures.current(jurisdiction);
  await projectAll(deps, [...heads.values()], { unpublished: null, calendar: structure.calendar });
  await sendSoon(deps, [...heads.values()]);
  const events = changes.flatMap(({ key, change }): ImportedTaskEvent[] => {
    const task = heads.get(key)?.state as ExistingTask | undefined;
    if (task === undefined) throw new Error(`${key} of ${importId} is not there.`);
    const type = change === 'added' ? 'TaskAssigned' : 'TaskCorrected';
    // No other import has touched it since: its wording still is this one's.
    return [{ type, at, version: task.wordingVersion, task }];
  });
  await tellOfImport(deps, structure, events);
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

async function projectAll(deps: Dependencies, heads: readonly Head[], published: Published): Promise<void> {
  const projections = heads.map((head) => projectionOf(head, published)).filter((projection) => projection !== null);
  await deps.views.apply(projections);
}
