import type { Instant } from '@duban/calendar';
import { type ExistingTask, isHidden, lightOf } from '@duban/domain';
import type { Head, IndexEntry, Projection } from '../ports.ts';
import { ADDED_BY_IMPORT, TAKEN_BY_IMPORT } from '../visibility.ts';
import { addressedOf, escalationEntries, mailboxLists, openEscalationsOf } from './escalations.ts';
import { partitions, scopes, sortKey } from './names.ts';
import type { ItemRow } from './rows.ts';

/** What lists and dashboards show of a task. */
export interface TaskSummary extends ItemRow {
  readonly plan: string;
  readonly group: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number | null;
  readonly responsibleUnits: readonly string[];
  readonly leaders: readonly string[];
  readonly status: ExistingTask['status'];
  readonly assignedAt: Instant;
  readonly percent: number | null;
  readonly listed: boolean;
}

/** A task's row: while an import is not published, with what stood there before it. */
export interface TaskRow extends TaskSummary {
  readonly held: { readonly importId: string; readonly before: TaskSummary | null } | null;
}

export function summaryOf(task: ExistingTask): TaskSummary {
  const { id, version, title, plan, group, documentNumber, list, seq } = task;
  const { leadUnits, responsibleUnits, leaders, status, assignedAt, percent, listed } = task;
  return {
    ...{ id, version, title, plan, group, documentNumber, list, seq },
    ...{ leadUnits, responsibleUnits, leaders, status, assignedAt, percent, listed },
    light: lightOf(task),
    dueAt: task.limits.find((limit) => limit.kind === 'due')?.dueAt ?? null,
    openEscalations: openEscalationsOf(task),
    addressed: addressedOf(task),
  };
}

/**
 * A head that an import has written is projected twice: with both its sides, then, once that is published, as it is.
 * Hence two versions of the view for each of the head.
 */
export function taskProjection(head: Head, task: ExistingTask, unpublished: string | null): Projection {
  const hidden = isHidden(task, unpublished);
  const before = hidden ? (task.held?.before ?? null) : null;
  const body: TaskRow = {
    ...summaryOf(task),
    held: task.held !== null && hidden ? { importId: task.held.importId, before: before && summaryOf(before) } : null,
  };
  const apart = (mark: string, cells: Projection['counts']) =>
    cells.map(({ scope, bucket }) => ({ scope, bucket: mark + bucket }));
  return {
    jurisdiction: head.ref.jurisdiction,
    id: task.id,
    version: 2 * head.version + (hidden ? 0 : 1),
    body,
    entries: [...entriesOf(task), ...(before === null ? [] : entriesOf(before))],
    counts: hidden
      ? [
          ...apart(ADDED_BY_IMPORT, countsOf(task)),
          ...(before === null ? [] : [...countsOf(before), ...apart(TAKEN_BY_IMPORT, countsOf(before))]),
        ]
      : countsOf(task),
  };
}

function entriesOf(task: ExistingTask): readonly IndexEntry[] {
  const summary = summaryOf(task);
  const sort = sortKey(summary.dueAt, task.id);
  const units = [...new Set([...task.leadUnits, ...task.responsibleUnits])];
  const lists = [
    partitions.allTasks,
    partitions.tasksOfPlan(task.plan),
    partitions.tasksOfOffice(task.group),
    ...units.map(partitions.tasksOfUnit),
    ...task.leaders.map(partitions.tasksOfLeader),
    ...mailboxLists(summary.addressed, partitions.tasksOfMailbox),
  ];
  const concerned = [...units.map((unit) => `unit:${unit}`), ...task.leaders.map((post) => `post:${post}`)];
  return [...lists.map((partition) => ({ partition, sort })), ...escalationEntries(task, task.group, concerned)];
}

function countsOf(task: ExistingTask): Projection['counts'] {
  return countedScopes(task).flatMap((scope) =>
    ['total', `status/${task.status}`, `light/${lightOf(task)}`].map((bucket) => ({ scope, bucket })),
  );
}

function countedScopes(task: ExistingTask): readonly string[] {
  const wide = [scopes.plan(task.plan), scopes.office(task.group)];
  const byLead = wide.flatMap((scope) => task.leadUnits.map((unit) => scopes.leadIn(scope, unit)));
  return [...wide, ...task.leadUnits.map(scopes.unit), ...byLead];
}
