import type { Instant } from '@duban/calendar';
import type { Aggregate, CommandContext } from '../aggregate.ts';
import { isAddressee, type Role, rolesFor, type Seats } from '../structure/roles.ts';
import type { ReportEvent, ReportIssued } from './events.ts';

export interface ExistingReport
  extends Pick<
    ReportIssued,
    'kind' | 'title' | 'plan' | 'groups' | 'dutyId' | 'dutyCode' | 'basis' | 'period' | 'data'
  > {
  readonly status: 'issued';
  readonly id: string;
  readonly version: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly issuedAt: Instant;
  /** Where it was sent. */
  readonly mailboxes: readonly string[];
}
export type ReportState = { readonly status: 'none' } | ExistingReport;

export interface IssueReport extends Omit<ReportIssued, 'type' | 'at' | 'by'> {
  readonly type: 'IssueReport';
}

/** 通报、总结: a report of a plan for a turn of a duty. Issued once, never changed. */
export const reportAggregate: Aggregate<ReportState, IssueReport, ReportEvent> = {
  initial: { status: 'none' },
  decide: (state, command, context) => (state.status === 'none' ? [issued(command, context)] : []),
  evolve: (state, event) => (state.status === 'none' ? asIssued(event) : state),
  wake: () => [],
  nextWakeAt: () => null,
};

function issued({ type: _type, ...report }: IssueReport, { now, actor }: CommandContext): ReportIssued {
  return { type: 'ReportIssued', at: now, by: actor, ...report };
}

function asIssued({ type: _type, by: _by, at, reportId, recipients, ...report }: ReportIssued): ExistingReport {
  return {
    status: 'issued',
    id: reportId,
    version: 1,
    ...report,
    issuedAt: at,
    mailboxes: recipients.map(({ mailbox }) => mailbox),
  };
}

/**
 * The report's stream: the same duty, turn and plan always is the same one. A duty that several owe is reported on once,
 * whichever of them is woken first.
 */
export function reportIdOf(dutyCode: string, period: string, plan: string): string {
  return `report_${plan}:${dutyCode}:${period}`;
}

/** What a person is to a report: of the offices and leaders of its groups, and of those it was sent to. None: it does not exist for them. */
export function reportRoles(
  seats: Seats,
  { groups, mailboxes }: Pick<ExistingReport, 'groups' | 'mailboxes'>,
): ReadonlySet<Role> {
  const nobody = { leadUnits: [], responsibleUnits: [], leaders: [] };
  const roles = new Set<Role>(rolesFor(seats, { group: null, ...nobody }));
  for (const group of groups) for (const role of rolesFor(seats, { group, ...nobody })) roles.add(role);
  if (mailboxes.some((mailbox) => isAddressee(seats, mailbox, []))) roles.add('recipient');
  return roles;
}
