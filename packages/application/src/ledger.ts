import type { Instant } from '@duban/calendar';
import {
  type ExistingTask,
  type ProgressReported,
  type Structure,
  shownTask,
  type TaskEvent,
  type TaskStatus,
} from '@duban/domain';
import { chunksOf } from './concurrency.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { shownFields } from './imports/task-bundle.ts';
import { refKey } from './ports.ts';
import { listTasks } from './queries.ts';
import { taskRef } from './tasks.ts';
import type { Caller } from './write-item.ts';

/** A task as a ledger shows it: what it says now, and what was last reported. Units are codes. */
export interface LedgerTask {
  readonly seq: number | null;
  readonly title: string;
  readonly text: string;
  readonly dueAt: Instant | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  readonly status: TaskStatus;
  readonly documentNumber: string;
  readonly list: string;
  /** What an edited ledger says it was exported at. */
  readonly version: number;
  readonly lastReport: { readonly percent: number | null; readonly text: string | null };
}

const PAGE = 200;
/** Streams read at a time. */
const AT_ONCE = 25;

/**
 * The ledger of a plan: the tasks of it that the caller may see, in the order of the document.
 * @throws ApplicationError `not_found` when there is no such plan
 */
export async function ledgerOf(
  deps: Dependencies,
  caller: Caller,
  plan: string,
): Promise<{ readonly title: string; readonly structure: Structure; readonly tasks: AsyncIterable<LedgerTask> }> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const found = structure.plan(plan);
  if (found === null) throw notFound();
  const ids = await idsOf(deps, caller, plan);
  return { title: found.title, structure, tasks: tasksOf(deps, caller, ids) };
}

async function idsOf(deps: Dependencies, caller: Caller, plan: string): Promise<readonly string[]> {
  const filter = { plan, unit: null, office: null, status: null, light: null, dueBefore: null };
  const found: { readonly id: string; readonly seq: number | null }[] = [];
  for (let after: string | null = null; ; ) {
    const { items, next } = await listTasks(deps, caller, filter, { limit: PAGE, after });
    found.push(...items.map(({ id, seq }) => ({ id, seq })));
    if (next === null) break;
    after = next;
  }
  const last = Number.POSITIVE_INFINITY;
  return found.sort((a, b) => (a.seq ?? last) - (b.seq ?? last) || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

async function* tasksOf(deps: Dependencies, caller: Caller, ids: readonly string[]): AsyncGenerator<LedgerTask> {
  for (const some of chunksOf(ids, AT_ONCE)) {
    const refs = some.map((id) => taskRef(caller.jurisdiction, id));
    const heads = await deps.store.loadMany(refs);
    const { unpublished } = await deps.structures.current(caller.jurisdiction);
    const rows = await Promise.all(
      refs.map(async (ref) => {
        const head = heads.get(refKey(ref));
        const task = head === undefined ? null : shownTask(head.state as ExistingTask, unpublished);
        return task === null ? null : ledgerTask(task, await deps.store.read(ref, { to: task.version }));
      }),
    );
    for (const row of rows) if (row !== null) yield row;
  }
}

function ledgerTask(
  task: ExistingTask,
  recorded: readonly { readonly event: { readonly type: string } }[],
): LedgerTask {
  const events = recorded.map(({ event }) => event as TaskEvent);
  const wording = events[task.wordingVersion - 1];
  if (wording === undefined || !('definition' in wording)) throw new Error(`${task.id} lacks its wording.`);
  const report = events.findLast((event): event is ProgressReported => event.type === 'ProgressReported') ?? null;
  const { title, text, dueAt, leadUnits, responsibleUnits } = shownFields(task, wording.definition);
  const { seq, status, documentNumber, list, version, percent } = task;
  return {
    ...{ seq, title, text, dueAt, leadUnits, responsibleUnits, status, documentNumber, list, version },
    lastReport: { percent, text: report?.text ?? null },
  };
}
