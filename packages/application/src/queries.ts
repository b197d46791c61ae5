import type { Instant } from '@duban/calendar';
import { type Recipient, resolveTargets, type Seats, type Structure, seatsOf, type Target } from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from './access.ts';
import { aggregates } from './aggregates.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { mergeLists } from './merge-lists.ts';
import type { AggregateType, StreamRef } from './ports.ts';
import { structureRef } from './structure-source.ts';
import { idOfSort, partitions, scopes, sortKey } from './views/names.ts';
import { mayReadRow } from './views/seen.ts';
import type { TaskRow, TaskSummary } from './views/task.ts';
import { readingFor, readWhole, shownCounts, shownRow } from './visibility.ts';
import { type Caller, itemRef } from './write-item.ts';

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
      const ids = entries.map((entry) => idOfSort(entry.sort));
      const rows = await deps.views.get(caller.jurisdiction, [...new Set(ids)], reading);
      return entries.map((entry, index) => {
        const summary = shownTaskRow(rows, ids[index] ?? '', structure);
        // An import that moved the task leaves an entry at either place until it is settled: one of them is shown.
        const belongs = summary !== null && entry.sort === sortKey(summary.dueAt, summary.id);
        return belongs && mayReadRow(structure, seats, summary) && matches(summary, filter) ? summary : null;
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

/** There is one structure, and it is named without a prefix. */
const PREFIXED = (Object.keys(aggregates) as AggregateType[]).filter((type) => type !== 'structure');

/** The stream that an id names: an item's, a digest's, or `structure`; null when it is none. */
export function aggregateRef(jurisdiction: string, aggregate: string): StreamRef | null {
  if (aggregate === 'structure') return structureRef(jurisdiction);
  const type = PREFIXED.find((candidate) => aggregate.startsWith(`${candidate}_`));
  return type === undefined ? null : itemRef(jurisdiction, type, aggregate);
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
