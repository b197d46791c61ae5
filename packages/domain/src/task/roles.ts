import { type Role, rolesFor, type Seats } from '../structure/roles.ts';
import type { ExistingTask } from './state.ts';

/**
 * What a person is to a task. Whoever an escalation climbed to sees the task and may acknowledge, though no list names
 * them; the lead unit itself is never such a recipient: it cannot acknowledge what is said about it.
 */
export function taskRoles(seats: Seats, task: ExistingTask): ReadonlySet<Role> {
  const roles = new Set(rolesFor(seats, task));
  const addressed = task.escalations.flatMap((escalation) => escalation.mailboxes);
  if (addressed.some((mailbox) => isAddressee(seats, task, mailbox))) roles.add('recipient');
  return roles;
}

function isAddressee(seats: Seats, task: ExistingTask, mailbox: string): boolean {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('post:')) return seats.posts.has(code);
  if (mailbox.startsWith('unit:')) return seats.units.has(code) && !task.leadUnits.includes(code);
  return mailbox === 'administrators' && seats.admin;
}
