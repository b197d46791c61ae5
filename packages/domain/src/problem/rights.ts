import { isAddressee, type Role, rolesFor, type Seats } from '../structure/roles.ts';
import type { ProblemCommand } from './commands.ts';

/**
 * Which relation to a problem lets a person give which command. Anybody with any relation may read it.
 * To register one, `lead_unit` means holding a post in the finder's unit: there is no problem yet that names another.
 */
export const PROBLEM_RIGHTS: Readonly<Record<ProblemCommand['type'], readonly Role[]>> = {
  Register: ['lead_unit', 'office', 'supervision', 'admin'],
  Solve: ['lead_unit'],
  RequestMove: ['lead_unit'],
  DecideMove: ['office', 'leader'],
  CallBack: ['office', 'responsible_unit'],
  AcknowledgeEscalation: ['office', 'leader', 'supervision', 'recipient'],
  ResolveEscalation: ['office', 'leader', 'supervision', 'recipient'],
};

/** Whom a problem concerns. */
export interface ProblemParties {
  readonly group: string;
  readonly unit: string;
  readonly foundBy: string;
  /** Mailboxes an escalation of it was addressed to. */
  readonly addressed: readonly string[];
}

/** What a person is to a problem: staff of the unit that solves it lead, staff of the unit that found it call back. */
export function problemRoles(seats: Seats, { group, unit, foundBy, addressed }: ProblemParties): ReadonlySet<Role> {
  const concerned = { group, leadUnits: [unit], responsibleUnits: [foundBy], leaders: [] };
  const roles = new Set(rolesFor(seats, concerned));
  if (addressed.some((mailbox) => isAddressee(seats, mailbox, [unit]))) roles.add('recipient');
  return roles;
}
