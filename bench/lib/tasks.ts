import { type Commit, commitOf, type Dependencies, taskRef } from '@duban/application';
import type { Instant } from '@duban/calendar';
import {
  type CommandContext,
  DEFAULT_TASK_POLICY,
  type Policy,
  type Structure,
  seatsOf,
  type TaskDefinition,
  taskAggregate,
} from '@duban/domain';
import { loadCounty } from '@duban/gazette';

export const JURISDICTION = '433122';
/** Director of the office of 安全生产翻身仗工作专班 and staff of the bureau that leads many of its tasks: 张金颖. */
export const OFFICE_POST = 'yingji-guanli-ju.zong-gongchengshi';
export const OFFICE_UNIT = 'yingji-guanli-ju';
export const OFFICE_GROUP = 'anquan-shengchan-fanshenzhang-zhuanban';
export const PLAN = 'luxi-2023-anquan';

/** The seventeen tasks of the real list, without their deadlines: what is planted has their wording and their units. */
export function realDefinitions(): readonly TaskDefinition[] {
  return loadCounty('luxi')
    .tasks.filter((task) => task.list === '安全生产')
    .map((task) => ({
      title: task.title,
      text: task.text,
      plan: PLAN,
      group: OFFICE_GROUP,
      documentNumber: task.documentNumber,
      list: task.list,
      seq: task.seq,
      leadUnits: task.leadUnits,
      responsibleUnits: task.responsibleUnits,
      leaders: task.leaders,
      dueAt: null,
      dueText: task.dueText,
      ongoing: false,
      milestones: [],
      targets: [],
      source: null,
      notes: [],
    }));
}

/** The default ladder without its reminders, which lie days before: what is measured is the due instant. */
const LADDER: Policy = { ...DEFAULT_TASK_POLICY, remindWorkingDaysBefore: [] };

/** The commit that assigns one of the real tasks under another id and deadline. */
export function assignment(
  structure: Structure,
  now: Instant,
  id: string,
  definition: TaskDefinition,
  policy = LADDER,
): Commit {
  const actor = 'system:bench';
  const seats = seatsOf(structure, { person: actor, bootstrapAdmin: true }, now);
  const context: CommandContext = { now, calendar: structure.calendar, structure, actor, seats };
  const events = taskAggregate.decide(
    taskAggregate.initial,
    { type: 'Assign', taskId: id, definition, policy, importId: null },
    context,
  );
  return commitOf(null, taskRef(structure.jurisdiction.code, id), events, { at: now, actor, correlationId: 'bench' });
}

/**
 * Assigns many tasks straight through the event store; nothing is sent to the queue, so that the alarm clock must find them.
 * @param dueAt of the task with this number, 0 to count - 1
 * @param policy without reminders by default
 * @returns due instants by task id
 */
export async function plantTasks(
  deps: Dependencies,
  count: number,
  dueAt: (index: number) => Instant,
  policy = LADDER,
): Promise<ReadonlyMap<string, Instant>> {
  const structure = await deps.structures.current(JURISDICTION);
  const now = deps.clock.now();
  const definitions = realDefinitions();
  const planted = new Map<string, Instant>();
  for (let start = 0; start < count; start += 500) {
    const commits: Commit[] = [];
    for (let index = start; index < Math.min(count, start + 500); index += 1) {
      const id = deps.ids.next('task');
      const definition = { ...(definitions[index % definitions.length] as TaskDefinition), dueAt: dueAt(index) };
      planted.set(id, dueAt(index));
      commits.push(assignment(structure, now, id, definition, policy));
    }
    const outcomes = await deps.store.commit(commits);
    const refused = outcomes.find((outcome) => outcome.status !== 'committed');
    if (refused !== undefined) throw new Error(`A task could not be planted: ${refused.status}`);
  }
  return planted;
}
