import { type ListedEscalation, summaryOf, type TaskSummary, type TaskView } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { EscalationOfItem, LimitAnswer } from '@duban/contracts/http/clock';
import type { TaskAnswer, TaskSummaryAnswer } from '@duban/contracts/http/tasks';
import type { Clocked, Limit, Recipient, Structure } from '@duban/domain';

/** What a code is called; the code itself when it has left the structure. */
export function unitNamed(structure: Structure, code: string): { code: string; name: string } {
  return { code, name: structure.unit(code)?.name ?? code };
}

export function time(structure: Structure, at: Instant): string {
  return structure.calendar.format(at);
}

export function timeOrNull(structure: Structure, at: Instant | null): string | null {
  return at === null ? null : structure.calendar.format(at);
}

export function holderOf(structure: Structure, post: string, at: Instant): { code: string; name: string } | null {
  const person = structure.holder(post, at);
  return person === null ? null : { code: person.code, name: person.name };
}

export function presentSummary(structure: Structure, summary: TaskSummary): TaskSummaryAnswer {
  const { id, version, status, light, title, plan, group, documentNumber, list, seq } = summary;
  const { percent, listed, openEscalations, dueAt } = summary;
  return {
    ...{ id, version, status, light, title, plan, group, documentNumber, list, seq },
    ...{ percent, listed, openEscalations },
    leadUnits: summary.leadUnits.map((code) => unitNamed(structure, code)),
    responsibleUnits: summary.responsibleUnits.map((code) => unitNamed(structure, code)),
    due: timeOrNull(structure, dueAt),
    // Midnight closes the day before.
    dueDate: dueAt === null ? null : structure.calendar.dateOf(dueAt - 1),
    assignedAt: time(structure, summary.assignedAt),
  };
}

export function presentLimit(structure: Structure, limit: Limit): LimitAnswer {
  const { id, kind, status, dueSoon, next, hold } = limit;
  return {
    ...{ id, kind, status, dueSoon },
    due: time(structure, limit.dueAt),
    startedAt: time(structure, limit.startedAt),
    next: next === null || hold !== null ? null : { step: next.step, at: time(structure, next.at) },
    heldUntil: hold === null ? null : time(structure, hold.until),
  };
}

export function presentEscalationsOf(structure: Structure, { escalations }: Clocked): EscalationOfItem[] {
  return escalations.map(({ at, dueAt, mailboxes, status, ...escalation }) => ({
    ...escalation,
    at: time(structure, at),
    due: time(structure, dueAt),
    mailboxes: [...mailboxes],
    state: status,
  }));
}

export function linesOf(lines: readonly [number, number] | null): [number, number] | null {
  return lines === null ? null : [lines[0], lines[1]];
}

/** Whole seconds, a begun one counting. */
export function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms / 1_000);
}

export function presentTask({ task, definition, roles, structure }: TaskView, now: Instant): TaskAnswer {
  const limits = new Map(task.limits.map((limit) => [limit.id, limit]));
  return {
    ...presentSummary(structure, summaryOf(task)),
    ...presentEnd(task, structure),
    text: definition.text,
    leaders: task.leaders.map((code) => {
      const post = structure.post(code);
      const unit = post === null ? '' : unitNamed(structure, post.unit).name;
      return { post: code, unit, title: post?.title ?? code, holder: holderOf(structure, code, now) };
    }),
    dueText: definition.dueText,
    ongoing: task.ongoing,
    acceptedBy: [...task.acceptedBy],
    milestones: definition.milestones.map(({ code, title, text, dueAt }) => {
      const limit = limits.get(`milestone:${code}`);
      return { code, title, text, due: time(structure, limit?.dueAt ?? dueAt), status: limit?.status ?? null };
    }),
    targets: definition.targets.map((target) => ({ ...target })),
    limits: task.limits.map((limit) => presentLimit(structure, limit)),
    escalations: presentEscalationsOf(structure, task),
    extensions: task.extensions.map(({ number, limitId, newDueAt, decision }) => ({
      ...{ number, limitId, decision },
      newDue: time(structure, newDueAt),
    })),
    disputes: task.disputes.map(({ number, unit, decision }) => ({ number, unit, decision })),
    source: definition.source,
    notes: [...definition.notes],
    roles: [...roles],
  };
}

function presentEnd(task: TaskView['task'], structure: Structure) {
  const closed = task.status === 'closed' ? task : null;
  return {
    submittedAt: task.status === 'completion_submitted' ? time(structure, task.submittedAt) : null,
    suspendedUntil: task.status === 'suspended' ? time(structure, task.until) : null,
    cancelledAt: task.status === 'cancelled' ? time(structure, task.cancelledAt) : null,
    closedAt: closed === null ? null : time(structure, closed.closedAt),
    onTime: closed?.onTime ?? null,
    lateBySeconds: seconds(closed?.lateByMs ?? null),
  };
}

export function presentEscalation(structure: Structure, escalation: ListedEscalation) {
  const { id, itemId, itemTitle, group, limitId, step, action, urgent, detoured, state } = escalation;
  return {
    ...{ id, itemId, itemTitle, group, limitId, step, action, urgent, detoured, state },
    at: time(structure, escalation.at),
    due: time(structure, escalation.dueAt),
    mailboxes: [...escalation.mailboxes],
  };
}

export function presentRecipient(structure: Structure, recipient: Recipient) {
  const { mailbox, post, unit, person, path } = recipient;
  const personName = person === null ? null : (structure.person(person)?.name ?? person);
  return { mailbox, post, unit, person, personName, path: path.map((step) => ({ ...step })) };
}

const INSTANTS = new Set([
  ...['at', 'dueAt', 'newDueAt', 'stepDueAt', 'startedAt', 'holdUntil', 'from', 'to', 'until', 'endsAt'],
  ...['occurredAt', 'knownAt', 'receivedAt', 'startsAt', 'completedAt', 'ownDueAt'],
  ...['reportAt', 'since'],
]);

/** An event's data with its instants written out. */
export function presentData(structure: Structure, value: unknown, key = ''): unknown {
  if (typeof value === 'number') return INSTANTS.has(key) ? time(structure, value) : value;
  if (Array.isArray(value)) {
    return value.map((inner) =>
      typeof inner === 'number' && key === 'steps' ? time(structure, inner) : presentData(structure, inner),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, presentData(structure, inner, name)]));
}
