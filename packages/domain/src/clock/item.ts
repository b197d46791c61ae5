import type { Instant } from '@duban/calendar';
import type { Recipient } from '../structure/recipients.ts';
import type { ClockEvent, Escalated, EscalationAction } from './events.ts';
import { ended, isActive, type Limit } from './limit.ts';

export const ESCALATION_STATES = ['open', 'acknowledged', 'resolved'] as const;
export type EscalationStatus = (typeof ESCALATION_STATES)[number];

/** An escalation of an item, as long as it matters. */
export interface EscalationRecord {
  readonly id: string;
  readonly limitId: string;
  readonly step: number;
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly action: EscalationAction;
  readonly urgent: boolean;
  readonly mailboxes: readonly string[];
  /** A seat on the way was vacant or unset: the path in the event says which. */
  readonly detoured: boolean;
  readonly status: EscalationStatus;
}

/** Anything with limits that run and ladders that climb: a task, an incident, a duty, a problem. */
export interface Clocked {
  readonly id: string;
  readonly limits: readonly Limit[];
  readonly escalations: readonly EscalationRecord[];
}

/** What kind of item an id names: `task`, `incident`, `duty`, `problem`; it stands before the first underscore. */
export function itemTypeOf(itemId: string): string {
  return itemId.slice(0, itemId.indexOf('_'));
}

const TYPED = /^(?:incident|duty|problem)_/;

/** The id of an item's n-th escalation. A task's leaves its prefix out: ids given before there was anything else stay. */
export function escalationIdOf(itemId: string, number: number): string {
  return `escalation_${TYPED.test(itemId) ? itemId : itemId.slice(itemId.indexOf('_') + 1)}-${number}`;
}

/** The item an escalation belongs to: its id is part of the escalation's. */
export function itemIdOfEscalation(escalationId: string): string {
  const rest = escalationId.slice('escalation_'.length, escalationId.lastIndexOf('-'));
  return TYPED.test(rest) ? rest : `task_${rest}`;
}

/** What an event of the clock leaves of an item. Never rejects. */
export function evolveClock<T extends Clocked>(item: T, event: ClockEvent): T {
  switch (event.type) {
    case 'UnitReminded':
      return changeLimit(item, event.limitId, (limit) => ({
        ...limit,
        dueSoon: true,
        reminders: limit.reminders.filter((reminder) => reminder.at > event.at),
      }));
    case 'LimitMissed':
      return changeLimit(item, event.limitId, (limit) => ({
        ...limit,
        status: 'overdue',
        reminders: [],
        steps: event.steps,
        next: event.next,
      }));
    case 'Escalated':
      return {
        ...changeLimit(item, event.limitId, (limit) => ({ ...limit, next: event.next })),
        escalations: [...item.escalations, recordOf(event)],
      };
    case 'EscalationAcknowledged': {
      const held = changeLimit(item, event.limitId, (limit) => ({
        ...limit,
        hold: { from: limit.hold?.from ?? event.at, until: Math.max(limit.hold?.until ?? 0, event.holdUntil) },
      }));
      return markEscalation(held, event.escalationId, 'acknowledged');
    }
    case 'EscalationResolved':
      return markEscalation(item, event.escalationId, 'resolved');
    case 'LadderResumed':
      return changeLimit(item, event.limitId, (limit) => ({
        ...limit,
        hold: null,
        steps: event.steps,
        next: event.next,
        pauses: event.pause === null || limit.pauses === null ? limit.pauses : [...limit.pauses, event.pause],
      }));
    case 'ClockRecomputed':
      return event.limits.reduce<T>((changed, limit) => changeLimit(changed, limit.id, () => limit), item);
  }
}

export function changeLimit<T extends Clocked>(item: T, id: string, change: (limit: Limit) => Limit): T {
  return { ...item, limits: item.limits.map((limit) => (limit.id === id ? change(limit) : limit)) };
}

/** A limit that runs anew answers for itself: what was escalated about its former instant is settled. */
export function replaceLimit<T extends Clocked>(item: T, limit: Limit): T {
  const settled = limit.status === 'overdue' ? item : resolveEscalations(item, (id) => id === limit.id);
  return changeLimit(settled, limit.id, () => limit);
}

export function withLimits<T extends Clocked>(item: T, limits: readonly Limit[]): T {
  const known = new Set(item.limits.map((limit) => limit.id));
  const replaced = limits.filter((limit) => known.has(limit.id)).reduce<T>((t, limit) => replaceLimit(t, limit), item);
  return { ...replaced, limits: [...replaced.limits, ...limits.filter((limit) => !known.has(limit.id))] };
}

/** Ends the active limits that `which` names; what was escalated about them is settled. */
export function endLimits<T extends Clocked>(item: T, which: (limit: Limit) => boolean, status: 'met' | 'void'): T {
  const ending = new Set(item.limits.filter((limit) => isActive(limit) && which(limit)).map((limit) => limit.id));
  if (ending.size === 0) return item;
  const limits = item.limits.map((limit) => (ending.has(limit.id) ? ended(limit, status) : limit));
  return { ...resolveEscalations(item, (id) => ending.has(id)), limits };
}

function resolveEscalations<T extends Clocked>(item: T, ofLimit: (limitId: string) => boolean): T {
  return {
    ...item,
    escalations: item.escalations.map(
      (escalation): EscalationRecord =>
        ofLimit(escalation.limitId) ? { ...escalation, status: 'resolved' } : escalation,
    ),
  };
}

function markEscalation<T extends Clocked>(item: T, id: string, status: 'acknowledged' | 'resolved'): T {
  return {
    ...item,
    escalations: item.escalations.map(
      (escalation): EscalationRecord => (escalation.id === id ? { ...escalation, status } : escalation),
    ),
  };
}

function recordOf(event: Escalated): EscalationRecord {
  return {
    id: event.escalationId,
    limitId: event.limitId,
    step: event.step,
    at: event.at,
    dueAt: event.dueAt,
    action: event.action,
    urgent: event.urgent,
    mailboxes: event.recipients.map((recipient) => recipient.mailbox),
    detoured: event.recipients.some(isDetoured),
    // Told for information alone: nobody is asked to do anything about it.
    status: event.action === 'inform' ? 'resolved' : 'open',
  };
}

/** A seat on the way to the recipient was vacant or unset. */
export function isDetoured(recipient: Recipient): boolean {
  return recipient.path.some((seat) => seat.found === 'vacant' || seat.found === 'unset');
}
