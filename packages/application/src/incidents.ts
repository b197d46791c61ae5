import {
  type CommandContext,
  type ExistingIncident,
  explainLimits,
  type Facts,
  INCIDENT_CLOCK,
  INCIDENT_RIGHTS,
  type IncidentCommand,
  type IncidentEvent,
  type IncidentState,
  incidentAggregate,
  incidentRoles,
  maySignal,
  type Opening,
  type Report,
  type ReportCorrected,
  type ReportReceived,
  type Role,
  type SignalReference,
  type Structure,
  seatsOf,
  sourceOfIncidentLimit,
} from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import { fold } from './aggregates.ts';
import type { Dependencies } from './dependencies.ts';
import { forbidden, notFound } from './errors.ts';
import { mergeLists } from './merge-lists.ts';
import type { RecordedEvent } from './ports.ts';
import type { ClockView } from './tasks.ts';
import { addressedOf } from './views/escalations.ts';
import type { IncidentSummary } from './views/incident.ts';
import { idOfSort, partitions } from './views/names.ts';
import { mayReadRow } from './views/seen.ts';
import {
  type Caller,
  contextFor,
  type ItemKind,
  itemRef,
  type WriteOptions,
  type Writing,
  type Written,
  writeItem,
} from './write-item.ts';

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

const INCIDENTS: ItemKind<IncidentState, IncidentCommand, IncidentEvent> = {
  type: 'incident',
  aggregate: incidentAggregate,
  authorise,
};

function rolesOf({ seats, structure }: CommandContext, incident: ExistingIncident): ReadonlySet<Role> {
  return incidentRoles(seats, structure, { unit: incident.unit, addressed: addressedOf(incident) });
}

/** A stranger hears the same as for an incident that does not exist. */
function authorise(context: CommandContext, state: IncidentState | null, command: IncidentCommand): void {
  const { seats, structure } = context;
  if (command.type === 'Signal') {
    if (!maySignal(seats, structure)) throw forbidden('sending signals');
    return;
  }
  const allowed = INCIDENT_RIGHTS[command.type];
  if (command.type === 'OpenWithReport') {
    const roles = incidentRoles(seats, structure, { unit: command.unit, addressed: [] });
    if (!allowed.some((role) => roles.has(role))) throw forbidden('reporting for this unit');
    return;
  }
  const roles = state === null || state.status === 'none' ? new Set<Role>() : rolesOf(context, state);
  if (roles.size === 0) throw notFound();
  if (!allowed.some((role) => roles.has(role))) throw forbidden(command.type);
}

type Signalled = Omit<Opening, 'incidentId'> & { readonly signal: SignalReference; readonly text: string | null };

/**
 * A feed or a call says that something has happened. The same source and number again is the same signal, whatever else
 * it says: it answers the incident that is there.
 */
export async function receiveSignal(
  deps: Dependencies,
  caller: Caller,
  signal: Signalled,
): Promise<{ readonly view: IncidentView; readonly opened: boolean }> {
  const { source, number } = signal.signal;
  const key = `signal/${source}/${number}`;
  const known = await deps.store.claim(caller.jurisdiction, key);
  if (known !== null) return { view: await readSignalled(deps, caller, known), opened: false };
  const incidentId = deps.ids.next('incident');
  const writing: Writing<IncidentState, IncidentCommand> = {
    commandFor: () => ({ ...signal, type: 'Signal', incidentId }),
    claimsFor: () => [{ key, value: incidentId, expiresAt: null }],
    claimed: async () => new AlreadySignalled(),
  };
  const options = { ifMatch: null, idempotency: null };
  try {
    const written = await writeItem(deps, caller, INCIDENTS, incidentId, options, writing);
    return { view: await viewOfWritten(deps, caller, written), opened: true };
  } catch (error) {
    if (!(error instanceof AlreadySignalled)) throw error;
    return { view: await readSignalled(deps, caller, await deps.store.claim(caller.jurisdiction, key)), opened: false };
  }
}

class AlreadySignalled extends Error {}

/**
 * Whoever may read the incident is answered what the signal has become. A feed is answered as the first time: what has
 * been reported since is not its to read. A stranger hears that signals are not theirs.
 */
