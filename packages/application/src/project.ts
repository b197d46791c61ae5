import type { Instant } from '@duban/calendar';
import {
  type DigestState,
  type ExistingDigest,
  type ExistingTask,
  isHidden,
  lightOf,
  type TaskState,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import type { Head, IndexEntry, Projection } from './ports.ts';
import { ADDED_BY_IMPORT, TAKEN_BY_IMPORT } from './visibility.ts';

/** What lists and dashboards show of a task. */
export interface TaskSummary {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly plan: string;
  readonly group: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  readonly leaders: readonly string[];
  readonly status: ExistingTask['status'];
  readonly light: ReturnType<typeof lightOf>;
  readonly dueAt: Instant | null;
  readonly assignedAt: Instant;
  readonly percent: number | null;
  readonly listed: boolean;
  readonly openEscalations: number;
  /** Mailboxes an escalation of this task was addressed to; who holds one may read it. */
  readonly addressed: readonly string[];
}

/** A task's row: while an import is not published, with what stood there before it. */
export interface TaskRow extends TaskSummary {
  readonly held: { readonly importId: string; readonly before: TaskSummary | null } | null;
}

/** What lists show of an escalation; its task's title is looked up in the task's row. */
export interface EscalationSummary {
  readonly id: string;
  readonly taskId: string;
  readonly group: string;
  readonly limitId: string;
  readonly step: number;
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly action: 'escalate' | 'circular';
  readonly urgent: boolean;
  readonly mailboxes: readonly string[];
  readonly detoured: boolean;
  readonly state: 'open' | 'acknowledged' | 'resolved';
}

/** What the inbox shows of a digest before it is opened. */
export type InboxEntry = Pick<ExistingDigest, 'id' | 'mailbox' | 'releaseAt' | 'urgent' | 'count' | 'kinds' | 'readAt'>;

/** Names of the list partitions; readers and the projection share them. */
export const partitions = {
  allTasks: 'tasks/all',
  tasksOfPlan: (plan: string) => `tasks/plan/${plan}`,
  tasksOfOffice: (group: string) => `tasks/office/${group}`,
  tasksOfUnit: (unit: string) => `tasks/unit/${unit}`,
  tasksOfLeader: (post: string) => `tasks/leader/${post}`,
  tasksOfMailbox: (mailbox: string) => `tasks/mailbox/${mailbox}`,
  escalationsOfOffice: (group: string) => `escalations/office/${group}`,
  escalationsOfUnit: (unit: string) => `escalations/unit/${unit}`,
  inbox: (mailbox: string) => `inbox/${mailbox}`,
} as const;

/** Names of the counter scopes. */
export const scopes = {
  plan: (plan: string) => `plan/${plan}`,
  office: (group: string) => `office/${group}`,
  unit: (unit: string) => `unit/${unit}`,
  leadIn: (scope: string, unit: string) => `${scope}/lead/${unit}`,
  inbox: (mailbox: string) => `inbox/${mailbox}`,
} as const;

const NO_DUE: Instant = 9_999_999_999_999;

/** Sorts by instant, then id. Instants before 2001-09-09 would need a sign; no deadline is that old. */
export function sortKey(at: Instant | null, id: string): string {
  return `${String(at ?? NO_DUE).padStart(13, '0')}#${id}`;
}

/**
 * What the views show of an aggregate; null for those that have no view.
 * @param unpublished the jurisdiction's import that is being written; null when there is none
 */
export function projectionOf(head: Head, unpublished: string | null): Projection | null {
  switch (head.ref.type) {
    case 'task': {
      const task = head.state as TaskState;
      return task.status === 'none' ? null : taskProjection(head, task, unpublished);
    }
    case 'digest': {
      const digest = head.state as DigestState;
      return digest.status === 'none' ? null : digestProjection(head, digest);
    }
    case 'structure':
      return null;
  }
}

export function summaryOf(task: ExistingTask): TaskSummary {
  const { id, version, title, plan, group, documentNumber, list, seq } = task;
  const { leadUnits, responsibleUnits, leaders, status, assignedAt, percent, listed } = task;
  return {
    ...{ id, version, title, plan, group, documentNumber, list, seq },
    ...{ leadUnits, responsibleUnits, leaders, status, assignedAt, percent, listed },
    light: lightOf(task),
    dueAt: task.limits.find((limit) => limit.kind === 'due')?.dueAt ?? null,
    openEscalations: task.escalations.filter((escalation) => escalation.status === 'open').length,
    addressed: [...new Set(task.escalations.flatMap((escalation) => escalation.mailboxes))],
  };
}

export function escalationSummaries(task: ExistingTask): readonly EscalationSummary[] {
  return task.escalations.map(({ status, ...escalation }) => ({
    ...escalation,
    taskId: task.id,
    group: task.group,
    state: status,
  }));
}

/**
 * A head that an import has written is projected twice: with both its sides, then, once that is published, as it is.
 * Hence two versions of the view for each of the head.
 */
function taskProjection(head: Head, task: ExistingTask, unpublished: string | null): Projection {
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
    ...summary.addressed.filter((mailbox) => !mailbox.startsWith('unit:')).map(partitions.tasksOfMailbox),
  ];
  const escalations = escalationSummaries(task).flatMap((escalation): IndexEntry[] =>
    [partitions.escalationsOfOffice(task.group), ...task.leadUnits.map(partitions.escalationsOfUnit)].map(
      (partition) => ({ partition, sort: sortKey(escalation.at, escalation.id), data: escalation }),
    ),
  );
  return [...lists.map((partition) => ({ partition, sort })), ...escalations];
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

function digestProjection(head: Head, digest: ExistingDigest): Projection {
  const { id, mailbox, releaseAt, urgent, count, kinds, readAt } = digest;
  const entry: InboxEntry = { id, mailbox, releaseAt, urgent, count, kinds, readAt };
  const released = digest.status === 'released';
  return {
    jurisdiction: head.ref.jurisdiction,
    id,
    version: head.version,
    body: entry,
    entries: released ? [{ partition: partitions.inbox(mailbox), sort: sortKey(releaseAt, id), data: entry }] : [],
    counts: released ? [{ scope: scopes.inbox(mailbox), bucket: readAt === null ? 'unread' : 'read' }] : [],
  };
}

/**
 * Brings the views up to these heads. Repeats and old heads change nothing. What an import under way has written is
 * left to the import: two writers of thousands of rows would only keep each other waiting.
 */
export async function project(deps: Pick<Dependencies, 'views' | 'structures'>, heads: readonly Head[]): Promise<void> {
  const unpublished = unpublishedImports(deps);
  const projections: Projection[] = [];
  for (const head of heads) {
    const importId = await unpublished(head);
    if (importId !== null && isHidden(head.state as ExistingTask, importId)) continue;
    const projection = projectionOf(head, importId);
    if (projection !== null) projections.push(projection);
  }
  if (projections.length > 0) await deps.views.apply(projections);
}

/** Builds all views anew from the ledger. */
export async function rebuildViews(deps: Pick<Dependencies, 'views' | 'store' | 'structures'>) {
  return deps.views.rebuild(async function* () {
    const unpublished = unpublishedImports(deps);
    for await (const head of deps.store.scanHeads(null)) {
      const projection = projectionOf(head, await unpublished(head));
      if (projection !== null) yield projection;
    }
  });
}

/** The unpublished import that may have written a head: asked once a jurisdiction, and only for heads that are held. */
function unpublishedImports({ structures }: Pick<Dependencies, 'structures'>) {
  const known = new Map<string, Promise<string | null>>();
  return async ({ ref, state }: Head): Promise<string | null> => {
    if (ref.type !== 'task' || (state as ExistingTask).held === null) return null;
    const asked = known.get(ref.jurisdiction) ?? structures.current(ref.jurisdiction).then((it) => it.unpublished);
    known.set(ref.jurisdiction, asked);
    return asked;
  };
}
