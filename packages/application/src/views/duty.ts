import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import { dutyLight, type ExistingDuty, quotaOf } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { addressedOf, escalationEntries, mailboxLists, openEscalationsOf } from './escalations.ts';
import { OVERRIDES, partitions, scopes, sortKey } from './names.ts';
import type { ItemRow } from './rows.ts';

/** What lists show of a duty. */
export interface DutySummary extends ItemRow {
  readonly status: ExistingDuty['status'];
  readonly code: string;
  readonly kind: ExistingDuty['terms']['kind'];
  readonly documentNumber: string;
  readonly group: string | null;
  readonly requester: string;
  readonly owner: string;
  readonly ownerUnit: string;
  readonly period: ExistingDuty['terms']['period'];
  readonly subject: string | null;
  readonly indicator: string | null;
  readonly mode: ExistingDuty['terms']['mode'];
  readonly from: PlainDate;
  readonly until: PlainDate;
  /** The period that is running, how much of it is done, and how much it asks for. */
  readonly current: {
    readonly key: string;
    readonly dueAt: Instant;
    readonly done: number;
    readonly quota: number;
  } | null;
  readonly behind: boolean;
  /** Periods missed and not made up for. */
  readonly missed: number;
}

export function dutySummary(duty: ExistingDuty): DutySummary {
  const { id, version, status, terms, owner, ownerUnit, current, periods, behind } = duty;
  const { code, kind, title, basis, group, requester, period, subject, indicator, mode, from, until } = terms;
  const running = periods.find(({ key }) => key === current?.key);
  return {
    ...{ id, version, status, title, code, kind, group, requester, owner, ownerUnit, period, subject, indicator, mode },
    ...{ from, until, behind },
    documentNumber: basis.documentNumber,
    leadUnits: [ownerUnit],
    light: dutyLight(duty),
    dueAt: current?.dueAt ?? null,
    current: current && { key: current.key, dueAt: current.dueAt, done: running?.done ?? 0, quota: quotaOf(duty) },
    missed: periods.filter((one) => one.status === 'missed').length,
    openEscalations: openEscalationsOf(duty),
    addressed: addressedOf(duty),
  };
}

/** Duties are listed by when they fall due next; those for which nothing falls due come last. */
export function dutyProjection(head: Head, duty: ExistingDuty, calendar: Calendar): Projection {
  const summary = dutySummary(duty);
  const { group, requester, indicator, ownerUnit, code } = summary;
  const sort = sortKey(summary.dueAt, duty.id);
  const lists = [
    partitions.all('duties'),
    partitions.ofUnit('duties', ownerUnit),
    partitions.dutiesRequestedBy(requester),
    partitions.dutiesOfCode(code),
    ...(group === null ? [] : [partitions.ofOffice('duties', group)]),
    ...(indicator === null ? [] : [partitions.dutiesAsking(ownerUnit, indicator)]),
    ...mailboxLists([...summary.addressed, duty.owner], (mailbox) => partitions.ofMailbox('duties', mailbox)),
  ];
  return {
    jurisdiction: head.ref.jurisdiction,
    id: duty.id,
    version: head.version,
    body: summary,
    entries: [
      ...lists.map((partition) => ({ partition, sort })),
      ...escalationEntries(duty, group, [`unit:${ownerUnit}`, `unit:${requester}`, duty.owner]),
    ],
    counts: burdenOf(duty, calendar),
  };
}

/** Each period is a request made of the unit in the week it falls due; less notice than is due counts against whoever asked. */
function burdenOf(duty: ExistingDuty, calendar: Calendar): Projection['counts'] {
  const { ownerUnit, terms, periods, overridden, openedAt } = duty;
  // 24:00 closes the day before.
  const weekOf = (at: Instant) => calendar.isoWeekKey(calendar.dateOf(at - 1));
  const requests = periods
    .filter(({ status }) => status !== 'void')
    .map(({ dueAt }) => ({ scope: scopes.burden(weekOf(dueAt), ownerUnit), bucket: terms.requester }));
  if (!overridden) return requests;
  const scope = scopes.burden(weekOf(openedAt + 1), ownerUnit);
  return [...requests, { scope, bucket: `${OVERRIDES}${terms.requester}` }];
}
