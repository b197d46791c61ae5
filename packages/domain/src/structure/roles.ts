import type { Instant } from '@duban/calendar';
import type { Structure } from './structure.ts';

export const ROLES = [
  'admin',
  'supervision',
  'office',
  'leader',
  'lead_unit',
  'responsible_unit',
  'recipient',
  'signal',
] as const;
/** What a person is to an item, by the posts the person holds now. */
export type Role = (typeof ROLES)[number];

/** What an item says about whom it concerns. */
export interface Concerned {
  readonly group: string | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  /** Posts of the leaders named in the list. */
  readonly leaders: readonly string[];
}

/** A person as the structure knows them at an instant. */
export interface Actor {
  readonly person: string;
  /** Set from configuration for the first administrators, before any structure exists. */
  readonly bootstrapAdmin: boolean;
}

/** The seats of an actor at an instant, worked out once for many items. */
export interface Seats {
  readonly actor: Actor;
  readonly posts: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  /** Groups whose office the person directs or deputises. */
  readonly offices: ReadonlySet<string>;
  /** Groups the person leads or deputises. */
  readonly leads: ReadonlySet<string>;
  readonly supervision: boolean;
  readonly admin: boolean;
}

export function seatsOf(structure: Structure, actor: Actor, at: Instant): Seats {
  const held = structure.postsOf(actor.person, at);
  const posts = new Set(held.map((post) => post.code));
  const units = new Set(held.map((post) => post.unit));
  const offices = new Set<string>();
  const leads = new Set<string>();
  for (const group of structure.data.groups) {
    const office = group.office;
    if (office !== null && [office.director, office.deputyDirector].some((post) => post !== null && posts.has(post))) {
      offices.add(group.code);
    }
    if ([group.leader, group.firstDeputy, ...group.deputies].some((post) => post !== null && posts.has(post))) {
      leads.add(group.code);
    }
  }
  const { supervisionUnits, administratorPosts } = structure.jurisdiction;
  return {
    actor,
    posts,
    units,
    offices,
    leads,
    supervision: supervisionUnits.some((unit) => units.has(unit)),
    admin: actor.bootstrapAdmin || administratorPosts.some((post) => posts.has(post)),
  };
}

/** What the person is to the item; empty means that for this person the item does not exist. */
export function rolesFor(seats: Seats, item: Concerned): ReadonlySet<Role> {
  const roles = new Set<Role>();
  if (seats.admin) roles.add('admin');
  if (seats.supervision) roles.add('supervision');
  if (item.group !== null && seats.offices.has(item.group)) roles.add('office');
  if ((item.group !== null && seats.leads.has(item.group)) || item.leaders.some((post) => seats.posts.has(post)))
    roles.add('leader');
  if (item.leadUnits.some((unit) => seats.units.has(unit))) roles.add('lead_unit');
  if (item.responsibleUnits.some((unit) => seats.units.has(unit))) roles.add('responsible_unit');
  return roles;
}

/**
 * Whether an escalation to a mailbox was addressed to the person.
 * @param ownUnits units the item is about: they cannot acknowledge what is said about them
 */
export function isAddressee(seats: Seats, mailbox: string, ownUnits: readonly string[]): boolean {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('post:')) return seats.posts.has(code);
  if (mailbox.startsWith('unit:')) return seats.units.has(code) && !ownUnits.includes(code);
  return mailbox === 'administrators' && seats.admin;
}

/**
 * Whether a person may read what is collected for a mailbox: the holder of the post, the other seats of an office
 * its director's post belongs to, the staff of the unit, supervision, and administrators for their own.
 */
export function mayReadMailbox(structure: Structure, seats: Seats, mailbox: string): boolean {
  if (seats.supervision) return true;
  if (mailbox === 'administrators') return seats.admin;
  if (mailbox.startsWith('jurisdiction:')) return false;
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  if (mailbox.startsWith('unit:')) return seats.units.has(code);
  if (seats.posts.has(code)) return true;
  return structure.data.groups.some(
    (group) =>
      seats.offices.has(group.code) && (group.office?.director === code || group.office?.deputyDirector === code),
  );
}
