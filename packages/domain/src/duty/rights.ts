import { isAddressee, type Role, rolesFor, type Seats } from '../structure/roles.ts';
import type { DutyCommand } from './commands.ts';
import { readOwner } from './owner.ts';

/** Which relation to a duty lets a person give which command. Anybody with any relation may read it. */
export const DUTY_RIGHTS: Readonly<Record<DutyCommand['type'], readonly Role[]>> = {
  OpenDuty: ['office', 'supervision', 'admin'],
  CorrectDuty: ['admin'],
  Fulfil: ['lead_unit'],
  AnswerByFact: ['admin'],
  OpenOccasion: ['lead_unit', 'office', 'supervision'],
  EndDuty: ['office', 'supervision', 'admin'],
  AcknowledgeEscalation: ['office', 'leader', 'supervision', 'recipient'],
  ResolveEscalation: ['office', 'leader', 'supervision', 'recipient'],
};

/** Whom a duty concerns. */
export interface DutyParties {
  readonly group: string | null;
  readonly requester: string;
  readonly owner: string;
  readonly ownerUnit: string;
  /** Mailboxes an escalation of it was addressed to. */
  readonly addressed: readonly string[];
}

/** What a person is to a duty: whoever asked for it is its office, beside the office of its group. */
export function dutyRoles(
  seats: Seats,
  { group, requester, owner, ownerUnit, addressed }: DutyParties,
): ReadonlySet<Role> {
  const concerned = { group, leadUnits: [ownerUnit], responsibleUnits: [], leaders: [] };
  const roles = new Set(rolesFor(seats, concerned));
  if (seats.units.has(requester)) roles.add('office');
  const { isPost, code } = readOwner(owner);
  if (isPost && seats.posts.has(code)) roles.add('lead_unit');
  if (addressed.some((mailbox) => isAddressee(seats, mailbox, [ownerUnit]))) roles.add('recipient');
  return roles;
}
