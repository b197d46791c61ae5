import type { Instant } from '@duban/calendar';

/** Names of the list partitions; readers and projections share them. */
export const partitions = {
  allTasks: 'tasks/all',
  tasksOfPlan: (plan: string) => `tasks/plan/${plan}`,
  tasksOfOffice: (group: string) => `tasks/office/${group}`,
  tasksOfUnit: (unit: string) => `tasks/unit/${unit}`,
  tasksOfLeader: (post: string) => `tasks/leader/${post}`,
  tasksOfMailbox: (mailbox: string) => `tasks/mailbox/${mailbox}`,
  /**
   * Every reader looks through it. Of incidents, which no group answers for, and who may read one is a question of the structure
   * as it is now; and of items that concern many.
   */
  sharedEscalations: 'escalations/shared',
  inbox: (mailbox: string) => `inbox/${mailbox}`,
  allSubscriptions: 'subscriptions/all',
  subscriptionsOf: (mailbox: string) => `subscriptions/mailbox/${mailbox}`,
  deliveriesOf: (subscription: string) => `deliveries/${subscription}`,
  /** Given up, of all subscriptions. */
  deadDeliveries: 'deliveries/dead',
  all: (kind: ListedKind) => `${kind}/all`,
  ofUnit: (kind: ListedKind, unit: string) => `${kind}/unit/${unit}`,
  ofOffice: (kind: ListedKind, group: string) => `${kind}/office/${group}`,
  ofMailbox: (kind: ListedKind, mailbox: string) => `${kind}/mailbox/${mailbox}`,
  reportsOfPlan: (plan: string) => `reports/plan/${plan}`,
  /** Duties that a unit has asked for. */
  dutiesRequestedBy: (unit: string) => `duties/requester/${unit}`,
  /** Duties that ask a unit for a figure. */
  dutiesAsking: (unit: string, indicator: string) => `duties/asks/${unit}/${indicator}`,
  /** Duties of one definition. */
  dutiesOfCode: (code: string) => `duties/code/${code}`,
} as const;

/** What is listed beside tasks. */
export type ListedKind = 'incidents' | 'duties' | 'problems' | 'reports' | 'escalations';

/** Where a mailbox's share of a kind stands: a unit's in the list of all its own, anybody else's in one of what was addressed. */
export function listOfMailbox(kind: ListedKind, mailbox: string): string {
  if (mailbox.startsWith('unit:')) return partitions.ofUnit(kind, mailbox.slice('unit:'.length));
  return partitions.ofMailbox(kind, mailbox);
}

/** Names of the counter scopes. */
export const scopes = {
  plan: (plan: string) => `plan/${plan}`,
  office: (group: string) => `office/${group}`,
  unit: (unit: string) => `unit/${unit}`,
  leadIn: (scope: string, unit: string) => `${scope}/lead/${unit}`,
  inbox: (mailbox: string) => `inbox/${mailbox}`,
  /** Requests that fall due in a week, by the unit they are made of; the bucket is the unit that asks. */
  burden: (week: string, unit: string) => `burden/${week}/${unit}`,
  burdenOfWeek: (week: string) => `burden/${week}/`,
} as const;

/** Bucket of demands that gave less notice than is due: they count against whoever asked. */
export const OVERRIDES = 'override/';

const NO_DUE: Instant = 9_999_999_999_999;

/** Sorts by instant, then id. Instants before 2001-09-09 would need a sign; no deadline is that old. */
export function sortKey(at: Instant | null, id: string): string {
  return `${String(at ?? NO_DUE).padStart(13, '0')}#${id}`;
}

/** The id in a sort key. */
export function idOfSort(sort: string): string {
  return sort.slice(sort.indexOf('#') + 1);
}
