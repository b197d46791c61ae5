import { ACTIONS, TARGETS } from '@duban/domain';
import { z } from 'zod';
import { instant } from './text.ts';

export const named = z.strictObject({ code: z.string(), name: z.string() }).meta({ id: 'Named' });
export const light = z.enum(['green', 'yellow', 'red', 'blue', 'grey']);
export const taskStatus = z.enum([
  'assigned',
  'in_progress',
  'completion_submitted',
  'suspended',
  'standing',
  'closed',
  'cancelled',
]);
export const escalationState = z.enum(['open', 'acknowledged', 'resolved']);
export const nextStep = z.strictObject({ step: z.int(), at: instant }).meta({ id: 'NextStep' });
export const target = z.enum(TARGETS);
export const action = z.enum(ACTIONS).describe('inform: told for information, nothing is asked');
/** Where a rule is written down. */
export const source = z
  .strictObject({
    documentNumber: z.string(),
    lines: z.tuple([z.int(), z.int()]).nullable().describe('of the gazette, first and last'),
  })
  .meta({ id: 'Source' });
export const pathStep = z.strictObject({ seat: z.string(), code: z.string().nullable(), found: z.string() });
export const recipient = z
  .strictObject({
    mailbox: z.string(),
    post: z.string().nullable(),
    unit: z.string().nullable(),
    person: z.string().nullable().describe('who holds the post then'),
    personName: z.string().nullable(),
    path: z.array(pathStep),
  })
  .meta({ id: 'Recipient' });
