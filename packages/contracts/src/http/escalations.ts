import { z } from 'zod';
import { action, escalationState, light, nextStep, recipient } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { code, due, instant, name, reason } from './text.ts';

export const escalationParams = z.strictObject({ id: z.string().regex(/^escalation_[A-Za-z0-9_:.-]{1,200}$/) });
export const escalationListQuery = z.strictObject({
  office: code.optional(),
  unit: name.optional(),
  state: escalationState.optional(),
  ...pageQuery,
});
export const acknowledgement = z
  .strictObject({ note: reason.nullable().default(null), until: due.nullable().default(null) })
  .meta({ id: 'Acknowledgement' });
export const resolution = z.strictObject({ outcome: reason }).meta({ id: 'Resolution' });

export const escalationAnswer = z
  .strictObject({
    id: z.string(),
    itemId: z.string().describe('the task, incident, duty or problem'),
    itemTitle: z.string(),
    group: z.string().nullable(),
    limitId: z.string(),
    step: z.int(),
    at: instant,
    due: instant,
    action,
    urgent: z.boolean(),
    mailboxes: z.array(z.string()),
    detoured: z.boolean().describe('a seat on the way was vacant or unset'),
    state: escalationState,
  })
  .meta({ id: 'Escalation' });
export const escalationDetail = z
  .strictObject({ ...escalationAnswer.shape, recipients: z.array(recipient), next: nextStep.nullable() })
  .meta({ id: 'EscalationDetail' });
export const escalationList = listOf(escalationAnswer).meta({ id: 'EscalationList' });

export const inboxParams = z.strictObject({ id: z.string().regex(/^digest_[A-Za-z0-9_:.-]{1,200}$/) });
export const inboxQuery = z
  .strictObject({ unit: name.optional(), post: name.optional(), state: z.literal('unread').optional(), ...pageQuery })
  .refine((query) => query.unit === undefined || query.post === undefined, { params: { code: 'only_one_of' } });
export const digestAnswer = z
  .strictObject({
    id: z.string(),
    mailbox: z.string(),
    releaseAt: instant,
    urgent: z.boolean(),
    count: z.int(),
    kinds: z.record(z.string(), z.int()),
    readAt: instant.nullable(),
    items: z.array(
      z.strictObject({
        id: z.string(),
        itemId: z.string(),
        jurisdiction: z.string().nullable().describe('the county it came up from; null: this one'),
        kind: z.string(),
        at: instant,
        limitId: z.string().nullable(),
        due: instant.nullable(),
        escalationId: z.string().nullable(),
        detoured: z.boolean(),
        title: z.string(),
        plan: z.string(),
        leadUnits: z.array(z.string()),
        light,
        lateBySeconds: z.int().nullable(),
      }),
    ),
    more: z.int().describe('items beyond those shown'),
  })
  .meta({ id: 'Digest' });
export const inboxList = z
  .strictObject({
    ...listOf(digestAnswer).shape,
    unread: z.int().describe('of all mailboxes asked for, not of this page'),
    mailboxes: z.array(z.strictObject({ mailbox: z.string(), unread: z.int(), total: z.int() })),
  })
  .meta({ id: 'Inbox' });

export const emptyBody = z.strictObject({}).meta({ id: 'Nothing' });

export const dashboardQuery = z
  .strictObject({ plan: code.optional(), office: code.optional(), unit: name.optional() })
  .refine((query) => Object.values(query).filter((value) => value !== undefined).length === 1, {
    params: { code: 'exactly_one_of' },
  });
const counts = {
  total: z.int(),
  byStatus: z.record(z.string(), z.int()),
  byLight: z.record(z.string(), z.int()),
};
export const dashboardAnswer = z
  .strictObject({
    ...counts,
    byLeadUnit: z.array(z.strictObject({ unit: z.string(), name: z.string(), ...counts })),
  })
  .meta({ id: 'Dashboard' });

export const verificationQuery = z.strictObject({
  aggregate: z
    .string()
    .regex(/^(?:structure|(?:task|incident|duty|problem|report|digest|subscription|delivery)_[A-Za-z0-9_:.-]{1,250})$/),
});
export const verificationAnswer = z
  .union([
    z.strictObject({ ok: z.literal(true), versions: z.int() }),
    z.strictObject({ ok: z.literal(false), aggregate: z.string(), version: z.int(), fault: z.string() }),
  ])
  .meta({ id: 'ChainVerification' });
