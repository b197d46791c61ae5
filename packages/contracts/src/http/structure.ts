import { MAX_WORKING_DAYS } from '@duban/calendar';
import { z } from 'zod';
import { action, named, recipient, target } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { code, due, name } from './text.ts';

export const noQuery = z.strictObject({});
export const pagedQuery = z.strictObject(pageQuery);
/** A code that is none names nothing: the answer is 404, as for any other absent thing. */
export const codeParams = z.strictObject({ code });
export const unitQuery = z.strictObject({
  name: name.optional(),
  q: z
    .string()
    .regex(/^[A-Za-z]{1,40}$/)
    .optional()
    .describe('pinyin, or the initials of it: xyjglj'),
  ...pageQuery,
});
export const postQuery = z.strictObject({ unit: name.optional(), ...pageQuery });
export const recipientsQuery = z.strictObject({ target, at: due.optional() });

const nullableNamed = named.nullable();
export const postAnswer = z
  .strictObject({
    code: z.string(),
    unit: named,
    title: z.string(),
    head: z.boolean(),
    holder: nullableNamed.describe('who holds it now; null: vacant'),
  })
  .meta({ id: 'Post' });
const unitShape = {
  code: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  kind: z.string(),
  parent: nullableNamed,
  leaderInCharge: z.string().nullable().describe('post of the county leader in charge of it'),
};
export const unitAnswer = z.strictObject(unitShape).meta({ id: 'Unit' });
export const unitDetail = z.strictObject({ ...unitShape, posts: z.array(postAnswer) }).meta({ id: 'UnitDetail' });
export const seat = z.strictObject({ post: z.string(), title: z.string(), unit: named, holder: nullableNamed });
export const groupAnswer = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    kind: z.string(),
    documentNumber: z.string(),
    parent: z.string().nullable(),
    office: z.strictObject({ hostUnit: named, director: seat.nullable(), deputyDirector: seat.nullable() }).nullable(),
    leader: seat.nullable(),
    firstDeputy: seat.nullable(),
    deputies: z.array(seat),
    members: z.array(seat),
    plans: z.array(z.string()),
  })
  .meta({ id: 'Group' });
export const delay = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('working_days'), amount: z.int().min(0).max(MAX_WORKING_DAYS) }),
  z.strictObject({ unit: z.enum(['working_minutes', 'minutes']), amount: z.int().min(0).max(100_000) }),
]);
export const policyShape = {
  code,
  name: name,
  remindWorkingDaysBefore: z.array(z.int().min(0).max(250)).max(10),
  remindMinutesBefore: z.array(z.int().min(1).max(100_000)).max(10).default([]),
  urgentReminders: z.boolean().default(false),
  steps: z
    .array(
      z.strictObject({
        delay,
        targets: z.array(target).min(1).max(6),
        action,
        acknowledgeWithin: delay.nullable(),
        holdOnAcknowledgement: delay,
        urgent: z.boolean(),
        repeat: z.literal('monthly').nullable(),
      }),
    )
    .min(1)
    .max(20),
  minimumGap: delay,
  verifyWithin: delay,
  source: name,
};
export const policyAnswer = z.strictObject(policyShape).meta({ id: 'Policy' });
export const documentAnswer = z
  .strictObject({
    number: z.string(),
    title: z.string(),
    issuer: z.string().nullable(),
    issuedOn: z.string().nullable(),
  })
  .meta({ id: 'Document' });
export const planAnswer = z
  .strictObject({
    code: z.string(),
    documentNumber: z.string(),
    list: z.string(),
    title: z.string(),
    group: named,
    policy: z.string(),
  })
  .meta({ id: 'Plan' });

export const unitList = listOf(unitAnswer).meta({ id: 'UnitList' });
export const postList = listOf(postAnswer).meta({ id: 'PostList' });
export const groupList = listOf(groupAnswer).meta({ id: 'GroupList' });
export const policyList = listOf(policyAnswer).meta({ id: 'PolicyList' });
export const documentList = listOf(documentAnswer).meta({ id: 'DocumentList' });
export const planList = listOf(planAnswer).meta({ id: 'PlanList' });
export const recipientList = listOf(recipient).meta({ id: 'RecipientList' });
