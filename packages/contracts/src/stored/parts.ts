import {
  type Delay,
  ESCALATION_STATES,
  LIMIT_KINDS,
  LIMIT_STATUSES,
  type Limit,
  type NextStep,
  type Policy,
  type Recipient,
  SEATS,
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

const delay = z.strictObject({
  unit: z.enum(['working_days', 'working_minutes', 'minutes']),
  amount: count,
}) satisfies z.ZodType<Delay>;

export const action = z.enum(['escalate', 'circular']);
export const escalationStatus = z.enum(ESCALATION_STATES);

export const policy = z.strictObject({
  code,
  name: z.string(),
  remindWorkingDaysBefore: z.array(count),
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

export const limit = z.strictObject({
  id: code,
  kind: z.enum(LIMIT_KINDS),
  dueAt: instant,
  startedAt: instant,
  status: z.enum(LIMIT_STATUSES),
  reminders: z.array(z.strictObject({ at: instant, workingDaysBefore: count })),
  dueSoon: z.boolean(),
  steps: z.array(instant),
  next: nextStep.nullable(),
  hold: z.strictObject({ from: instant, until: instant }).nullable(),
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