async function readSignalled(deps: Dependencies, caller: Caller, stored: unknown): Promise<IncidentView> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const context = contextFor(deps, caller, structure);
  if (!maySignal(context.seats, structure)) throw forbidden('sending signals');
  const ref = itemRef(caller.jurisdiction, 'incident', String(stored));
  const head = await deps.store.load(ref);
  if (head === null) throw new Error(`A signal names ${String(stored)}, which is not there.`);
  const incident = head.state as ExistingIncident;
  if (rolesOf(context, incident).size > 0) return viewOf(deps, caller, context, incident);
  const opened = (await deps.store.read(ref, { to: 1 })).map(({ event }) => event);
  return viewOf(deps, caller, context, fold('incident', incidentAggregate.initial, opened) as ExistingIncident);
}

/** A matter is reported that no signal has told of. */
export async function openIncident(
  deps: Dependencies,
  caller: Caller,
  opening: Omit<Opening, 'incidentId'>,
  report: Omit<Report, 'stage'>,
  options: Pick<WriteOptions, 'idempotency'>,
): Promise<IncidentView> {
  const incidentId = deps.ids.next('incident');
  const command = { ...opening, type: 'OpenWithReport' as const, incidentId, report };
  const all = { ...options, ifMatch: null };
  const written = await writeItem(deps, caller, INCIDENTS, incidentId, all, { commandFor: () => command });
  return viewOfWritten(deps, caller, written);
}

/** Any other command on an incident; answers the incident as it is afterwards. */
export async function commandIncident(
  deps: Dependencies,
  caller: Caller,
  id: string,
  command: IncidentCommand,
  options: WriteOptions,
): Promise<IncidentView> {
  const written = await writeItem(deps, caller, INCIDENTS, id, options, { commandFor: () => command });
  return viewOfWritten(deps, caller, written);
}

export interface Correction {
  readonly report: number;
  readonly facts: Facts;
  readonly occurredAt: number | null;
  readonly reason: string;
}

/** A correction is laid over what the report says now; which is read together with the head it is decided on. */
export async function correctReport(
  deps: Dependencies,
  caller: Caller,
  id: string,
  { report, facts: after, occurredAt, reason }: Correction,
  options: WriteOptions,
): Promise<IncidentView> {
  const written = await writeItem(deps, caller, INCIDENTS, id, options, {
    commandFor: async (head): Promise<IncidentCommand> => {
      const recorded =
        head === null ? [] : await deps.store.read(itemRef(caller.jurisdiction, 'incident', id), { to: head.version });
      const before = reportsOf(recorded).find(({ received }) => received.number === report)?.facts ?? {};
      return { type: 'CorrectReport', report, before, after, occurredAt, reason };
    },
  });
  return viewOfWritten(deps, caller, written);
}

/** An incident as the caller may see it. Absent and hidden are the same. */
export async function readIncident(deps: Dependencies, caller: Caller, id: string): Promise<IncidentView> {
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'incident', id));
  const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
  const incident = head === null ? null : (head.state as ExistingIncident);
  if (incident === null || rolesOf(context, incident).size === 0) throw notFound();
  return viewOf(deps, caller, context, incident);
}

function viewOfWritten(
  deps: Dependencies,
  caller: Caller,
  { state, context }: Written<IncidentState, IncidentEvent>,
): Promise<IncidentView> {
  return viewOf(deps, caller, context, state as ExistingIncident);
}

async function viewOf(
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
    roles: rolesOf(context, incident),
    structure: context.structure,
  };
}

/** Reports with their corrections laid over them; each former version stays beside. */
function reportsOf(recorded: readonly RecordedEvent[]): readonly ReportView[] {
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
  const structure = await deps.structures.current(caller.jurisdiction);
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  const lists = filter.unit === null ? [partitions.all('incidents')] : [partitions.ofUnit('incidents', filter.unit)];
  return mergeLists(deps.views, caller.jurisdiction, lists, page, { descending: true }, async (entries) => {
    const ids = entries.map(({ sort }) => idOfSort(sort));
    const rows = await deps.views.get(caller.jurisdiction, ids);
    return ids.map((id) => {
      const row = rows.get(id)?.body as IncidentSummary | undefined;
      return row !== undefined && matches(row, filter) && mayReadRow(structure, seats, row) ? row : null;
    });
  });
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
  const now = deps.clock.now();
  const recorded = await deps.store.read(itemRef(caller.jurisdiction, 'incident', id), { to: incident.version });
  const history = recorded.map(({ version, meta, event }) => ({ version, at: meta.at, event }));
  const limits = explainLimits(incident, INCIDENT_CLOCK, (limit) => sourceOfIncidentLimit(incident, limit), history, {
    now,
    structure,
  });
  return { id, now, structure, limits };
}
