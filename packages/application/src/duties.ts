import {
  type CommandContext,
  DomainError,
  DUTY_CLOCK,
  DUTY_RIGHTS,
  type DutyCommand,
  type DutyDefinition,
  type DutyEvent,
  type DutyState,
  dutyAggregate,
  dutyRoles,
  type ExistingDuty,
  firstPeriodAfter,
  type NoticeOverride,
  readOwner,
  type Structure,
  unitOfOwner,
} from '@duban/domain';
import { requireOneOf, requireRight } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { type DutyView, readDuty, viewOfDuty } from './duty-reads.ts';
import { ApplicationError } from './errors.ts';
import { answerWith, type Fact, factKey, linkToFact, readFact, readFactAt } from './facts.ts';
import { type Idempotency, recall } from './idempotency.ts';
import { dutySummary } from './views/duty.ts';
import { type Caller, contextFor, type ItemKind, type WriteOptions, type Written, writeItem } from './write-item.ts';

export const DUTIES: ItemKind<DutyState, DutyCommand, DutyEvent> = {
  type: 'duty',
  aggregate: dutyAggregate,
  authorise,
};

function authorise(context: CommandContext, state: DutyState | null, command: DutyCommand): void {
  const { seats } = context;
  const allowed = DUTY_RIGHTS[command.type];
  if (command.type === 'OpenDuty') {
    const { group, requester } = command.definition;
    const roles = dutyRoles(seats, { group, requester, owner: '', ownerUnit: '', addressed: [] });
    requireOneOf(allowed, roles, 'asking for this in the name of that unit');
    return;
  }
  const item = state === null || state.status === 'none' ? null : state;
  const found = item && { item, roles: dutyRoles(seats, dutySummary(item)), clock: DUTY_CLOCK };
  requireRight(allowed, found, command, context);
}

/** The stream of a duty's owner: the same definition and owner always is the same stream. */
export function dutyIdOf(code: string, owner: string): string {
  return `duty_${code}:${owner.replace(':', '.')}`;
}

export interface Demand {
  readonly definition: DutyDefinition;
  readonly urgent: boolean;
  readonly override: NoticeOverride | null;
}

/**
 * Asks its owners for something, each with a clock of its own. What has been answered already is not asked again: the
 * same unit, indicator and period.
 *
 * @throws ApplicationError `already_answered` with the link to the answer
 */
export async function openDuties(
  deps: Dependencies,
  caller: Caller,
  { definition, urgent, override }: Demand,
  options: Pick<WriteOptions, 'idempotency'>,
): Promise<readonly DutyView[]> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const policy = structure.policy(definition.policy);
  if (policy === null) {
    throw new DomainError(
      'unknown_reference',
      `There is no ladder "${definition.policy}".`,
      '没有这个升级策略。',
      '/policy',
    );
  }
  const commandFor = (owner: string): Extract<DutyCommand, { type: 'OpenDuty' }> => ({
    ...{ type: 'OpenDuty', dutyId: dutyIdOf(definition.code, owner), definition, owner, policy, urgent, override },
    imported: false,
  });
  // A repeat of what has begun finishes it, and answers as it did the first time, however late it comes.
  if ((await recall(deps, caller, options.idempotency)) === null) {
    // What the rules refuse for one owner is asked of none.
    const context = contextFor(deps, caller, structure);
    for (const owner of definition.owners) {
      authorise(context, null, commandFor(owner));
      dutyAggregate.decide(dutyAggregate.initial, commandFor(owner), context);
    }
    await refuseAnswered(deps, caller, structure, definition);
  }
  const opened: DutyView[] = [];
  for (const [index, owner] of definition.owners.entries()) {
    const command = commandFor(owner);
    const { dutyId } = command;
    // One request opens several streams: the first remembers it under its key, each other under a key of its own.
    const idempotency = index === 0 ? options.idempotency : keyOfOwner(options.idempotency, owner);
    const all = { idempotency, ifMatch: null };
    const written = await writeItem(deps, caller, DUTIES, dutyId, all, { commandFor: () => command });
    opened.push(await viewOfWritten(deps, caller, written));
  }
  return opened;
}

function keyOfOwner(idempotency: Idempotency | null, owner: string): Idempotency | null {
  return idempotency && { ...idempotency, key: `${idempotency.key}/${owner}` };
}

