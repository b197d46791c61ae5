import {
  dueLimit,
  type ExistingTask,
  type Structure,
  type TaskDefinition,
  type TaskEvent,
  type TaskState,
  type TaskStatus,
  taskAggregate,
} from '@duban/domain';
import { fold } from '../aggregates.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Head, type RecordChange, refKey } from '../ports.ts';
import { taskRef } from '../tasks.ts';
import { sameData } from './diff.ts';
import type { ProblemList } from './problems.ts';
import { instantOf, type NameIndexes } from './structure-bundle.ts';
import type { ImportedRow, ImportedTask, ImportProblem } from './types.ts';

/** What an import means to do to one task. */
export interface PlannedTask {
  readonly id: string;
  readonly pointer: string;
  readonly definition: TaskDefinition;
  readonly head: Head | null;
  /** Fields that differ from the task as it stands; all of them for a new one. */
  readonly changed: readonly string[];
  readonly before: TaskDefinition | null;
  readonly basis: string | null;
}

/** What part of a definition a row states. */
type Stated = Partial<TaskDefinition>;

/** What a ledger showed of a task when it was exported. */
interface Exported {
  readonly status: TaskStatus;
  readonly fields: TaskDefinition;
}

interface Row {
  readonly id: string;
  readonly pointer: string;
  readonly task: ImportedTask;
  readonly stated: Stated;
}

/** The same row of the same list is the same task, however often it is loaded. */
export function importedTaskId(plan: string, seq: number): string {
  return `task_${plan}-${seq}`;
}

/** Plans the tasks of a bundle, some hundred at a time; faults go to `problems`. */
export class TaskPlanner {
  readonly #store: Dependencies['store'];
  readonly #structure: Structure;
  readonly #names: NameIndexes;
  readonly #problems: ProblemList;
  readonly #plans: ReadonlyMap<string, { readonly code: string; readonly group: string }>;
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(store: Dependencies['store'], structure: Structure, names: NameIndexes, problems: ProblemList) {
    this.#store = store;
    this.#structure = structure;
    this.#names = names;
    this.#problems = problems;
    this.#plans = new Map(structure.data.plans.map((plan) => [listKey(plan), plan]));
  }

  /** Rows seen so far. */
  get count(): number {
    return this.#count;
  }

  /** What the next rows of the bundle mean; nothing for those with a fault, which are noted. */
  async plan(imported: readonly ImportedRow[]): Promise<readonly PlannedTask[]> {
    const rows = imported.map((row) => this.#rowOf(row)).filter((row) => row !== null);
    const { code } = this.#structure.jurisdiction;
    const heads = await this.#store.loadMany(rows.map(({ id }) => taskRef(code, id)));
    const planned = await Promise.all(
      rows.map((row) => {
        const head = heads.get(refKey(taskRef(code, row.id)));
        return head === undefined ? this.#opened(row) : this.#changed(row, head);
      }),
    );
    return planned.filter((task) => task !== null);
  }

  #rowOf(task: ImportedRow): Row | null {
    const pointer = `/tasks/${this.#count}`;
    this.#count += 1;
    if ('problems' in task) {
      this.#problems.push(...task.problems);
      if (task.rest !== null) this.#check(task.rest, pointer);
      return null;
    }
    return this.#check(task, pointer);
  }

