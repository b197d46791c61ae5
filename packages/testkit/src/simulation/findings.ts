import type { Head, RecordedEvent } from '@duban/application';
import type { ItemEvent, Recipient } from '@duban/domain';

/** Something that must never be. */
export interface Violation {
  readonly rule: string;
  readonly where: string;
  readonly what: string;
}

export type Report = (rule: string, where: string, what: string) => void;

/** A stream with all that happened to it. */
export interface Told {
  readonly head: Head;
  readonly events: readonly RecordedEvent[];
}

/** Whom an event names as told; null for events that name nobody. */
export function addressedIn(event: RecordedEvent['event']): readonly Recipient[] | null {
  const told = event as Extract<ItemEvent, { type: 'Escalated' | 'UnitReminded' }>;
  return told.type === 'Escalated' || told.type === 'UnitReminded' ? told.recipients : null;
}
