import {
  ACTIONS,
  type Delay,
  ESCALATION_STATES,
  type EscalationRecord,
  LIMIT_KINDS,
  LIMIT_STATUSES,
  type Limit,
  type NextStep,
  PAUSE_REASONS,
  type Pause,
  type Policy,
  type Recipient,
  SEATS,
  type SourceReference,
  TARGETS,
} from '@duban/domain';
import { z } from 'zod';

/** Epoch milliseconds. */
export const instant = z.int();
export const code = z.string().min(1);
export const codes = z.array(code);
/** Counts from 1. */
export const ordinal = z.int().min(1);
export const count = z.int().min(0);
export const percent = z.int().min(0).max(100);

export const delay = z.strictObject({
  unit: z.enum(['working_days', 'working_minutes', 'minutes']),
  amount: count,
}) satisfies z.ZodType<Delay>;

export const action = z.enum(ACTIONS);
export const escalationStatus = z.enum(ESCALATION_STATES);

export const policy = z.strictObject({
  code,
  name: z.string(),
  remindWorkingDaysBefore: z.array(count),
  // Ladders from before there was anything but tasks remind by working days alone.
  remindMinutesBefore: z.array(count).default([]),
  urgentReminders: z.boolean().default(false),
  steps: z.array(
    z.strictObject({
      delay,
      targets: z.array(z.enum(TARGETS)),
      action,
      acknowledgeWithin: delay.nullable(),
      holdOnAcknowledgement: delay,
      urgent: z.boolean(),
      repeat: z.literal('monthly').nullable(),
    }),
  ),
  minimumGap: delay,
  verifyWithin: delay,
  source: z.string(),
}) satisfies z.ZodType<Policy>;

export const nextStep = z.strictObject({ step: count, at: instant }) satisfies z.ZodType<NextStep>;

export const pause = z.strictObject({
  from: instant,
  until: instant,
  fromStep: count,
  reason: z.enum(PAUSE_REASONS),
}) satisfies z.ZodType<Pause>;

export const limit = z.strictObject({
  id: code,
  kind: z.enum(LIMIT_KINDS),
  dueAt: instant,
  startedAt: instant,
  status: z.enum(LIMIT_STATUSES),
  reminders: z.array(
    z.strictObject({ at: instant, workingDaysBefore: count.nullable(), minutesBefore: count.nullable().default(null) }),
  ),
  dueSoon: z.boolean(),
  steps: z.array(instant),
  next: nextStep.nullable(),
  hold: z.strictObject({ from: instant, until: instant }).nullable(),
  counted: z.strictObject({ from: instant, delay }).nullable().default(null),
  // Heads and events from before spans were kept cannot tell which there were.
  pauses: z.array(pause).nullable().default(null),
}) satisfies z.ZodType<Limit>;

export const recipient = z.strictObject({
  mailbox: code,
  post: code.nullable(),
  unit: code.nullable(),
  person: code.nullable(),
  path: z.array(
    z.strictObject({
      seat: z.enum(SEATS),
      code: code.nullable(),
      found: z.enum(['holder', 'vacant', 'unset', 'addressed']),
    }),
  ),
}) satisfies z.ZodType<Recipient>;

export const escalation = z.strictObject({
  id: code,
  limitId: code,
  step: count,
  at: instant,
  dueAt: instant,
  action,
  urgent: z.boolean(),
  mailboxes: codes,
  detoured: z.boolean(),
  status: escalationStatus,
}) satisfies z.ZodType<EscalationRecord>;

export const source = z.strictObject({
  documentNumber: z.string(),
  lines: z.tuple([z.int().min(1), z.int().min(1)]).nullable(),
}) satisfies z.ZodType<SourceReference>;
