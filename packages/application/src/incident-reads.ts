import {
  type CommandContext,
  type ExistingIncident,
  type Facts,
  INCIDENT_CLOCK,
  type IncidentEvent,
  incidentRoles,
  type ReportCorrected,
  type ReportReceived,
  type Role,
  type Seats,
  type Structure,
  sourceOfIncidentLimit,
} from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { type ClockView, explainItem } from './explain.ts';
import { listItems, ownLists } from './list-items.ts';
import type { RecordedEvent } from './ports.ts';
import { addressedOf } from './views/escalations.ts';
import type { IncidentSummary } from './views/incident.ts';
import { partitions } from './views/names.ts';
import { type Caller, contextFor, itemRef } from './write-item.ts';

export interface FormerReport {
  readonly facts: Facts;
  /** When it was said to have happened. */
  readonly occurredAt: number | null;
  readonly corrected: ReportCorrected;
}

/** A report as it stands now, with what it said before each correction. */
export interface ReportView {
  readonly received: ReportReceived;
  readonly version: number;
  readonly facts: Facts;
  /** Oldest first; `facts` and `occurredAt` are those it had before the next. */
  readonly former: readonly FormerReport[];
}

/** An incident with what its reports state, as answers show it. */
export interface IncidentView {
  readonly incident: ExistingIncident;
  /** What the signal said; null when there was none, or it said nothing. */
  readonly text: string | null;
  readonly reports: readonly ReportView[];
  readonly upward: readonly { readonly number: number; readonly text: string }[];
  readonly explanations: readonly string[];
  readonly roles: ReadonlySet<Role>;
  readonly structure: Structure;
}

export function incidentRolesOf({ seats, structure }: CommandContext, incident: ExistingIncident): ReadonlySet<Role> {
  return incidentRoles(seats, structure, { unit: incident.unit, addressed: addressedOf(incident) });
}

/** An incident as the caller may see it. Absent and hidden are the same. */
export async function readIncident(deps: Dependencies, caller: Caller, id: string): Promise<IncidentView> {
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'incident', id));
  const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
  const incident = head === null ? null : (head.state as ExistingIncident);
  if (incident === null || incidentRolesOf(context, incident).size === 0) throw notFound();
  return viewOfIncident(deps, caller, context, incident);
}

export async function viewOfIncident(
  deps: Dependencies,
  caller: Caller,
  context: CommandContext,
  incident: ExistingIncident,
): Promise<IncidentView> {
  const ref = itemRef(caller.jurisdiction, 'incident', incident.id);
  const recorded = await deps.store.read(ref, { to: incident.version });
  const events = recorded.map(({ event }) => event as IncidentEvent);
  return {
    incident,
    text: events.find((event) => event.type === 'IncidentOpened')?.text ?? null,
    reports: reportsOf(recorded),
    upward: events.flatMap((event) =>
      event.type === 'UpwardRequested' ? [{ number: event.number, text: event.text }] : [],
    ),
    explanations: events.flatMap((event) => (event.type === 'LatenessExplained' ? [event.text] : [])),
    roles: incidentRolesOf(context, incident),
    structure: context.structure,
  };
}

/** Reports with their corrections laid over them; each former version stays beside. */
export function reportsOf(recorded: readonly RecordedEvent[]): readonly ReportView[] {
  const reports = new Map<number, ReportView>();
  let occurredAt: number | null = null;
  for (const { event: happened, version } of recorded) {
    const event = happened as IncidentEvent;
    if (event.type === 'ReportReceived') {
      occurredAt = event.occurredAt;
      reports.set(event.number, { received: event, version, facts: event.facts, former: [] });
    } else if (event.type === 'ReportCorrected') {
      const report = reports.get(event.report);
      if (report === undefined) continue;
      const facts: Facts = { ...report.facts, ...event.after };
      const former = [...report.former, { facts: report.facts, occurredAt, corrected: event }];
      occurredAt = event.occurredAt;
      reports.set(event.report, { ...report, facts, former });
    }
  }
  return [...reports.values()];
}

export interface IncidentFilter {
  readonly unit: string | null;
  readonly status: string | null;
  readonly light: string | null;
  readonly kind: string | null;
}

/** Incidents the caller may see, latest first. */
export async function listIncidents(
  deps: Dependencies,
  caller: Caller,
  filter: IncidentFilter,
  page: PageRequest,
): Promise<PageResult<IncidentSummary>> {
  const lists = (seats: Seats, structure: Structure) => listsOf(filter, seats, structure);
  return listItems(deps, caller, lists, page, (row: IncidentSummary) => matches(row, filter), { descending: true });
}

function listsOf({ unit }: IncidentFilter, seats: Seats, { jurisdiction, data }: Structure): readonly string[] {
  if (unit !== null) return [partitions.ofUnit('incidents', unit)];
  const { incidentOffices, incidentSupervision, mainLeaders } = jurisdiction;
  const seesAll =
    seats.admin ||
    seats.supervision ||
    [...incidentOffices, ...incidentSupervision].some((code) => seats.units.has(code)) ||
    mainLeaders.some((post) => seats.posts.has(post));
  if (seesAll) return [partitions.all('incidents')];
  const inCharge = data.units.filter(
    ({ leaderInCharge }) => leaderInCharge !== null && seats.posts.has(leaderInCharge),
  );
  return [...ownLists('incidents', seats), ...inCharge.map(({ code }) => partitions.ofUnit('incidents', code))];
}

function matches(row: IncidentSummary, { status, light, kind }: IncidentFilter): boolean {
  return (
    (status === null || row.status === status) &&
    (light === null || row.light === light) &&
    (kind === null || row.kind === kind)
  );
}

/** Each limit of an incident and why it says what it says. */
export async function explainIncident(deps: Dependencies, caller: Caller, id: string): Promise<ClockView> {
  const { incident, structure } = await readIncident(deps, caller, id);
  const ref = itemRef(caller.jurisdiction, 'incident', id);
  return explainItem(deps, ref, incident, structure, INCIDENT_CLOCK, (limit) => sourceOfIncidentLimit(incident, limit));
}
