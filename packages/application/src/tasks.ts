import {
  type CommandContext,
  DomainError,
  type ExistingTask,
  isHidden,
  type Role,
  rolesFor,
  type SourceReference,
  type Structure,
  shownTask,
  TASK_CLOCK,
  TASK_RIGHTS,
  type TaskCommand,
  type TaskDefinition,
  type TaskEvent,
  type TaskState,
  taskAggregate,
  taskRoles,
} from '@duban/domain';
import { requireOneOf, requireRight } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError, notFound } from './errors.ts';
import { type ClockView, explainItem } from './explain.ts';
import type { StreamRef } from './ports.ts';
import { type Caller, contextFor, type ItemKind, itemRef, type WriteOptions, writeItem } from './write-item.ts';

/** A task with its wording, as answers show it. */
export interface TaskView {
  readonly task: ExistingTask;
  readonly definition: TaskDefinition;
  readonly roles: ReadonlySet<Role>;
  readonly structure: Structure;
}

export const TASKS: ItemKind<TaskState, TaskCommand, TaskEvent> = { type: 'task', aggregate: taskAggregate, authorise };

export function taskRef(jurisdiction: string, id: string): StreamRef {
  return itemRef(jurisdiction, 'task', id);
}

/** 交办: opens a task under a plan. The id is new, or the caller's where one request must always name the same task. */
export async function assignTask(
  deps: Dependencies,
  caller: Caller,
  definition: TaskDefinition,
  options: Pick<WriteOptions, 'idempotency'>,
): Promise<TaskView> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const plan = structure.plan(definition.plan);
  const policy = plan === null ? null : structure.policy(plan.policy);
  if (policy === null) {
    throw new DomainError('unknown_reference', `There is no plan "${definition.plan}".`, '没有这个方案。', '/plan');
  }
  const taskId = deps.ids.next('task');
  const command: TaskCommand = { type: 'Assign', taskId, definition, policy, importId: null };
  return write(deps, caller, taskId, command, { ...options, ifMatch: null });
}

/** Any other command on a task; answers the task as it is afterwards. */
export async function commandTask(
  deps: Dependencies,
  caller: Caller,
  taskId: string,
  command: TaskCommand,
  options: WriteOptions,
): Promise<TaskView> {
  return write(deps, caller, taskId, command, options);
}

async function write(
  deps: Dependencies,
  caller: Caller,
  taskId: string,
  command: TaskCommand,
  options: WriteOptions,
): Promise<TaskView> {
  const { state, context, events } = await writeItem(deps, caller, TASKS, taskId, options, {
    commandFor: () => command,
  });
  return viewOf(deps, context, state as ExistingTask, events);
}

/** A stranger hears the same as for a task that does not exist; an insider hears that the act is not theirs. */
function authorise(context: CommandContext, task: TaskState | null, command: TaskCommand): void {
  const { seats, structure } = context;
  const allowed = TASK_RIGHTS[command.type];
  if (command.type === 'Assign') {
    const roles = rolesFor(seats, { ...command.definition, leadUnits: [], responsibleUnits: [], leaders: [] });
    requireOneOf(allowed, roles, 'assigning tasks of this plan');
    return;
  }
  const existing = task === null || task.status === 'none' ? null : task;
  const shown = existing === null ? null : shownTask(existing, structure.unpublished);
  const found = shown && { item: shown, roles: taskRoles(seats, shown), clock: TASK_CLOCK };
  requireRight(allowed, found, command, context);
  refuseDuringImport(existing, structure);
}

/** What a command found would not be what the person saw; refused, it can be repeated in a moment. */
function refuseDuringImport(task: ExistingTask | null, structure: Structure): void {
  if (task === null || !isHidden(task, structure.unpublished)) return;
  throw new ApplicationError(
    'import_under_way',
    'An import that changes this task is being written; repeat in a moment.',
    '正在导入涉及该任务的文件，请稍后重试。',
  );
}

/** A task as the caller may see it. Absent and hidden are the same. */
export async function readTask(deps: Dependencies, caller: Caller, taskId: string): Promise<TaskView> {
  const head = await deps.store.load(taskRef(caller.jurisdiction, taskId));
  const structure = await deps.structures.current(caller.jurisdiction);
  const context = contextFor(deps, caller, structure);
  const task = head === null ? null : shownTask(head.state as ExistingTask, structure.unpublished);
  if (task === null || taskRoles(context.seats, task).size === 0) throw notFound();
  return viewOf(deps, context, task, null);
}

/** Each limit of a task and why it says what it says. */
export async function explainTask(deps: Dependencies, caller: Caller, taskId: string): Promise<ClockView> {
  const { task, definition, structure } = await readTask(deps, caller, taskId);
  const printed = sourceOf(definition);
  const ladder = { documentNumber: task.policy.source, lines: null };
  return explainItem(deps, taskRef(caller.jurisdiction, taskId), task, structure, TASK_CLOCK, ({ kind }) =>
    kind === 'due' || kind === 'milestone' ? printed : ladder,
  );
}

/** A task's source is the authority cited, or lines of the gazette: `泸政办发〔2023〕5号 公报第1700—1702行`. */
function sourceOf({ source, documentNumber }: TaskDefinition): SourceReference {
  const [, number, from, to] = /^(.+) 公报第(\d+)—(\d+)行$/u.exec(source ?? '') ?? [];
  if (number === undefined) return { documentNumber: source ?? documentNumber, lines: null };
  return { documentNumber: number, lines: [Number(from), Number(to)] };
}

/** The wording lies in the event that states it: looked for among the events at hand, else read. */
async function viewOf(
  deps: Dependencies,
  { structure, seats }: CommandContext,
  task: ExistingTask,
  events: readonly TaskEvent[] | null,
): Promise<TaskView> {
  const ref = taskRef(structure.jurisdiction.code, task.id);
  const stated = events?.findLast(statesWording) ?? null;
  const { wordingVersion: from } = task;
  const event =
    stated ?? ((await deps.store.read(ref, { from, to: from }))[0]?.event as unknown as TaskEvent | undefined);
  if (event === undefined || !statesWording(event)) throw new Error(`${task.id} lacks its wording at version ${from}.`);
  return { task, definition: event.definition, roles: taskRoles(seats, task), structure };
}

function statesWording(event: TaskEvent): event is Extract<TaskEvent, { definition: TaskDefinition }> {
  return event.type === 'TaskAssigned' || event.type === 'TaskCorrected';
}
