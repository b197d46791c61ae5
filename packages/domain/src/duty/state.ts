import type { Instant } from '@duban/calendar';
import type { EscalationRecord } from '../clock/item.ts';
import type { Light } from '../clock/light.ts';
import { activeLimits, type Limit, nextChangeOfAll } from '../clock/limit.ts';
import type { Policy } from '../escalation/policy.ts';
import type { DutyDefinition } from './definition.ts';
import type { DutyEnded, RunningPeriod } from './events.ts';

export const DUTY_STATUSES = ['active', 'ended'] as const;
export type DutyStatus = (typeof DUTY_STATUSES)[number];

export const PERIOD_STATUSES = ['running', 'met', 'late', 'missed', 'void'] as const;
/** A period as it is remembered. */
export interface PeriodRecord {
  readonly key: string;
  readonly dueAt: Instant;
  readonly done: number;
  /** `met` in time, `late` done after its due instant, `missed` not done, `void` fell away. */
  readonly status: (typeof PERIOD_STATUSES)[number];
  /** When it was complete; more done later does not change it. */
  readonly metAt: Instant | null;
  /** What has happened, where no calendar opened it. */
  readonly occasion: string | null;
}

/** The report of a turn. */
export interface ReportTurn {
  readonly period: string;
  readonly from: Instant;
  readonly to: Instant;
  /** The morning it is asked for. */
  readonly at: Instant;
  readonly asked: boolean;
}

/** What of a definition the rules need; its wording stays in the events. */
export type DutyTerms = Omit<DutyDefinition, 'text' | 'owners' | 'counterparties' | 'notes'>;

export interface ExistingDuty {
  readonly status: DutyStatus;
  readonly id: string;
  /** Events so far. */
  readonly version: number;
  readonly wordingVersion: number;
  readonly terms: DutyTerms;
  readonly owner: string;
  readonly ownerUnit: string;
  readonly imported: boolean;
  readonly urgent: boolean;
  /** Less notice was given than is due, and the requester answers for it. */
  readonly overridden: boolean;
  readonly policy: Policy;
  readonly openedAt: Instant;
  readonly endsAt: Instant;
  readonly endedAt: Instant | null;
  /** Why it has ended; null while it has not. */
  readonly endCause: DutyEnded['cause'] | null;
  /** The turn opened last; null before the first, between occasions and after the end. */
  readonly current: RunningPeriod | null;
  /** Every turn so far, in the order they were opened; each key once. */
  readonly periods: readonly PeriodRecord[];
  readonly fulfilments: number;
  readonly behind: boolean;
  /** Of what was missed long ago and has climbed its whole ladder, no limit is left. */
  readonly limits: readonly Limit[];
  readonly escalations: readonly EscalationRecord[];
  /** Reports asked for, and those to come; each turn once. */
  readonly reports: readonly ReportTurn[];
}
export type DutyState = { readonly status: 'none' } | ExistingDuty;

export const INITIAL_DUTY: DutyState = { status: 'none' };

/** How many each period asks for. */
export function quotaOf({ terms }: Pick<ExistingDuty, 'terms'>): number {
  return terms.quota?.count ?? 1;
}

export function recordOf({ periods }: Pick<ExistingDuty, 'periods'>, key: string): PeriodRecord | null {
  return periods.findLast((period) => period.key === key) ?? null;
}

/** The periods that can still be fulfilled: those whose limit runs or is missed. In the order they were opened. */
export function openPeriods(duty: Pick<ExistingDuty, 'periods' | 'limits'>): readonly PeriodRecord[] {
  const active = new Set(activeLimits(duty).map(({ id }) => id));
  return duty.periods.filter(({ key }) => active.has(periodLimitId(key)));
}

/** How many of the quota an even pace would have done by an instant. */
export function expectedBy(quota: number, { from, dueAt }: RunningPeriod, at: Instant): number {
  if (at >= dueAt) return quota;
  return at <= from ? 0 : wholes(quota * (at - from), dueAt - from);
}

/** When an even pace would have done one more than has been done; null where one is all there is to do, or it is behind already. */
export function behindAt(duty: ExistingDuty): Instant | null {
  const { current, behind } = duty;
  const quota = quotaOf(duty);
  if (current === null || behind || quota <= 1) return null;
  const record = recordOf(duty, current.key);
  // What is missed is red, whatever its pace.
  if (record?.status !== 'running') return null;
  const product = (Math.floor(record.done) + 1) * (current.dueAt - current.from);
  return current.from + wholes(product, quota) + (product % quota === 0 ? 0 : 1);
}

/** The whole part of a quotient; exact, which a division rounded up to a whole number is not. */
function wholes(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}

export function dutyNextWakeAt(state: DutyState): Instant | null {
  if (state.status === 'none') return null;
  const limits = nextChangeOfAll(state.limits);
  const own = state.status === 'ended' ? [] : [state.endsAt, turnsAt(state), behindAt(state)];
  // What was moved beyond a duty's last day is reported after it.
  const reports = state.reports.flatMap(({ asked, at }) => (asked ? [] : at));
  const instants = [limits, ...own, ...reports].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

/**
 * When the next turn is opened: as soon as the current one has fallen due, so that it can be reminded of in time; and
 * when its own days begin, though the current one was moved beyond them. Null: none follows by itself.
 */
export function turnsAt({ current }: Pick<ExistingDuty, 'current'>): Instant | null {
  return current === null || current.last ? null : Math.min(current.dueAt, current.to);
}

export function dutyLight(duty: ExistingDuty): Light {
  const active = activeLimits(duty);
  if (active.some(({ status }) => status === 'overdue')) return 'red';
  if (duty.behind || active.some(({ dueSoon }) => dueSoon)) return 'yellow';
  if (duty.status === 'active' || active.length > 0) return 'green';
  return duty.endCause === 'until' ? 'blue' : 'grey';
}

/** The limit that runs for a period. */
export function periodLimitId(key: string): string {
  return `period:${key}`;
}
