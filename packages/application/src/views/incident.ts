import type { Instant } from '@duban/calendar';
import { type ExistingIncident, incidentLight } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { addressedOf, escalationEntries, mailboxLists, openEscalationsOf } from './escalations.ts';
import { partitions, sortKey } from './names.ts';
import { type ItemRow, nextDue } from './rows.ts';

/** What lists show of an incident. */
export interface IncidentSummary extends ItemRow {
  readonly status: ExistingIncident['status'];
  readonly kind: string;
  readonly kindName: string;
  readonly category: ExistingIncident['kind']['category'];
  readonly unit: string;
  readonly level: ExistingIncident['level'];
  readonly openedAt: Instant;
  readonly lateByMs: number | null;
}

export function incidentSummary(incident: ExistingIncident): IncidentSummary {
  const { id, version, title, status, kind, unit, level, openedAt, lateByMs } = incident;
  const dueAt = nextDue(incident);
  return {
    ...{ id, version, title, status, unit, level, openedAt, lateByMs, dueAt },
    kind: kind.code,
    kindName: kind.name,
    category: kind.category,
    leadUnits: [unit],
    light: incidentLight(incident),
    openEscalations: openEscalationsOf(incident),
    addressed: addressedOf(incident),
  };
}

/** Incidents are listed latest first: by when they were opened, which never moves. */
export function incidentProjection(head: Head, incident: ExistingIncident): Projection {
  const summary = incidentSummary(incident);
  const sort = sortKey(incident.openedAt, incident.id);
  const lists = [
    partitions.all('incidents'),
    partitions.ofUnit('incidents', incident.unit),
    ...mailboxLists(summary.addressed, (mailbox) => partitions.ofMailbox('incidents', mailbox)),
  ];
  return {
    jurisdiction: head.ref.jurisdiction,
    id: incident.id,
    version: head.version,
    body: summary,
    entries: [
      ...lists.map((partition) => ({ partition, sort })),
      ...escalationEntries(incident, null, [`unit:${incident.unit}`]),
    ],
    counts: [],
  };
}
