import {
  dutyRoles,
  incidentRoles,
  itemTypeOf,
  problemRoles,
  type Role,
  reportRoles,
  rolesFor,
  type Seats,
  type Structure,
} from '@duban/domain';
import type { DutySummary } from './duty.ts';
import type { IncidentSummary } from './incident.ts';
import type { ProblemSummary } from './problem.ts';
import type { ReportSummary } from './report.ts';
import type { ItemRow } from './rows.ts';
import type { TaskSummary } from './task.ts';

/** Whether the caller may know of an item, by its row alone: lists leave out what an address would answer 404 for. */
export function mayReadRow(structure: Structure, seats: Seats, row: ItemRow): boolean {
  return rolesOf(structure, seats, row).size > 0 || isAddressedToPost(seats, row);
}

function rolesOf(structure: Structure, seats: Seats, row: ItemRow): ReadonlySet<Role> {
  switch (itemTypeOf(row.id)) {
    case 'incident':
      return incidentRoles(seats, structure, row as IncidentSummary);
    case 'duty':
      return dutyRoles(seats, row as DutySummary);
    case 'report': {
      const { groups, addressed: mailboxes } = row as ReportSummary;
      return reportRoles(seats, { groups, mailboxes });
    }
    case 'problem':
      return problemRoles(seats, row as ProblemSummary);
    default:
      return rolesFor(seats, row as TaskSummary);
  }
}

function isAddressedToPost(seats: Seats, { addressed }: ItemRow): boolean {
  return addressed.some((mailbox) => mailbox.startsWith('post:') && seats.posts.has(mailbox.slice('post:'.length)));
}
