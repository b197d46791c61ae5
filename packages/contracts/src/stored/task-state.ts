import type { ExistingTask } from '@duban/domain';
import { z } from 'zod';
import { code, codes, count, escalation, instant, limit, ordinal, percent, policy } from './parts.ts';

const core = {
  id: code,
  version: ordinal,
  wordingVersion: ordinal,
  title: z.string(),
  plan: code,
  group: code,
  documentNumber: z.string(),
  list: z.string(),
  seq: z.int().nullable(),
  leadUnits: codes,
  responsibleUnits: codes,
  leaders: codes,
  ongoing: z.boolean(),
  policy,
  assignedAt: instant,
  acceptedBy: codes,
  percent: percent.nullable(),
  limits: z.array(limit),
  escalations: z.array(escalation),
  extensions: z.array(
    z.strictObject({
      number: ordinal,
      limitId: code,
      newDueAt: instant,
      decision: z.enum(['pending', 'approved', 'refused']),
    }),
  ),
  disputes: z.array(
    z.strictObject({ number: ordinal, unit: code, decision: z.enum(['pending', 'upheld', 'rejected']) }),
  ),
  counts: z.strictObject({ progress: count, completions: count, listings: count, instructions: count }),
  listed: z.boolean(),
};

const WORKING = ['assigned', 'in_progress', 'standing'] as const;

const shapes = <Held extends z.ZodType>(held: Held) =>
  z.discriminatedUnion('status', [
    z.strictObject({ ...core, held, status: z.enum(WORKING) }),
    z.strictObject({ ...core, held, status: z.literal('completion_submitted'), submittedAt: instant }),
    z.strictObject({
      ...core,
      held,
      status: z.literal('suspended'),
      since: instant,
      until: instant,
      resumesTo: z.enum(WORKING),
    }),
    z.strictObject({
      ...core,
      held,
      status: z.literal('closed'),
      closedAt: instant,
      onTime: z.boolean(),
      lateByMs: z.int().min(0),
    }),
    z.strictObject({ ...core, held, status: z.literal('cancelled'), cancelledAt: instant }),
  ]);

/** Heads written before there was such a thing were held by nobody. */
const free = z.null().default(null);
const held = z
  .strictObject({ importId: code, before: shapes(free).nullable() })
  .nullable()
  .default(null);

/** The head of a task's stream. A stream without events has no head, so the state before the first is not stored. */
export const taskState = shapes(held) satisfies z.ZodType<ExistingTask>;
