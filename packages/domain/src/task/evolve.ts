import type { Limit } from '../clock/limit.ts';
import type { Recipient } from '../structure/recipients.ts';
import type { TaskDefinition } from './definition.ts';
import type { TaskAssigned, TaskCorrected, TaskEscalated, TaskEvent } from './events.ts';
import type { EscalationRecord, ExistingTask, TaskCore, TaskState, WorkingStatus } from './state.ts';

/** What happened, happened: never rejects. An event that makes no sense in a state leaves everything but the version. */
export function evolveTask(state: TaskState, event: TaskEvent): TaskState {
  if (state.status === 'none') return event.type === 'TaskAssigned' ? opened(event) : state;
  return { ...applied({ ...state, version: state.version + 1 }, event), held: heldBy(event, state) };
}

/** The event after an import's releases it: until then nobody but the import writes to the task. */
function heldBy(event: TaskEvent, before: ExistingTask): ExistingTask['held'] {
  if (event.type !== 'TaskCorrected' || event.importId === null) return null;
  return { importId: event.importId, before: { ...before, held: null } };
}

function opened(event: TaskAssigned): TaskState {
  const { definition } = event;
  return {
    status: 'assigned',
    id: event.taskId,
    version: 1,
    wordingVersion: 1,
    ...described(definition),
    ongoing: definition.ongoing,
    policy: event.policy,
    assignedAt: event.at,
    acceptedBy: [],
    percent: null,
    limits: event.limits,
    escalations: [],
    extensions: [],
    disputes: [],
    counts: { progress: 0, completions: 0, listings: 0, instructions: 0 },
    listed: false,
    held: event.importId === null ? null : { importId: event.importId, before: null },
  };
}

/** Only what the correction names: a dispute settled since the first import is not undone by a corrected title. */
function corrected({ definition, changed }: TaskCorrected) {
  const { ongoing } = definition;
  const fields = { ...described(definition), ongoing };
  return Object.fromEntries(Object.entries(fields).filter(([field]) => changed.includes(field))) as Partial<
    typeof fields
  >;
}

function described(definition: TaskDefinition) {
  const { title, plan, group, documentNumber, list, seq, leadUnits, responsibleUnits, leaders } = definition;
  return { title, plan, group, documentNumber, list, seq, leadUnits, responsibleUnits, leaders };
}

function applied(task: ExistingTask, event: TaskEvent): ExistingTask {
  switch (event.type) {
    case 'TaskAssigned':
      return task;
    case 'TaskCorrected':
      return byAcceptance({
        ...withLimits(task, event.limits),
        ...corrected(event),
        wordingVersion: task.version,
      });
    case 'TaskAccepted': {
      return byAcceptance({ ...task, acceptedBy: [...task.acceptedBy, event.unit] });
    }
    case 'DisputeRaised': {
      const dispute = { number: event.number, unit: event.unit, decision: 'pending' as const };
      return { ...task, disputes: [...task.disputes, dispute] };
    }
    case 'DisputeDecided':
      return byAcceptance({
        ...task,
        leadUnits: event.leadUnits,
        responsibleUnits: event.responsibleUnits,
        disputes: task.disputes.map((dispute) =>
          dispute.number === event.number ? { ...dispute, decision: event.upheld ? 'upheld' : 'rejected' } : dispute,
        ),
      });
    case 'ProgressReported': {
      const met = new Set([...event.reached.map((code) => `milestone:${code}`), ...event.answers]);
      const told = {
        ...task,
        percent: event.percent ?? task.percent,
        counts: { ...task.counts, progress: event.number },
      };
      return endLimits(told, (limit) => met.has(limit.id), 'met');
    }
    case 'ExtensionRequested': {
      const { number, limitId, newDueAt } = event;
      return { ...task, extensions: [...task.extensions, { number, limitId, newDueAt, decision: 'pending' }] };
    }
    case 'ExtensionDecided': {
      const decision = event.approved ? ('approved' as const) : ('refused' as const);
      const decided = {
        ...task,
        extensions: task.extensions.map((extension) =>
          extension.number === event.number ? { ...extension, decision } : extension,
        ),
      };
      return event.limit === null ? decided : replaceLimit(decided, event.limit);
    }
    case 'CompletionSubmitted':
      return {
        ...core(task),
        status: 'completion_submitted',
        submittedAt: event.at,
        limits: [...task.limits, event.verification],
        counts: { ...task.counts, completions: event.number },
      };
    case 'CompletionVerified': {
      const done = endLimits(task, () => true, 'met');
      if (event.review !== null) return { ...moved(done, 'standing'), limits: [...done.limits, event.review] };
      return { ...core(done), status: 'closed', closedAt: event.at, onTime: event.onTime, lateByMs: event.lateByMs };
    }
    case 'CompletionReturned':
      return byAcceptance(
        moved(
          withLimits(
            endLimits(task, (limit) => limit.kind === 'verification', 'met'),
            event.limits,
          ),
          'assigned',
        ),
      );
    case 'TaskSuspended':
      return {
        ...core(task),
        status: 'suspended',
        since: event.at,
        until: event.until,
        resumesTo: workingStatus(task),
      };
    case 'TaskResumed':
      return moved(withLimits(task, event.limits), task.status === 'suspended' ? task.resumesTo : workingStatus(task));
    case 'TaskCancelled':
      return { ...core(endLimits(task, () => true, 'void')), status: 'cancelled', cancelledAt: event.at };
    case 'ListedForSupervision':
      return {
        ...task,
        listed: true,
        limits: [...task.limits, event.limit],
        counts: { ...task.counts, listings: event.number },
      };
    case 'LeaderInstructed':
      return {
        ...task,
        limits: event.limit === null ? task.limits : [...task.limits, event.limit],
        counts: { ...task.counts, instructions: event.number },
      };
    case 'UnitReminded':
      return changeLimit(task, event.limitId, (limit) => ({
        ...limit,
        dueSoon: true,
        reminders: limit.reminders.filter((reminder) => reminder.workingDaysBefore < event.workingDaysBefore),
      }));
    case 'LimitMissed':
      return changeLimit(task, event.limitId, (limit) => ({
        ...limit,
        status: 'overdue',
        reminders: [],
        steps: event.steps,
        next: event.next,
      }));
    case 'TaskEscalated':
      return {
        ...changeLimit(task, event.limitId, (limit) => ({ ...limit, next: event.next })),
        escalations: [...task.escalations, recordOf(event)],
      };
    case 'EscalationAcknowledged': {
      const held = changeLimit(task, event.limitId, (limit) => ({
        ...limit,
        hold: { from: limit.hold?.from ?? event.at, until: Math.max(limit.hold?.until ?? 0, event.holdUntil) },
      }));
      return markEscalation(held, event.escalationId, 'acknowledged');
    }
    case 'EscalationResolved':
      return markEscalation(task, event.escalationId, 'resolved');
    case 'LadderResumed':
      return changeLimit(task, event.limitId, (limit) => ({
        ...limit,
        hold: null,
        steps: event.steps,
        next: event.next,
      }));
    case 'ReviewStarted':
      return { ...task, limits: [...task.limits.filter((limit) => limit.kind !== 'review'), event.limit] };
  }
}

