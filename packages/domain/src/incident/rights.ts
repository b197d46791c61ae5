import { isAddressee, type Role, type Seats } from '../structure/roles.ts';
import type { Structure } from '../structure/structure.ts';
import type { IncidentCommand } from './commands.ts';

/** Which relation to an incident lets a person give which command. Anybody with any relation may read it. */
export const INCIDENT_RIGHTS: Readonly<Record<IncidentCommand['type'], readonly Role[]>> = {
  Signal: ['signal', 'office', 'supervision', 'admin'],
  OpenWithReport: ['lead_unit', 'office'],
  Report: ['lead_unit', 'office'],
  CorrectReport: ['lead_unit', 'office'],
  ChangeLevel: ['lead_unit', 'office', 'leader'],
  ExplainLateness: ['lead_unit'],
  RequestUpward: ['lead_unit', 'office'],
  ReviewUpward: ['office'],
  SendUpward: ['lead_unit', 'office'],
  AcknowledgeEscalation: ['office', 'leader', 'supervision', 'recipient'],
  ResolveEscalation: ['office', 'leader', 'supervision', 'recipient'],
};

/**
 * What a person is to an incident of a unit: the offices it is filed with see all of them.
 * @param addressed mailboxes an escalation of it was addressed to
 */
export function incidentRoles(
  seats: Seats,
  structure: Structure,
  { unit, addressed }: { readonly unit: string; readonly addressed: readonly string[] },
): ReadonlySet<Role> {
  const { jurisdiction } = structure;
  const roles = new Set<Role>();
  if (seats.admin) roles.add('admin');
  const supervision = [...jurisdiction.supervisionUnits, ...jurisdiction.incidentSupervision];
  if (supervision.some((code) => seats.units.has(code))) roles.add('supervision');
  if (jurisdiction.incidentOffices.some((code) => seats.units.has(code))) roles.add('office');
  const leaderInCharge = structure.unit(unit)?.leaderInCharge ?? null;
  if ([...jurisdiction.mainLeaders, leaderInCharge].some((post) => post !== null && seats.posts.has(post))) {
    roles.add('leader');
  }
  if (seats.units.has(unit)) roles.add('lead_unit');
  if (addressed.some((mailbox) => isAddressee(seats, mailbox, [unit]))) roles.add('recipient');
  return roles;
}

/** Whose feed may say that something has happened. */
export function maySignal(seats: Seats, { jurisdiction }: Structure): boolean {
  const units = [...jurisdiction.signalUnits, ...jurisdiction.incidentOffices];
  return seats.admin || seats.supervision || units.some((unit) => seats.units.has(unit));
}
