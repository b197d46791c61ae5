import type { Target } from '../escalation/policy.ts';
import type { Recipient } from '../structure/recipients.ts';
import { resolveTargets } from '../structure/recipients.ts';
import type { Structure } from '../structure/structure.ts';
import type { TaskEscalated, TaskEvent } from '../task/events.ts';
import type { ExistingTask } from '../task/state.ts';
import type { Notice, NoticeKind } from './events.ts';

/** A notice and where it goes. */
export interface Addressed {
  readonly mailbox: string;
  readonly urgent: boolean;
  readonly notice: Notice;
}

/** Events that tell nobody, or that carry their recipients themselves, have no entry. */
const TELLS: Partial<Record<TaskEvent['type'], { readonly kind: NoticeKind; readonly targets: readonly Target[] }>> = {
  TaskAssigned: { kind: 'assigned', targets: ['lead_unit'] },
  TaskCorrected: { kind: 'corrected', targets: ['lead_unit'] },
  DisputeRaised: { kind: 'dispute_raised', targets: ['office'] },
  DisputeDecided: { kind: 'dispute_decided', targets: ['lead_unit'] },
  ExtensionRequested: { kind: 'extension_requested', targets: ['office'] },
  ExtensionDecided: { kind: 'extension_decided', targets: ['lead_unit'] },
  CompletionSubmitted: { kind: 'completion_submitted', targets: ['office'] },
  CompletionVerified: { kind: 'completion_verified', targets: ['lead_unit'] },
  CompletionReturned: { kind: 'completion_returned', targets: ['lead_unit'] },
  TaskSuspended: { kind: 'suspended', targets: ['lead_unit'] },
  TaskResumed: { kind: 'resumed', targets: ['lead_unit'] },
  TaskCancelled: { kind: 'cancelled', targets: ['lead_unit'] },
  ListedForSupervision: { kind: 'supervision', targets: ['lead_unit', 'office'] },
  LeaderInstructed: { kind: 'instruction', targets: ['lead_unit', 'office'] },
};

/** True when {@link noticesFor} needs the task itself to find whom to tell. */
export function needsTask(event: TaskEvent): boolean {
  return TELLS[event.type] !== undefined;
}

/**
 * Whom an event of a task tells. `task` may be null for events that carry their recipients.
 * @param version of the event in the task's stream
 */
export function noticesFor(
  event: TaskEvent,
  taskId: string,
  version: number,
  task: ExistingTask | null,
  structure: Structure,
): readonly Addressed[] {
  if (event.type === 'TaskEscalated') {
    const kind = event.action === 'circular' ? 'circular' : 'escalation';
    return event.recipients.map((recipient) => address(recipient, kind, event, taskId, version));
  }
  if (event.type === 'UnitReminded') {
    return event.recipients.map((recipient) => address(recipient, 'reminder', event, taskId, version));
  }
  return task === null ? [] : noticesTelling(event, taskId, version, task, structure);
}

/** What an event of a type tells and to whom; its own text plays no part in it. */
export function noticesTelling(
  event: Happening,
  taskId: string,
  version: number,
  task: ExistingTask,
  structure: Structure,
): readonly Addressed[] {
  const tells = TELLS[event.type];
  if (tells === undefined) return [];
  return resolveTargets(structure, event.at, task, tells.targets).map((recipient) =>
    address(recipient, tells.kind, event, taskId, version),
  );
}

/** As much of an event as a notice is made of. */
type Happening = Pick<TaskEvent, 'type' | 'at'> &
  Partial<Pick<TaskEscalated, 'limitId' | 'dueAt' | 'escalationId' | 'urgent'>>;

function address(recipient: Recipient, kind: NoticeKind, event: Happening, taskId: string, version: number): Addressed {
  return {
    mailbox: recipient.mailbox,
    urgent: event.type === 'TaskEscalated' && event.urgent === true,
    notice: {
      id: `${taskId}/${version}`,
      itemId: taskId,
      kind,
      at: event.at,
      limitId: event.limitId ?? null,
      dueAt: event.dueAt ?? null,
      escalationId: event.escalationId ?? null,
      detoured: recipient.path.some((seat) => seat.found === 'vacant' || seat.found === 'unset'),
    },
  };
}
