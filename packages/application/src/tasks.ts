import {
  type Actor,
  type CommandContext,
  DomainError,
  type ExistingTask,
  explainLimits,
  isHidden,
  type Role,
  rolesFor,
  type Structure,
  seatsOf,
  shownTask,
  TASK_RIGHTS,
  type TaskCommand,
  type TaskDefinition,
  type TaskEvent,
  type TaskState,
  taskAggregate,
  taskRoles,
} from '@duban/domain';
import { fold } from './aggregates.ts';
import { commitOf, sendSoon } from './commit.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError, forbidden, notFound } from './errors.ts';
import { asOne, type Idempotency, idempotencyClaim, recall } from './idempotency.ts';
import type { Commit, Head, RecordedEvent, StreamRef } from './ports.ts';

/** Who asks, in which jurisdiction, as part of which request. */
export interface Caller {
  readonly jurisdiction: string;
  readonly actor: Actor;
  readonly correlationId: string;
}

export interface WriteOptions {
  /** The version the caller has seen; anything else is refused. */
  readonly ifMatch: number | null;
  readonly idempotency: Idempotency | null;
}

/** A task with its wording, as answers show it. */
export interface TaskView {
  readonly task: ExistingTask;
  readonly definition: TaskDefinition;
  readonly roles: ReadonlySet<Role>;
  readonly structure: Structure;
}

const ATTEMPTS = 3;

export function taskRef(jurisdiction: string, id: string): StreamRef {
  return { jurisdiction, type: 'task', id };
}

/** The task an escalation belongs to: its id is part of the escalation's. */
export function taskIdOfEscalation(escalationId: string): string {
  return `task_${escalationId.slice('escalation_'.length, escalationId.lastIndexOf('-'))}`;
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
  return write(
    deps,
    caller,
    taskRef(caller.jurisdiction, deps.ids.next('task')),
    { ...options, ifMatch: null },
    (id) => ({
      type: 'Assign',
      taskId: id,
      definition,
      policy,
      importId: null,
    }),
  );
}

/** Any other command on a task; answers the task as it is afterwards. */
export async function commandTask(
  deps: Dependencies,
  caller: Caller,
  taskId: string,
  command: TaskCommand,
  options: WriteOptions,
): Promise<TaskView> {
  return write(deps, caller, taskRef(caller.jurisdiction, taskId), options, () => command);
}

async function write(
  deps: Dependencies,
  caller: Caller,
  ref: StreamRef,
  options: WriteOptions,
  commandFor: (id: string) => TaskCommand,
): Promise<TaskView> {
  return asOne(deps, caller, options.idempotency, () => writeOnce(deps, caller, ref, options, commandFor));
}

async function writeOnce(
  deps: Dependencies,
  caller: Caller,
  ref: StreamRef,
  options: WriteOptions,
  commandFor: (id: string) => TaskCommand,
): Promise<TaskView> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await recall(deps, caller, options.idempotency);
    if (before !== null) return viewAt(deps, caller, taskRef(caller.jurisdiction, before.id), before.version);
    // In this order: an import that wrote the head is among what the structure read after it tells.
    const head = await deps.store.load(ref);
    const structure = await deps.structures.current(caller.jurisdiction);
    const command = commandFor(ref.id);
    const context = contextFor(deps, caller, structure);
    authorise(context, head, command);
    refuseDuringImport(head, structure);
    requireVersion(head, options.ifMatch);
    const state = (head?.state ?? taskAggregate.initial) as TaskState;
    const events = taskAggregate.decide(state, command, context);
    if (events.length === 0 && head !== null) return viewOf(deps, context, head.state as ExistingTask, null);
    const meta = { at: context.now, actor: caller.actor.person, correlationId: caller.correlationId };
    const plain = commitOf(head, ref, events, meta);
    const claims = idempotencyClaim(caller, options.idempotency, ref.id, plain, context.now);
    const commit: Commit = { ...plain, claims };
    const [outcome] = await deps.store.commit([commit]);
    if (outcome?.status === 'committed') {
      await sendSoon(deps, [commit]);
      return viewOf(deps, context, commit.state as ExistingTask, events);
    }
    if (outcome?.status === 'rejected') {
      throw new ApplicationError(
        'too_large',
        'This is more than one record can hold; shorten it.',
        '内容过长，请精简后再提交。',
      );
    }
  }
  throw new ApplicationError(
    'conflict',
    'Others are changing this task at this moment. Read it again, then repeat.',
    '该任务正被他人修改，请刷新后重试。',
  );
}

function contextFor(deps: Dependencies, caller: Caller, structure: Structure): CommandContext {
  const now = deps.clock.now();
  const seats = seatsOf(structure, caller.actor, now);
  return { now, calendar: structure.calendar, structure, actor: caller.actor.person, seats };
}

/** A stranger hears the same as for a task that does not exist; an insider hears that the act is not theirs. */
function authorise(context: CommandContext, head: Head | null, command: TaskCommand): void {
  const allowed = TASK_RIGHTS[command.type];
  if (command.type === 'Assign') {
    const roles = rolesFor(context.seats, { ...command.definition, leadUnits: [], responsibleUnits: [], leaders: [] });
    if (!allowed.some((role) => roles.has(role))) throw forbidden('assigning tasks of this plan');
    return;
  }
  const shown = head === null ? null : shownTask(head.state as ExistingTask, context.structure.unpublished);
  if (shown === null) throw notFound();
  const roles = taskRoles(context.seats, shown);
  if (roles.size === 0) throw notFound();
  if (!allowed.some((role) => roles.has(role))) throw forbidden(command.type);
}

/** What a command found would not be what the person saw; refused, it can be repeated in a moment. */
function refuseDuringImport(head: Head | null, structure: Structure): void {
  if (head === null || !isHidden(head.state as ExistingTask, structure.unpublished)) return;
  throw new ApplicationError(
    'import_under_way',
    'An import that changes this task is being written; repeat in a moment.',
    '正在导入涉及该任务的文件，请稍后重试。',
  );
}

function requireVersion(head: Head | null, ifMatch: number | null): void {
  if (ifMatch === null || head?.version === ifMatch) return;
  throw new ApplicationError(
    'precondition_failed',
    `The task is at version ${head?.version ?? 0}, not ${ifMatch}. Read it again, then repeat.`,
    '任务已被更新，请刷新后重试。',
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

/** The events of a task, oldest first. */
export async function readTaskEvents(
  deps: Dependencies,
  caller: Caller,
  taskId: string,
  from: number,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  const { task } = await readTask(deps, caller, taskId);
  return deps.store.read(taskRef(caller.jurisdiction, taskId), { from, to: task.version, limit });
}

/** Each limit of a task and why it says what it says. */
export async function explainTask(deps: Dependencies, caller: Caller, taskId: string) {
  const view = await readTask(deps, caller, taskId);
  const now = deps.clock.now();
  return { view, now, limits: explainLimits(view.task, now, view.structure.calendar) };
}

async function viewAt(deps: Dependencies, caller: Caller, ref: StreamRef, version: number): Promise<TaskView> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const recorded = await deps.store.read(ref, { to: version });
  const events = recorded.map((entry) => entry.event);
  const task = fold('task', taskAggregate.initial, events) as ExistingTask;
  return viewOf(deps, contextFor(deps, caller, structure), task, events as unknown as readonly TaskEvent[]);
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