  /** The row, if its names mean something; else what is wrong with them is noted. */
  #check(task: ImportedTask, pointer: string): Row | null {
    const found: ImportProblem[] = [];
    const plan = this.#plans.get(listKey(task));
    if (plan === undefined) found.push(unknownList(task, `${pointer}/list`, this.#structure));
    const stated = this.#statedBy(task, pointer, found);
    const id = plan === undefined ? null : importedTaskId(plan.code, task.seq);
    if (id !== null && this.#seen.has(id)) found.push(doubled(`${pointer}/seq`));
    if (id !== null) this.#seen.add(id);
    this.#problems.push(...found);
    if (found.length > 0 || plan === undefined || id === null) return null;
    const { documentNumber, list, seq } = task;
    return {
      ...{ id, pointer, task },
      stated: { ...stated, plan: plan.code, group: plan.group, documentNumber, list, seq },
    };
  }

  #statedBy(task: ImportedTask, at: string, problems: ImportProblem[]): Stated {
    const { jurisdiction } = this.#structure;
    const { units, posts } = this.#names;
    const stated: { -readonly [K in keyof TaskDefinition]?: TaskDefinition[K] } = {};
    const { title, text, leadUnits, responsibleUnits, leaders, due, dueText, ongoing, milestones } = task;
    if (title !== undefined) stated.title = title;
    if (text !== undefined) stated.text = text;
    if (leadUnits !== undefined) stated.leadUnits = units.resolveAll(leadUnits, `${at}/leadUnits`, problems);
    if (responsibleUnits !== undefined)
      stated.responsibleUnits = units.resolveAll(responsibleUnits, `${at}/responsibleUnits`, problems);
    if (leaders !== undefined) stated.leaders = posts.resolveAll(leaders, `${at}/leaders`, problems);
    if (due !== undefined) stated.dueAt = instantOf(due, 'end', jurisdiction, `${at}/due`, problems);
    if (dueText !== undefined) stated.dueText = dueText;
    if (ongoing !== undefined) stated.ongoing = ongoing;
    if (milestones !== undefined) {
      stated.milestones = milestones.flatMap((milestone, index) => {
        const dueAt = instantOf(milestone.due, 'end', jurisdiction, `${at}/milestones/${index}/due`, problems);
        const { code, title: called, text: wording } = milestone;
        return dueAt === null ? [] : [{ code, title: called, text: wording, dueAt }];
      });
    }
    if (task.targets !== undefined) stated.targets = task.targets;
    if (task.notes !== undefined) stated.notes = task.notes;
    if (task.sourceLines !== undefined) stated.source = sourceOf(task.documentNumber, task.sourceLines);
    return stated;
  }

  #opened({ id, pointer, task, stated }: Row): PlannedTask | null {
    const { leadUnits } = stated;
    const missing = (['title', 'text', 'leadUnits'] as const).filter((field) => stated[field] === undefined);
    for (const field of missing) {
      this.#problems.add(`${pointer}/${field}`, 'required', 'A new task needs this.', '新任务必填。');
    }
    if (task.asOf !== null) {
      this.#problems.add(
        `${pointer}/seq`,
        'unknown_reference',
        'The row bears a version, but there is no such task. Leave the version empty to assign a new one.',
        '该行带有版本号，但没有对应的任务；新增任务请将版本留空。',
      );
      return null;
    }
    if (missing.length > 0) return null;
    if (leadUnits?.length === 0) {
      this.#problems.add(`${pointer}/leadUnits`, 'required', 'A task needs a lead unit.', '任务须有牵头单位。');
      return null;
    }
    const definition = { ...EMPTY, ...stated } as TaskDefinition;
    return { id, pointer, definition, head: null, before: null, changed: Object.keys(definition), basis: task.basis };
  }

  async #changed(row: Row, head: Head): Promise<PlannedTask | null> {
    const { id, pointer, task, stated } = row;
    const state = head.state as ExistingTask;
    const before = await this.#wordingAt(head, state.wordingVersion);
    const exported = task.asOf === null ? null : await this.#exportedAt(head, before, task.asOf);
    if (task.asOf !== null && exported === null) {
      const [en, zh] = ['The ledger has no such version of this task.', '该任务没有此版本，请重新导出台账。'];
      this.#problems.add(`${pointer}/asOf`, 'unknown_reference', en, zh);
      return null;
    }
    const compared = exported?.fields ?? before;
    const shown = exported === null ? before : shownFields(state, before);
    // An edit that stands already, because the same ledger came before, is none.
    const changed = (Object.keys(stated) as (keyof TaskDefinition)[]).filter(
      (field) => !sameData(compared[field], stated[field]) && !sameData(shown[field], stated[field]),
    );
    if (exported !== null) {
      this.#reportOvertaken(row, changed, compared, shown);
      this.#reportStatus(row, exported.status);
    }
    if (stated.leadUnits?.length === 0) {
      this.#problems.add(`${pointer}/leadUnits`, 'required', 'A task needs a lead unit.', '任务须有牵头单位。');
    }
    const edits = Object.fromEntries(changed.map((field) => [field, stated[field]]));
    return { id, pointer, head, before, changed, definition: { ...before, ...edits }, basis: task.basis };
  }

  /** Somebody changed the same field since the ledger was exported: which of the two is meant, only a person can say. */
  #reportOvertaken(
    { pointer }: Row,
    changed: readonly (keyof TaskDefinition)[],
    exported: TaskDefinition,
    now: TaskDefinition,
  ): void {
    for (const field of changed) {
      if (sameData(exported[field], now[field])) continue;
      this.#problems.add(
        `${pointer}/${POINTERS[field] ?? field}`,
        'changed_since_export',
        'This was changed in the system after the ledger was exported. Export it again and repeat the edit.',
        '导出台账后该内容已在系统中修改，请重新导出后再改。',
      );
    }
  }

  #reportStatus({ pointer, task }: Row, exported: TaskStatus): void {
    if (task.shownStatus === undefined || task.shownStatus === exported) return;
    this.#problems.add(
      `${pointer}/shownStatus`,
      'read_only',
      'A status follows from acceptance, completion and closing; it cannot be imported. Undo the edit and act in the system.',
      '状态由签收、办结、销号产生，不能经导入修改；请恢复原值，并在系统中办理。',
    );
  }

  async #wordingAt(head: Head, version: number): Promise<TaskDefinition> {
    const [recorded] = await this.#store.read(head.ref, { from: version, to: version });
    const event = recorded?.event as unknown as TaskEvent | undefined;
    if (event === undefined || !('definition' in event)) {
      throw new Error(`${head.ref.id} lacks its wording at version ${version}.`);
    }
    return event.definition;
  }

  /** What a ledger exported at that version showed; null when there is no such version. */
  async #exportedAt(head: Head, wording: TaskDefinition, version: number): Promise<Exported | null> {
    if (version > head.version || version < 1) return null;
    if (version === head.version) {
      const now = head.state as ExistingTask;
      return { status: now.status, fields: shownFields(now, wording) };
    }
    const recorded = await this.#store.read(head.ref, { to: version });
    const events = recorded.map(({ event }) => event);
    const then = fold('task', taskAggregate.initial, events) as TaskState;
    if (then.status === 'none') return null;
    return { status: then.status, fields: shownFields(then, await this.#wordingAt(head, then.wordingVersion)) };
  }
}

