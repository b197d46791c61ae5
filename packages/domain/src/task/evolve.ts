import { endLimits, evolveClock, replaceLimit, withLimits } from '../clock/item.ts';
import type { TaskDefinition } from './definition.ts';
import type { TaskAssigned, TaskCorrected, TaskEvent } from './events.ts';
import type { ExistingTask, TaskCore, TaskState, WorkingStatus } from './state.ts';

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
    case 'ReviewStarted':
      return { ...task, limits: [...task.limits.filter((limit) => limit.kind !== 'review'), event.limit] };
    default:
      return evolveClock(task, event);
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
