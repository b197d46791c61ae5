import { isDetoured } from '../clock/item.ts';
import type { DutyEvent } from '../duty/events.ts';
import type { Target } from '../escalation/policy.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { ProblemEvent } from '../problem/events.ts';
import type { ReportEvent } from '../report/events.ts';
import { type Answerable, type Recipient, resolveTargets } from '../structure/recipients.ts';
import type { Structure } from '../structure/structure.ts';
import type { TaskEvent } from '../task/events.ts';
import type { Notice, NoticeKind } from './events.ts';

/** Whatever happens to an item that somebody may be told of. */
export type ItemEvent = TaskEvent | IncidentEvent | DutyEvent | ProblemEvent | ReportEvent;

/** A notice and where it goes. */
export interface Addressed {
  readonly mailbox: string;
  readonly urgent: boolean;
  readonly notice: Notice;
}

/** What must be known of an item to find whom to tell. */
export interface Told {
  readonly answerable: Answerable;
  /** Everything about it bypasses working hours and digests. */
  readonly urgent: boolean;
}

type Tells = Partial<Record<ItemEvent['type'], { readonly kind: NoticeKind; readonly targets: readonly Target[] }>>;

/** Events that tell nobody, or that carry their recipients themselves, have no entry. */
const TELLS: Tells = {
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
  LevelChanged: { kind: 'level_changed', targets: ['lead_unit', 'incident_offices', 'leader_in_charge'] },
  LatenessExplained: { kind: 'lateness_explained', targets: ['incident_offices'] },
  UpwardRequested: { kind: 'upward_requested', targets: ['incident_offices'] },
  UpwardReviewed: { kind: 'upward_reviewed', targets: ['lead_unit'] },
  UpwardSent: { kind: 'upward_sent', targets: ['incident_offices', 'parent_jurisdiction'] },
  DutyOpened: { kind: 'duty_opened', targets: ['lead_unit'] },
  DutyCorrected: { kind: 'corrected', targets: ['lead_unit'] },
  DutyFellBehind: { kind: 'duty_behind', targets: ['lead_unit'] },
  ProblemRegistered: { kind: 'problem_registered', targets: ['lead_unit'] },
  ProblemSolved: { kind: 'problem_solved', targets: ['office'] },
  MoveRequested: { kind: 'move_requested', targets: ['office'] },
  MoveDecided: { kind: 'move_decided', targets: ['lead_unit'] },
  ProblemMoved: { kind: 'problem_moved', targets: ['lead_unit', 'office'] },
  CalledBack: { kind: 'called_back', targets: ['lead_unit'] },
};

/** Whom these tell depends on what they say. */
const SPECIAL: ReadonlySet<ItemEvent['type']> = new Set([
  'IncidentOpened',
  'ReportReceived',
  'ReportCorrected',
  'DutyEnded',
  'PeriodOpened',
]);

/** True when {@link noticesFor} needs the item itself to find whom to tell. */
export function needsItem({ type }: ItemEvent): boolean {
  return TELLS[type] !== undefined || SPECIAL.has(type);
}

/**
 * Whom an event of an item tells. `told` may be null for events that carry their recipients.
 * @param version of the event in the item's stream
 */
export function noticesFor(
  event: ItemEvent,
  itemId: string,
  version: number,
  told: Told | null,
  structure: Structure,
): readonly Addressed[] {
  // Whoever has several parts in it is told once.
  const byMailbox = new Map<string, Addressed>();
  for (const addressed of addressedBy(event, itemId, version, told, structure)) {
    if (!byMailbox.has(addressed.mailbox)) byMailbox.set(addressed.mailbox, addressed);
  }
  return [...byMailbox.values()];
}

function addressedBy(
  event: ItemEvent,
  itemId: string,
  version: number,
  told: Told | null,
  structure: Structure,
): readonly Addressed[] {
  const to = (recipients: readonly Recipient[], kind: NoticeKind, urgent: boolean) =>
    recipients.map((recipient) => address(recipient, kind, urgent, event, itemId, version));
  switch (event.type) {
    case 'Escalated':
      return to(event.recipients, ESCALATION_NOTICE[event.action], event.urgent);
    case 'UnitReminded':
      return to(event.recipients, 'reminder', event.urgent);
    case 'ReportIssued':
      return to(event.recipients, 'report_issued', false);
    default:
  }
  if (told === null) return [];
  const find = (targets: readonly Target[]) => resolveTargets(structure, event.at, told.answerable, targets);
  switch (event.type) {
    case 'IncidentOpened':
      // Whoever reports it knows of it; a signal tells the unit that its report is awaited.
      return event.signal === null ? [] : to(find(['lead_unit', 'incident_offices']), 'incident_signal', told.urgent);
    case 'ReportReceived':
      return [
        ...(event.lateByMs > 0 ? to(find(['lead_unit']), 'explanation_requested', false) : []),
        ...to(event.filedWith, 'incident_filed', told.urgent),
        ...to(event.reportedTo, 'incident_reported', told.urgent),
      ];
    case 'ReportCorrected':
      return [
        ...(event.limits.some(({ kind }) => kind === 'explanation')
          ? to(find(['lead_unit']), 'explanation_requested', false)
          : []),
        ...to(find(['incident_offices']), 'incident_corrected', told.urgent),
      ];
    case 'DutyEnded':
      // Its last day was known from the first; an end before that is news.
      return event.cause === 'until' ? [] : to(find(['lead_unit']), 'duty_ended', false);
    case 'PeriodOpened':
      return event.occasion === null ? [] : to(find(['lead_unit']), 'duty_due', told.urgent);
    default:
      return noticesTelling(event, itemId, version, told, structure);
  }
}

const ESCALATION_NOTICE = { escalate: 'escalation', circular: 'circular', inform: 'information' } as const;

/** What an event of a type tells and to whom; its own text plays no part in it. */
export function noticesTelling(
  event: Happening,
  itemId: string,
  version: number,
  { answerable, urgent }: Told,
  structure: Structure,
): readonly Addressed[] {
  const tells = TELLS[event.type];
  if (tells === undefined) return [];
  return resolveTargets(structure, event.at, answerable, tells.targets).map((recipient) =>
    address(recipient, tells.kind, urgent, event, itemId, version),
  );
}

/** As much of an event as a notice is made of. */
type Happening = Pick<ItemEvent, 'type' | 'at'> & {
  readonly limitId?: string;
  readonly dueAt?: number | null;
  readonly escalationId?: string;
};

function address(
  recipient: Recipient,
  kind: NoticeKind,
  urgent: boolean,
  event: Happening,
  itemId: string,
  version: number,
): Addressed {
  return {
    mailbox: recipient.mailbox,
    urgent,
    notice: {
      id: `${itemId}/${version}`,
      itemId,
      jurisdiction: null,
      kind,
      at: event.at,
      limitId: event.limitId ?? null,
      dueAt: event.dueAt ?? null,
      escalationId: event.escalationId ?? null,
      detoured: isDetoured(recipient),
    },
  };
}
