import type { Instant } from '@duban/calendar';
import { activeLimits, type Clocked, type Light } from '@duban/domain';

/** What every list shows of an item, whatever it is. */
export interface ItemRow {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly leadUnits: readonly string[];
  readonly light: Light;
  readonly dueAt: Instant | null;
  readonly openEscalations: number;
  /** Mailboxes an escalation of it was addressed to. */
  readonly addressed: readonly string[];
}

/** The earliest limit in force; null when nothing is waited for. */
export function nextDue(item: Pick<Clocked, 'limits'>): Instant | null {
  const due = activeLimits(item).map(({ dueAt }) => dueAt);
  return due.length === 0 ? null : Math.min(...due);
}