async function refuseAnswered(
  deps: Dependencies,
  caller: Caller,
  structure: Structure,
  definition: DutyDefinition,
): Promise<void> {
  const indicator = sharedIndicator(definition);
  const period = firstPeriodAfter(definition, deps.clock.now(), structure.calendar);
  if (indicator === null || period === null) return;
  for (const owner of definition.owners) {
    const unit = unitOfOwner(owner, structure) ?? readOwner(owner).code;
    const fact = await readFact(deps, caller.jurisdiction, { unit, indicator, period: period.key });
    if (fact !== null) throw answered(fact, structure);
  }
}

/** The figure that is reported once for all who ask. One that is taken on site is taken there, whatever has been written. */
function sharedIndicator({ indicator, mode }: Pick<DutyDefinition, 'indicator' | 'mode'>): string | null {
  return mode === 'on_site' ? null : indicator;
}

function answered(fact: Fact, structure: Structure): ApplicationError {
  const unit = structure.unit(fact.unit)?.name ?? fact.unit;
  return new ApplicationError(
    'already_answered',
    `${unit} has reported this for ${fact.period} already; the answer is at ${linkToFact(fact)}.`,
    `${unit}已填报${fact.period}的该项数据，请直接查阅：${linkToFact(fact)}，勿重复要求填报。`,
    linkToFact(fact),
  );
}

export type Fulfilment = Omit<Extract<DutyCommand, { type: 'Fulfil' }>, 'type'>;

/** Reports a period. A figure is reported once: it answers all who ask for it. */
export async function fulfilDuty(
  deps: Dependencies,
  caller: Caller,
  id: string,
  fulfilment: Fulfilment,
  options: WriteOptions,
): Promise<DutyView> {
  const factOf = (events: readonly { readonly type: string }[], duty: DutyState): Fact | null => {
    const fulfilled = events.find(
      (event): event is Extract<DutyEvent, { type: 'DutyFulfilled' }> => event.type === 'DutyFulfilled',
    );
    const indicator = duty.status === 'none' ? null : sharedIndicator(duty.terms);
    if (fulfilled === undefined || duty.status === 'none' || indicator === null || !fulfilled.complete) return null;
    const { period, number, value, at } = fulfilled;
    return { unit: duty.ownerUnit, indicator, period, dutyId: id, number, value, at };
  };
  try {
    const written = await writeItem(deps, caller, DUTIES, id, options, {
      commandFor: (): DutyCommand => ({ ...fulfilment, type: 'Fulfil' }),
      claimsFor: (events, state) => {
        const fact = factOf(events, state);
        return fact === null ? [] : [{ key: factKey(fact), value: fact, expiresAt: null }];
      },
      claimed: async ([key = '']) => answeredElsewhere(deps, caller, id, key),
    });
    return await viewOfWritten(deps, caller, written);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'already_answered')) throw error;
    throw await linked(deps, caller, id, fulfilment.period, error);
  }
}

/** It was reported under another duty, which answers this one too: nobody has to wait for the reaction to that report. */
async function answeredElsewhere(deps: Dependencies, caller: Caller, id: string, key: string): Promise<Error> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const fact = await readFactAt(deps, caller.jurisdiction, key);
  if (fact === null) return new Error(`The fact of ${key} is not there.`);
  await answerWith(deps, caller.jurisdiction, id, fact);
  return answered(fact, structure);
}

/** The refusal with the way to the answer. */
async function linked(
  deps: Dependencies,
  caller: Caller,
  id: string,
  named: string | null,
  error: DomainError,
): Promise<ApplicationError> {
  const { duty } = await readDuty(deps, caller, id);
  // Beside the one answered last, the next may be open before its days begin.
  const period = named ?? duty.periods.findLast(({ status }) => status === 'met' || status === 'late')?.key ?? '';
  const indicator = sharedIndicator(duty.terms);
  const link = indicator === null ? `/v1/duties/${id}/events` : linkToFact({ unit: duty.ownerUnit, indicator, period });
  return new ApplicationError('already_answered', `${error.message} ${link}`, `${error.messageZh}${link}`, link);
}

/** Any other command on a duty; answers the duty as it is afterwards. */
export async function commandDuty(
  deps: Dependencies,
  caller: Caller,
  id: string,
  command: DutyCommand,
  options: WriteOptions,
): Promise<DutyView> {
  const written = await writeItem(deps, caller, DUTIES, id, options, { commandFor: () => command });
  return viewOfWritten(deps, caller, written);
}

function viewOfWritten(
  deps: Dependencies,
  caller: Caller,
  { state, context }: Written<DutyState, DutyEvent>,
): Promise<DutyView> {
  return viewOfDuty(deps, caller, context, state as ExistingDuty);
}
