import { SHIFT_RULES } from '@duban/calendar';
import {
  DUTY_KINDS,
  DUTY_MODES,
  DUTY_STATUSES,
  type DutyDefinition,
  type DutyEvent,
  type DutyPeriod,
  type ExistingDuty,
  PERIOD_STATUSES,
} from '@duban/domain';
import { z } from 'zod';
import { clockEvents } from './clock-events.ts';
import { code, codes, count, escalation, instant, limit, ordinal, policy, source } from './parts.ts';

const text = z.string();
const weekday = z.int().min(1).max(7).nullable();
const dayOfMonth = z.int().min(1).max(31).nullable();
const month = z.int().min(1).max(12).nullable();

const dutyPeriod = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('day') }),
  z.strictObject({ every: z.literal('week'), weekday }),
  z.strictObject({ every: z.literal('ten_days') }),
  z.strictObject({ every: z.literal('month'), day: dayOfMonth }),
  z.strictObject({ every: z.literal('quarter') }),
  z.strictObject({ every: z.literal('half_year') }),
  z.strictObject({ every: z.literal('year'), month, day: dayOfMonth }),
  z.strictObject({ every: z.literal('campaign') }),
  z.strictObject({ every: z.literal('event'), event: text, withinDays: count.nullable() }),
  z.strictObject({ every: z.literal('unspecified') }),
]) satisfies z.ZodType<DutyPeriod>;

const terms = {
  code,
  kind: z.enum(DUTY_KINDS),
  title: text,
  basis: source,
  group: code.nullable(),
  requester: code,
  period: dutyPeriod,
  shift: z.enum(SHIFT_RULES),
  quota: z.strictObject({ count: z.number().min(0), unit: text }).nullable(),
  mode: z.enum(DUTY_MODES),
  subject: code.nullable(),
  indicator: text.nullable(),
  from: text,
  until: text,
  policy: code,
};

/** What a document says of a duty. */
export const dutyDefinition = z.strictObject({
  ...terms,
  text,
  owners: codes,
  counterparties: z.array(text),
  notes: z.array(text),
}) satisfies z.ZodType<DutyDefinition>;

const endCause = z.enum(['until', 'removed', 'withdrawn']);
const runningPeriod = z.strictObject({ key: code, from: instant, to: instant, dueAt: instant, last: z.boolean() });

const by = <T extends DutyEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, by: text, ...shape });

/** Every event of a duty in its present shape. */
export const dutyEvent = z.discriminatedUnion('type', [
  by('DutyOpened', {
    dutyId: code,
    definition: dutyDefinition,
    owner: code,
    ownerUnit: code,
    policy,
    imported: z.boolean(),
    urgent: z.boolean(),
    override: z.strictObject({ approver: code, reason: text }).nullable(),
    period: runningPeriod.nullable(),
    limit: limit.nullable(),
    endsAt: instant,
  }),
  by('DutyCorrected', {
    definition: dutyDefinition,
    period: runningPeriod.nullable(),
    limit: limit.nullable(),
    endsAt: instant,
  }),
  by('PeriodOpened', { period: runningPeriod, limit, occasion: text.nullable() }),
  by('DutyFulfilled', {
    number: ordinal,
    period: code,
    mode: z.enum(DUTY_MODES),
    noChange: z.boolean(),
    text: text.nullable(),
    count: z.number().min(0),
    value: z.number().nullable(),
    answeredBy: code.nullable(),
    complete: z.boolean(),
    lateByMs: count,
    behind: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('DutyFellBehind'),
    at: instant,
    period: code,
    done: z.number().min(0),
    expected: z.number().min(0),
  }),
  z.strictObject({
    type: z.literal('ReportScheduled'),
    at: instant,
    period: code,
    from: instant,
    to: instant,
    reportAt: instant,
  }),
  z.strictObject({
    type: z.literal('ReportAsked'),
    at: instant,
    period: code,
    from: instant,
    to: instant,
    since: instant,
    until: instant,
  }),
  by('DutyEnded', { cause: endCause, reason: text.nullable() }),
  ...clockEvents,
]) satisfies z.ZodType<DutyEvent>;

/** The head of a duty's stream. */
export const dutyState = z.strictObject({
  status: z.enum(DUTY_STATUSES),
  id: code,
  version: ordinal,
  wordingVersion: ordinal,
  terms: z.strictObject(terms),
  owner: code,
  ownerUnit: code,
  imported: z.boolean(),
  urgent: z.boolean(),
  overridden: z.boolean(),
  policy,
  openedAt: instant,
  endsAt: instant,
  endedAt: instant.nullable(),
  endCause: endCause.nullable(),
  current: runningPeriod.nullable(),
  periods: z.array(
    z.strictObject({
      key: code,
      dueAt: instant,
      done: z.number().min(0),
      status: z.enum(PERIOD_STATUSES),
      metAt: instant.nullable(),
      occasion: text.nullable(),
    }),
  ),
  fulfilments: count,
  behind: z.boolean(),
  limits: z.array(limit),
  escalations: z.array(escalation),
  // Duties from before reports: theirs is planned with the next turn.
  reports: z
    .array(z.strictObject({ period: code, from: instant, to: instant, at: instant, asked: z.boolean() }))
    .default([]),
}) satisfies z.ZodType<ExistingDuty>;
