import type { Instant } from '@duban/calendar';
import {
  type DutyCorrected,
  type DutyEvent,
  type DutyOpened,
  type DutyState,
  dutyAggregate,
  type ExistingDuty,
  type PeriodOpened,
} from '@duban/domain';
import { commitOf, sendSoon } from './commit.ts';
import type { Dependencies } from './dependencies.ts';
import type { RecordedEvent } from './ports.ts';
import { idOfSort, partitions } from './views/names.ts';
import { walkList } from './walk-list.ts';
import { itemRef, systemContext } from './write-item.ts';

/** A figure that a unit has reported for a period: one fact, however many duties ask for it. */
export interface Fact {
  readonly unit: string;
  readonly indicator: string;
  readonly period: string;
  /** The duty it was reported under, and which of its reports it is. */
  readonly dutyId: string;
  readonly number: number;
  /** Null: reported as unchanged. */
  readonly value: number | null;
  readonly at: Instant;
}

type FactName = Pick<Fact, 'unit' | 'indicator' | 'period'>;

/** The row that lets a fact be reported once. */
export function factKey({ unit, indicator, period }: FactName): string {
  return `fact/${unit}/${encodeURIComponent(indicator)}/${period}`;
}

export function linkToFact({ unit, indicator, period }: FactName): string {
  return `/v1/facts?${new URLSearchParams({ unit, indicator, period }).toString()}`;
}

/** The fact, once it has been reported; null until then. */
export function readFact(
  deps: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  name: FactName,
): Promise<Fact | null> {
  return readFactAt(deps, jurisdiction, factKey(name));
}

/** @param key of {@link factKey} */
export async function readFactAt(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  key: string,
): Promise<Fact | null> {
  const stored = await store.claim(jurisdiction, key);
  return stored === null ? null : parseFact(stored);
}

/** @throws Error when the stored row is not a fact */
function parseFact(stored: unknown): Fact {
  const fact = stored as Partial<Fact>;
  const texts = [fact.unit, fact.indicator, fact.period, fact.dutyId];
  const numbers = [fact.number, fact.at];
  if (!texts.every((text) => typeof text === 'string') || !numbers.every((number) => typeof number === 'number')) {
    throw new Error('A stored fact is not of its shape.');
  }
  return { ...(fact as Fact), value: typeof fact.value === 'number' ? fact.value : null };
}

const ATTEMPTS = 5;

/**
 * One fact answers every duty of its unit that asks for it: those that stand when it is reported, and those whose period
 * begins afterwards. What has been answered is left alone, so that a repeated delivery changes nothing.
 */
export async function answerByFacts(deps: Dependencies, events: readonly RecordedEvent[]): Promise<void> {
  for (const { ref, event: happened } of events) {
    if (ref.type !== 'duty') continue;
    const event = happened as DutyEvent;
    if (event.type === 'DutyFulfilled' && event.complete && event.answeredBy === null) {
      await answerOthers(deps, ref.jurisdiction, ref.id, event.period);
    } else if (asksAnew(event) && event.period !== null) {
      await answerNew(deps, ref.jurisdiction, ref.id, event);
    }
  }
}

function asksAnew(event: DutyEvent): event is DutyOpened | DutyCorrected | PeriodOpened {
  return event.type === 'DutyOpened' || event.type === 'DutyCorrected' || event.type === 'PeriodOpened';
}

async function answerOthers(deps: Dependencies, jurisdiction: string, id: string, period: string): Promise<void> {
  const duty = await load(deps, jurisdiction, id);
  const indicator = duty?.terms.indicator ?? null;
  if (duty === null || indicator === null) return;
  const fact = await readFact(deps, jurisdiction, { unit: duty.ownerUnit, indicator, period });
  if (fact === null) return;
  const list = partitions.dutiesAsking(duty.ownerUnit, indicator);
  for await (const entries of walkList(deps, jurisdiction, list)) {
    for (const { sort } of entries) {
      const other = idOfSort(sort);
      if (other !== fact.dutyId) await answerWith(deps, jurisdiction, other, fact);
    }
  }
}

async function answerNew(
  deps: Dependencies,
  jurisdiction: string,
  id: string,
  { period }: DutyOpened | DutyCorrected | PeriodOpened,
): Promise<void> {
  const duty = await load(deps, jurisdiction, id);
  const indicator = duty?.terms.indicator ?? null;
  if (duty === null || indicator === null || period === null) return;
  const fact = await readFact(deps, jurisdiction, { unit: duty.ownerUnit, indicator, period: period.key });
  if (fact !== null && fact.dutyId !== id) await answerWith(deps, jurisdiction, id, fact);
}

/** Fulfils a duty with a fact reported under another; one that has been answered, or does not ask for it, stays as it is. */
export async function answerWith(deps: Dependencies, jurisdiction: string, id: string, fact: Fact): Promise<void> {
  const ref = itemRef(jurisdiction, 'duty', id);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const head = await deps.store.load(ref);
    if (head === null) return;
    const context = systemContext(deps, await deps.structures.current(jurisdiction), 'system:react');
    const { period, value, dutyId: answeredBy } = fact;
    const command = { type: 'AnswerByFact', period, value, answeredBy } as const;
    const events = dutyAggregate.decide(head.state as DutyState, command, context);
    if (events.length === 0) return;
    const meta = { at: context.now, actor: context.actor, correlationId: deps.ids.next('react') };
    const commit = commitOf(head, ref, events, meta);
    const [outcome] = await deps.store.commit([commit]);
    if (outcome?.status === 'committed') {
      await sendSoon(deps, [commit]);
      return;
    }
  }
  throw new Error(`${id} could not be answered by a fact; it is tried again.`);
}

async function load(deps: Dependencies, jurisdiction: string, id: string): Promise<ExistingDuty | null> {
  const head = await deps.store.load(itemRef(jurisdiction, 'duty', id));
  return head === null ? null : (head.state as ExistingDuty);
}
