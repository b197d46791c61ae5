import type { ExistingReport } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { listOfMailbox, partitions, sortKey } from './names.ts';
import type { ItemRow } from './rows.ts';

/** What lists show of a report; `addressed` are those it was sent to. */
export interface ReportSummary
  extends ItemRow,
    Pick<ExistingReport, 'kind' | 'plan' | 'groups' | 'dutyId' | 'period' | 'from' | 'to' | 'issuedAt'> {
  readonly documentNumber: string;
}

export function reportSummary(report: ExistingReport): ReportSummary {
  const { id, version, title, kind, plan, groups, dutyId, period, from, to, issuedAt, basis, mailboxes } = report;
  return {
    ...{ id, version, title, kind, plan, groups, dutyId, period, from, to, issuedAt },
    documentNumber: basis.documentNumber,
    leadUnits: [],
    light: 'grey',
    dueAt: null,
    openEscalations: 0,
    addressed: mailboxes,
  };
}

export function reportProjection(head: Head, report: ExistingReport): Projection {
  const sort = sortKey(report.issuedAt, report.id);
  const lists = [
    partitions.all('reports'),
    partitions.reportsOfPlan(report.plan),
    ...report.groups.map((group) => partitions.ofOffice('reports', group)),
    ...[...new Set(report.mailboxes)].map((mailbox) => listOfMailbox('reports', mailbox)),
  ];
  return {
    jurisdiction: head.ref.jurisdiction,
    id: report.id,
    version: head.version,
    body: reportSummary(report),
    entries: lists.map((partition) => ({ partition, sort })),
    counts: [],
  };
}
