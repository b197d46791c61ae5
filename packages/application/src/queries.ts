import type { Instant } from '@duban/calendar';
import {
  type NextStep,
  type Recipient,
  resolveTargets,
  rolesFor,
  type Seats,
  type Structure,
  seatsOf,
  type Target,
  type TaskEscalated,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { mergeLists } from './merge-lists.ts';
import type { ChainVerification, StreamRef } from './ports.ts';
import {
  type EscalationSummary,
  escalationSummaries,
  partitions,
  scopes,
  sortKey,
  type TaskRow,
  type TaskSummary,
} from './project.ts';
import { structureRef } from './structure-source.ts';
import { type Caller, readTask, taskIdOfEscalation, taskRef } from './tasks.ts';
import { readingFor, readWhole, shownCounts, shownRow } from './visibility.ts';

export interface TaskFilter {
  readonly plan: string | null;
  readonly unit: string | null;
  /** Group code. */
  readonly office: string | null;
  readonly status: string | null;
  readonly light: string | null;
  readonly dueBefore: Instant | null;
}

/** Tasks the caller may see, by due instant. */
export async function listTasks(
  deps: Dependencies,
  caller: Caller,
  filter: TaskFilter,
  page: PageRequest,
): Promise<PageResult<TaskSummary>> {
  return readWhole(deps, caller.jurisdiction, async (structure) => {
    const seats = seatsOf(structure, caller.actor, deps.clock.now());
    const reading = readingFor(structure);
    const before = filter.dueBefore === null ? {} : { before: sortKey(filter.dueBefore, '') };
    const lists = taskPartitions(seats, filter);
    return mergeLists(deps.views, caller.jurisdiction, lists, page, { ...before, ...reading }, async (entries) => {
      const ids = entries.map((entry) => entry.sort.slice(entry.sort.indexOf('#') + 1));
      const rows = await deps.views.get(caller.jurisdiction, [...new Set(ids)], reading);
      return entries.map((entry, index) => {
        const summary = shownTaskRow(rows, ids[index] ?? '', structure);
        // An import that moved the task leaves an entry at either place until it is settled: one of them is shown.
        const belongs = summary !== null && entry.sort === sortKey(summary.dueAt, summary.id);
        return belongs && maySee(seats, summary) && matches(summary, filter) ? summary : null;
      });
    });
  });
}

type Rows = Awaited<ReturnType<Dependencies['views']['get']>>;

function shownTaskRow(rows: Rows, id: string, { unpublished }: Structure): TaskSummary | null {
  const row = rows.get(id)?.body as TaskRow | undefined;
  return row === undefined ? null : shownRow(row, unpublished);
}

/** The narrowest partitions that hold all that matches; what the caller may not see is left out afterwards. */
function taskPartitions(seats: Seats, { plan, unit, office }: TaskFilter): readonly string[] {
  if (unit !== null) return [partitions.tasksOfUnit(unit)];
  if (plan !== null) return [partitions.tasksOfPlan(plan)];
  if (office !== null) return [partitions.tasksOfOffice(office)];
  if (seats.admin || seats.supervision) return [partitions.allTasks];
  return [
    ...[...seats.units].map(partitions.tasksOfUnit),
    ...[...seats.offices, ...seats.leads].map(partitions.tasksOfOffice),
    ...[...seats.posts].flatMap((post) => [partitions.tasksOfLeader(post), partitions.tasksOfMailbox(`post:${post}`)]),
  ];
}

function maySee(seats: Seats, summary: TaskSummary): boolean {
  return (
    rolesFor(seats, summary).size > 0 ||
    summary.addressed.some((mailbox) => mailbox.startsWith('post:') && seats.posts.has(mailbox.slice('post:'.length)))
  );
}

function matches(summary: TaskSummary, filter: TaskFilter): boolean {
  const { plan, unit, office, status, light } = filter;
  const units = [...summary.leadUnits, ...summary.responsibleUnits];
  return (
    (plan === null || summary.plan === plan) &&
    (unit === null || units.includes(unit)) &&
    (office === null || summary.group === office) &&
    (status === null || summary.status === status) &&
    (light === null || summary.light === light)
  );
}

export interface EscalationFilter {
  readonly office: string | null;
  readonly unit: string | null;
  readonly state: EscalationSummary['state'] | null;
}

export type ListedEscalation = EscalationSummary & { readonly taskTitle: string };

/** Escalations the caller may see, latest first. */
export async function listEscalations(
  deps: Dependencies,
  caller: Caller,
  filter: EscalationFilter,
  page: PageRequest,
): Promise<PageResult<ListedEscalation>> {
  return readWhole(deps, caller.jurisdiction, async (structure) => {
    const seats = seatsOf(structure, caller.actor, deps.clock.now());
    const lists = escalationPartitions(structure, seats, filter);
    const reading = readingFor(structure);
    const options = { descending: true, ...reading };
    return mergeLists(deps.views, caller.jurisdiction, lists, page, options, async (entries) => {
      const found = entries.map((entry) => entry.data as EscalationSummary);
      const wanted = found.map(({ state }) => filter.state === null || state === filter.state);
      const ids = [...new Set(found.filter((_, index) => wanted[index]).map((escalation) => escalation.taskId))];
      const tasks = await deps.views.get(caller.jurisdiction, ids, reading);
      return found.map((escalation, index) => {
        const task = wanted[index] ? shownTaskRow(tasks, escalation.taskId, structure) : null;
        const belongs =
          task !== null &&
          (filter.office === null || task.group === filter.office) &&
          (filter.unit === null || task.leadUnits.includes(filter.unit));
        return belongs && maySee(seats, task) ? { ...escalation, group: task.group, taskTitle: task.title } : null;
      });
    });
  });
}

function escalationPartitions(
  structure: Structure,
  seats: Seats,
  { office, unit }: EscalationFilter,
): readonly string[] {
  if (unit !== null) return [partitions.escalationsOfUnit(unit)];
  if (office !== null) return [partitions.escalationsOfOffice(office)];
  // Whoever a ladder climbed to may hold no seat in the group: every office's list is looked through for theirs.
  const offices = structure.data.groups.map((group) => partitions.escalationsOfOffice(group.code));
  return [...offices, ...[...seats.units].map(partitions.escalationsOfUnit)];
}

export type EscalationDetail = ListedEscalation & {
  /** Who was told, and the path that led there. */
  readonly recipients: readonly Recipient[];
  /** What followed if nobody acted, as seen when it was raised. */
  readonly next: NextStep | null;
};

export async function readEscalation(deps: Dependencies, caller: Caller, id: string): Promise<EscalationDetail> {
  const taskId = taskIdOfEscalation(id);
  const { task } = await readTask(deps, caller, taskId);
  const summary = escalationSummaries(task).find((escalation) => escalation.id === id);
  if (summary === undefined) throw notFound();
  const recorded = await deps.store.read(taskRef(caller.jurisdiction, taskId));
  const raised = recorded
    .map((entry) => entry.event)
    .find(
      (event): event is TaskEscalated => event.type === 'TaskEscalated' && (event as TaskEscalated).escalationId === id,
    );
  if (raised === undefined) throw new Error(`${id} stands in its task's head but not in its events.`);
  return { ...summary, taskTitle: task.title, recipients: raised.recipients, next: raised.next };
}

export interface Dashboard {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byLight: Readonly<Record<string, number>>;
  readonly byLeadUnit: readonly (Omit<Dashboard, 'byLeadUnit'> & { readonly unit: string; readonly name: string })[];
}

/** Counts of one plan, office or unit; from counters, however many tasks there are. */
export async function dashboard(
  deps: Dependencies,
  caller: Caller,
  {
    plan,
    office,
    unit,
  }: { readonly plan: string | null; readonly office: string | null; readonly unit: string | null },
): Promise<Dashboard> {
  return readWhole(deps, caller.jurisdiction, (structure) =>
    countTasks(deps, caller, structure, { plan, office, unit }),
  );
}

async function countTasks(
  deps: Dependencies,
  caller: Caller,
  structure: Structure,
  {
    plan,
    office,
    unit,
  }: { readonly plan: string | null; readonly office: string | null; readonly unit: string | null },
): Promise<Dashboard> {
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  const reading = readingFor(structure);
  const group = office ?? (plan === null ? null : (structure.plan(plan)?.group ?? null));
  const mayCount =
    seats.admin ||
    seats.supervision ||
    (group !== null && (seats.offices.has(group) || seats.leads.has(group))) ||
    (unit !== null && seats.units.has(unit));
  if (!mayCount) throw notFound();
  const scope = unit !== null ? scopes.unit(unit) : plan !== null ? scopes.plan(plan) : scopes.office(office ?? '');
  const prefix = scopes.leadIn(scope, '');
  const [whole, below] = await Promise.all([
    deps.views.counters(caller.jurisdiction, scope, reading),
    unit !== null ? NO_COUNTERS : deps.views.countersBelow(caller.jurisdiction, prefix, reading),
  ]);
  const byLeadUnit = Object.entries(below).map(([name, buckets]) => {
    const code = name.slice(prefix.length);
    return {
      unit: code,
      name: structure.unit(code)?.name ?? code,
      ...counted(shownCounts(buckets, structure.unpublished)),
    };
  });
  return {
    ...counted(shownCounts(whole, structure.unpublished)),
    byLeadUnit: byLeadUnit.filter((lead) => lead.total > 0),
  };
}

const NO_COUNTERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {};

function counted(buckets: Readonly<Record<string, number>>) {
  const under = (prefix: string) =>
    Object.fromEntries(
      Object.entries(buckets)
        .filter(([bucket, count]) => bucket.startsWith(prefix) && count !== 0)
        .map(([bucket, count]) => [bucket.slice(prefix.length), count]),
    );
  return { total: buckets.total ?? 0, byStatus: under('status/'), byLight: under('light/') };
}

/** Walks the hash chain of a task, a digest or the structure. For supervision and administrators. */
export async function verifyAggregate(
  deps: Dependencies,
  caller: Caller,
  aggregate: string,
): Promise<ChainVerification> {
  const { seats } = await currentStructure(deps, caller);
  if (!seats.admin && !seats.supervision) throw notFound();
  const ref = refOf(caller.jurisdiction, aggregate);
  if (ref === null || (await deps.store.load(ref)) === null) throw notFound();
  return deps.store.verify(ref);
}

function refOf(jurisdiction: string, aggregate: string): StreamRef | null {
  if (aggregate === 'structure') return structureRef(jurisdiction);
  if (aggregate.startsWith('task_')) return taskRef(jurisdiction, aggregate);
  return aggregate.startsWith('digest_') ? { jurisdiction, type: 'digest', id: aggregate } : null;
}

/** Who would be told at an instant, and the path that leads there. */
export async function recipientsOf(
  deps: Dependencies,
  caller: Caller,
  group: string,
  target: Target,
  at: Instant | null,
): Promise<readonly Recipient[]> {
  const { structure } = await currentStructure(deps, caller);
  if (structure.group(group) === null) throw notFound();
  return resolveTargets(structure, at ?? deps.clock.now(), { group, leadUnits: [] }, [target]);
}
