import type { Instant } from '@duban/calendar';
import type { Light } from '@duban/domain';

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