const EMPTY = {
  ...{ responsibleUnits: [], leaders: [], dueAt: null, dueText: null, ongoing: false, milestones: [] },
  ...{ targets: [], source: null, notes: [] },
} as const satisfies Stated;

/** Where a definition's field stands in a bundle, if under another name. */
const POINTERS: Partial<Record<keyof TaskDefinition, string>> = { dueAt: 'due', source: 'sourceLines' };

/** A task's wording with what has become of it since: this is what people see, and what a ledger prints. */
export function shownFields(task: ExistingTask, wording: TaskDefinition): TaskDefinition {
  const { leadUnits, responsibleUnits, leaders } = task;
  return { ...wording, leadUnits, responsibleUnits, leaders, dueAt: dueLimit(task)?.dueAt ?? null };
}

function listKey({ documentNumber, list }: { readonly documentNumber: string; readonly list: string }): string {
  return `${documentNumber} ${list}`;
}

function sourceOf(documentNumber: string, lines: readonly [number, number] | null): string | null {
  return lines === null ? null : `${documentNumber} 公报第${lines[0]}—${lines[1]}行`;
}

function unknownList(task: ImportedTask, pointer: string, structure: Structure): ImportProblem {
  return {
    pointer,
    code: 'unknown_reference',
    message: `No plan has the list "${task.list}" of ${task.documentNumber}.`,
    messageZh: `没有属于 ${task.documentNumber} 的清单“${task.list}”。`,
    suggestions: structure.data.plans.map(listKey).slice(0, 3),
  };
}

function doubled(pointer: string): ImportProblem {
  return {
    pointer,
    code: 'duplicate_key',
    message: 'Another task of the same list has this number.',
    messageZh: '同一清单中序号重复。',
    suggestions: [],
  };
}

/** The record of a planned task that an import keeps and is carried out from. */
export function changeOf({ id, before, definition, changed, basis }: PlannedTask): RecordChange {
  return {
    kind: 'tasks',
    key: id,
    change: before === null ? 'added' : 'changed',
    before,
    after: definition,
    ...(before === null ? {} : { fields: changed, basis }),
  };
}
