import { isAddressee, type Role, rolesFor, type Seats } from '../structure/roles.ts';
import type { ExistingTask } from './state.ts';

/**
 * What a person is to a task. Whoever an escalation climbed to sees the task and may acknowledge, though no list names
 * them; the lead unit itself is never such a recipient: it cannot acknowledge what is said about it.
 */
export function taskRoles(seats: Seats, task: ExistingTask): ReadonlySet<Role> {
  const roles = new Set(rolesFor(seats, task));
  const addressed = task.escalations.flatMap((escalation) => escalation.mailboxes);
  if (addressed.some((mailbox) => isAddressee(seats, mailbox, task.leadUnits))) roles.add('recipient');
  return roles;
}
