import {
  type CommandContext,
  type ExistingIncident,
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
  type SignalReference,
} from '@duban/domain';
import { requireOneOf, requireRight } from './access.ts';
import { fold } from './aggregates.ts';
import type { Dependencies } from './dependencies.ts';
import { ApplicationError } from './errors.ts';
import { type IncidentView, incidentRolesOf, reportsOf, viewOfIncident } from './incident-reads.ts';
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

export const INCIDENTS: ItemKind<IncidentState, IncidentCommand, IncidentEvent> = {
  type: 'incident',
  aggregate: incidentAggregate,
  authorise,
};

/** A stranger hears the same as for an incident that does not exist. */
function authorise(context: CommandContext, state: IncidentState | null, command: IncidentCommand): void {
  const { seats, structure } = context;
  if (command.type === 'Signal') {
    if (!maySignal(seats, structure)) throw noSignals();
    return;
  }
  const allowed = INCIDENT_RIGHTS[command.type];
  if (command.type === 'OpenWithReport') {
    const roles = incidentRoles(seats, structure, { unit: command.unit, addressed: [] });
    requireOneOf(allowed, roles, 'reporting for this unit');
    return;
  }
  const item = state === null || state.status === 'none' ? null : state;
  const found = item && { item, roles: incidentRolesOf(context, item), clock: INCIDENT_CLOCK };
  requireRight(allowed, found, command, context);
}

/** What a signal says has happened. */
export type Described = Omit<Opening, 'incidentId'> & { readonly text: string | null };

/**
 * A feed or a call says that something has happened. The same source and number again is the same signal, whatever else
 * it says: it answers the incident that is there.
 * @param describe reads what it says; not asked of a signal that came before
 */
export async function receiveSignal(
  deps: Dependencies,
  caller: Caller,
  signal: SignalReference,
  describe: () => Promise<Described>,
): Promise<{ readonly view: IncidentView; readonly opened: boolean }> {
  const known = await knownSignal(deps, caller, signal);
  if (known !== null) return { view: known, opened: false };
  const described = await describe();
  const key = signalKey(signal);
  const incidentId = deps.ids.next('incident');
  const writing: Writing<IncidentState, IncidentCommand> = {
    commandFor: () => ({ ...described, signal, type: 'Signal', incidentId }),
    claimsFor: () => [{ key, value: incidentId, expiresAt: null }],
    claimed: async () => new AlreadySignalled(),
  };
  const options = { ifMatch: null, idempotency: null };
  try {
    const written = await writeItem(deps, caller, INCIDENTS, incidentId, options, writing);
    return { view: await viewOfWritten(deps, caller, written), opened: true };
  } catch (error) {
    if (!(error instanceof AlreadySignalled)) throw error;
    const first = await knownSignal(deps, caller, signal);
    if (first === null) throw new Error(`The signal ${key} is taken and not there.`);
    return { view: first, opened: false };
  }
}

function signalKey({ source, number }: SignalReference): string {
  return `signal/${source}/${number}`;
}

/** What a signal that came before has become; null when it is new. */
async function knownSignal(deps: Dependencies, caller: Caller, signal: SignalReference): Promise<IncidentView | null> {
  const stored = await deps.store.claim(caller.jurisdiction, signalKey(signal));
  return stored === null ? null : readSignalled(deps, caller, stored);
}

class AlreadySignalled extends Error {}

const noSignals = () =>
  new ApplicationError(
    'forbidden',
    'Signals come from the units that run feeds, the offices incidents are filed with, and supervision.',
    '只有信号来源单位、备案机关和督查机构可以报送信号。',
  );

/**
 * Whoever may read the incident is answered what the signal has become. A feed is answered as the first time: what has
 * been reported since is not its to read. A stranger hears that signals are not theirs.
 */
async function readSignalled(deps: Dependencies, caller: Caller, stored: unknown): Promise<IncidentView> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const context = contextFor(deps, caller, structure);
  if (!maySignal(context.seats, structure)) throw noSignals();
  const ref = itemRef(caller.jurisdiction, 'incident', String(stored));
  const head = await deps.store.load(ref);
  if (head === null) throw new Error(`A signal names ${String(stored)}, which is not there.`);
  const incident = head.state as ExistingIncident;
  if (incidentRolesOf(context, incident).size > 0) return viewOfIncident(deps, caller, context, incident);
  const opened = (await deps.store.read(ref, { to: 1 })).map(({ event }) => event);
  return viewOfIncident(deps, caller, context, fold('incident', incidentAggregate.initial, opened) as ExistingIncident);
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

function viewOfWritten(
  deps: Dependencies,
  caller: Caller,
  { state, context }: Written<IncidentState, IncidentEvent>,
): Promise<IncidentView> {
  return viewOfIncident(deps, caller, context, state as ExistingIncident);
}
