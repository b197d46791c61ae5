import {
  type CommandContext,
  DUTY_CLOCK,
  type DutyDefinition,
  type DutyEvent,
  dutyRoles,
  type ExistingDuty,
  type Role,
  type Seats,
  type Structure,
} from '@duban/domain';
import type { PageRequest, PageResult } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { type ClockView, explainItem } from './explain.ts';
import { listItems, ownLists } from './list-items.ts';
import { type DutySummary, dutySummary } from './views/duty.ts';
import { partitions } from './views/names.ts';
import { type Caller, contextFor, itemRef } from './write-item.ts';

/** A duty with its wording, as answers show it. */
export interface DutyView {
  readonly duty: ExistingDuty;
  readonly definition: DutyDefinition;
  readonly roles: ReadonlySet<Role>;
  readonly structure: Structure;
}

/** A duty as the caller may see it. Absent and hidden are the same. */
export async function readDuty(deps: Dependencies, caller: Caller, id: string): Promise<DutyView> {
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'duty', id));
  const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
  const duty = head === null ? null : (head.state as ExistingDuty);
  if (duty === null || dutyRoles(context.seats, dutySummary(duty)).size === 0) throw notFound();
  return viewOfDuty(deps, caller, context, duty);
}

export async function viewOfDuty(
  deps: Dependencies,
  caller: Caller,
  { seats, structure }: CommandContext,
  duty: ExistingDuty,
): Promise<DutyView> {
  const { wordingVersion: from } = duty;
  const [recorded] = await deps.store.read(itemRef(caller.jurisdiction, 'duty', duty.id), { from, to: from });
  const event = recorded?.event as DutyEvent | undefined;
  if (event?.type !== 'DutyOpened' && event?.type !== 'DutyCorrected') {
    throw new Error(`${duty.id} lacks its wording at version ${from}.`);
  }
  return { duty, definition: event.definition, roles: dutyRoles(seats, dutySummary(duty)), structure };
}

export interface DutyFilter {
  readonly unit: string | null;
  readonly office: string | null;
  readonly requester: string | null;
  readonly code: string | null;
  readonly status: string | null;
  readonly light: string | null;
  readonly subject: string | null;
}

/** Duties the caller may see, by when they fall due next. */
export async function listDuties(
  deps: Dependencies,
  caller: Caller,
  filter: DutyFilter,
  page: PageRequest,
): Promise<PageResult<DutySummary>> {
  return listItems(
    deps,
    caller,
    (seats) => listsOf(filter, seats),
    page,
    (row: DutySummary) => matches(row, filter),
  );
}

function listsOf({ unit, office, requester, code }: DutyFilter, seats: Seats): readonly string[] {
  if (code !== null) return [partitions.dutiesOfCode(code)];
  if (unit !== null) return [partitions.ofUnit('duties', unit)];
  if (requester !== null) return [partitions.dutiesRequestedBy(requester)];
  if (office !== null) return [partitions.ofOffice('duties', office)];
  if (seats.admin || seats.supervision) return [partitions.all('duties')];
  return [...ownLists('duties', seats), ...[...seats.units].map(partitions.dutiesRequestedBy)];
}

function matches(row: DutySummary, filter: DutyFilter): boolean {
  const fields = ['requester', 'code', 'status', 'light', 'subject'] as const;
  return (
    fields.every((field) => filter[field] === null || row[field] === filter[field]) &&
    (filter.unit === null || row.ownerUnit === filter.unit) &&
    (filter.office === null || row.group === filter.office)
  );
}

/** Each limit of a duty and why it says what it says. */
export async function explainDuty(deps: Dependencies, caller: Caller, id: string): Promise<ClockView> {
  const { duty, structure } = await readDuty(deps, caller, id);
  const ref = itemRef(caller.jurisdiction, 'duty', id);
  return explainItem(deps, ref, duty, structure, DUTY_CLOCK, () => duty.terms.basis);
}