/** 待签收 until every lead unit there is now has accepted; a unit that no longer leads has no say. */
function byAcceptance(task: ExistingTask): ExistingTask {
  const acceptedBy = task.acceptedBy.filter((unit) => task.leadUnits.includes(unit));
  if (task.status !== 'assigned' && task.status !== 'in_progress') return { ...task, acceptedBy };
  const all = task.leadUnits.every((unit) => acceptedBy.includes(unit));
  return { ...task, acceptedBy, status: all ? 'in_progress' : 'assigned' };
}

function workingStatus(task: ExistingTask): WorkingStatus {
  if (task.status === 'assigned' || task.status === 'standing') return task.status;
  return 'in_progress';
}

/** Leaves the fields of the former status behind, so that a state holds what its status means and nothing else. */
function core(task: ExistingTask): TaskCore {
  const { id, version, wordingVersion, title, plan, group, documentNumber, list, seq } = task;
  const { leadUnits, responsibleUnits, leaders, ongoing, policy, assignedAt, acceptedBy, percent } = task;
  const { limits, escalations, extensions, disputes, counts, listed, held } = task;
  return {
    ...{ id, version, wordingVersion, title, plan, group, documentNumber, list, seq },
    ...{ leadUnits, responsibleUnits, leaders, ongoing, policy, assignedAt, acceptedBy, percent },
    ...{ limits, escalations, extensions, disputes, counts, listed, held },
  };
}

function moved(task: ExistingTask, status: WorkingStatus): ExistingTask {
  return { ...core(task), status };
}

function changeLimit<T extends ExistingTask>(task: T, id: string, change: (limit: Limit) => Limit): T {
  return { ...task, limits: task.limits.map((limit) => (limit.id === id ? change(limit) : limit)) };
}

/** A limit that runs anew answers for itself: what was escalated about its former instant is settled. */
function replaceLimit<T extends ExistingTask>(task: T, limit: Limit): T {
  const settled = limit.status === 'overdue' ? task : resolveEscalations(task, (id) => id === limit.id);
  return changeLimit(settled, limit.id, () => limit);
}

function withLimits<T extends ExistingTask>(task: T, limits: readonly Limit[]): T {
  const known = new Set(task.limits.map((limit) => limit.id));
  const replaced = limits.filter((limit) => known.has(limit.id)).reduce<T>((t, limit) => replaceLimit(t, limit), task);
  return { ...replaced, limits: [...replaced.limits, ...limits.filter((limit) => !known.has(limit.id))] };
}

function endLimits<T extends ExistingTask>(task: T, which: (limit: Limit) => boolean, status: 'met' | 'void'): T {
  const ended = new Set(
    task.limits
      .filter((limit) => (limit.status === 'running' || limit.status === 'overdue') && which(limit))
      .map((limit) => limit.id),
  );
  if (ended.size === 0) return task;
  const limits = task.limits.map(
    (limit): Limit =>
      ended.has(limit.id)
        ? { ...limit, status, reminders: [], dueSoon: false, steps: [], next: null, hold: null }
        : limit,
  );
  return { ...resolveEscalations(task, (id) => ended.has(id)), limits };
}

function resolveEscalations<T extends ExistingTask>(task: T, ofLimit: (limitId: string) => boolean): T {
  return {
    ...task,
    escalations: task.escalations.map(
      (escalation): EscalationRecord =>
        ofLimit(escalation.limitId) ? { ...escalation, status: 'resolved' } : escalation,
    ),
  };
}

function markEscalation<T extends ExistingTask>(task: T, id: string, status: 'acknowledged' | 'resolved'): T {
  return {
    ...task,
    escalations: task.escalations.map(
      (escalation): EscalationRecord => (escalation.id === id ? { ...escalation, status } : escalation),
    ),
  };
}

function recordOf(event: TaskEscalated): EscalationRecord {
  return {
    id: event.escalationId,
    limitId: event.limitId,
    step: event.step,
    at: event.at,
    dueAt: event.dueAt,
    action: event.action,
    urgent: event.urgent,
    mailboxes: event.recipients.map((recipient) => recipient.mailbox),
    detoured: event.recipients.some(detoured),
    status: 'open',
  };
}

function detoured(recipient: Recipient): boolean {
  return recipient.path.some((seat) => seat.found === 'vacant' || seat.found === 'unset');
}
