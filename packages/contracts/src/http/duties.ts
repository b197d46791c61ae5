import { SHIFT_RULES } from '@duban/calendar';
import { DUTY_KINDS, DUTY_MODES, DUTY_STATUSES, PERIOD_STATUSES } from '@duban/domain';
import { z } from 'zod';
import { escalationOfItem, itemParams, limitAnswer } from './clock.ts';
import { light, named, source } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { code, instant, longText, name, normaliseDocumentNumber, plainDate, reason, text, title } from './text.ts';

const weekday = z.int().min(1).max(7).nullable().default(null).describe('1 Monday to 7 Sunday; null: the last day');
const dayOfMonth = z.int().min(1).max(31).nullable().default(null).describe('null: the last day');

export const dutyPeriod = z
  .discriminatedUnion('every', [
    z.strictObject({ every: z.literal('day') }),
    z.strictObject({ every: z.literal('week'), weekday }),
    z.strictObject({ every: z.literal('ten_days') }),
    z.strictObject({ every: z.literal('month'), day: dayOfMonth }),
    z.strictObject({ every: z.literal('quarter') }),
    z.strictObject({ every: z.literal('half_year') }),
    z.strictObject({
      every: z.literal('year'),
      month: z.int().min(1).max(12).nullable().default(null),
      day: dayOfMonth,
    }),
    z.strictObject({ every: z.literal('campaign') }),
    z.strictObject({
      every: z.literal('event'),
      event: text(500),
      withinDays: z.int().min(0).max(3_660).nullable().default(null),
    }),
    z.strictObject({ every: z.literal('unspecified') }),
  ])
  .meta({ id: 'DutyPeriod' });

const quota = z.strictObject({ count: z.number().min(1).max(1_000_000), unit: text(20) });
const mode = z.enum(DUTY_MODES);
const basis = z.strictObject({
  documentNumber: text(100).transform(normaliseDocumentNumber),
  lines: z
    .tuple([z.int().min(1), z.int().min(1)])
    .nullable()
    .default(null),
});

/** `unit` or `post` by code or name; 各乡镇 stands for every township. */
const owners = z.array(text(140)).min(1).max(500);

const stated = {
  kind: z.enum(DUTY_KINDS).default('report'),
  title,
  text: longText,
  basis,
  group: code.nullable().default(null),
  requester: name,
  owners: owners.describe('units or posts by code or name; 各乡镇 means every township'),
  counterparties: z.array(text(200)).max(200).default([]),
  period: dutyPeriod,
  shift: z.enum(SHIFT_RULES).default('keep').describe('what happens to a due day that is a day off'),
  quota: quota.nullable().default(null),
  mode: mode.default('any'),
  subject: code.nullable().default(null),
  indicator: text(100).nullable().default(null),
  from: plainDate,
  until: plainDate,
  policy: code.default('default-duty'),
};

/** A duty as a bundle holds it. */
export const importedDuty = z.strictObject({ code, ...stated, notes: z.array(reason).max(50).default([]) });

export const subject = z.strictObject({
  code,
  name: text(200),
  tier: z.enum(['A', 'B', 'C', 'D']).nullable().default(null),
  highRisk: z.boolean().default(false),
  kind: text(100).nullable().default(null),
  township: name.nullable().default(null),
  leader: name.nullable().default(null),
  documentNumber: text(100),
});

/** An office asks for something. */
export const newDuty = z
  .strictObject({
    ...stated,
    mode: mode.nullable().default(null).describe('on_site by default for a high-risk subject, else any'),
    from: plainDate.nullable().default(null).describe('today by default'),
    urgent: z.boolean().default(false),
    override: z
      .strictObject({ approver: name, reason })
      .nullable()
      .default(null)
      .describe('a leader’s post that allows less than four working hours’ notice; it counts against the requester'),
  })
  .meta({ id: 'NewDuty' });

function saysSomething(body: {
  readonly text: string | null;
  readonly value: number | null;
  readonly noChange: boolean;
}) {
  return body.noChange || body.text !== null || body.value !== null;
}

export const dutyCommands = {
  fulfilment: z
    .strictObject({
      period: text(60).nullable().default(null).describe('key of the period; the running one by default'),
      mode: mode.default('any'),
      noChange: z.boolean().default(false),
      text: longText.nullable().default(null),
      count: z.number().min(0).max(1_000_000).default(1),
      value: z.number().nullable().default(null),
    })
    .refine(saysSomething, { params: { code: 'nothing_reported' } })
    .meta({ id: 'Fulfilment' }),
  occasion: z.strictObject({ occasion: reason, on: plainDate }).meta({ id: 'Occasion' }),
  withdrawal: z.strictObject({ reason }).meta({ id: 'Withdrawal' }),
} as const;

export const dutyParams = itemParams('duty');
export const dutyListQuery = z.strictObject({
  unit: name.optional(),
  office: code.optional(),
  requester: name.optional(),
  code: code.optional(),
  status: z.enum(DUTY_STATUSES).optional(),
  light: light.optional(),
  subject: code.optional(),
  ...pageQuery,
});

const owner = z.strictObject({ post: z.string().nullable(), unit: named });
export const dutySummaryAnswer = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    status: z.enum(DUTY_STATUSES),
    light,
    code: z.string(),
    kind: z.enum(DUTY_KINDS),
    title: z.string(),
    documentNumber: z.string(),
    group: z.string().nullable(),
    requester: named,
    owner,
    period: z.looseObject({ every: z.string() }),
    subject: z.string().nullable(),
    indicator: z.string().nullable(),
    mode,
    from: plainDate,
    until: plainDate,
    current: z
      .strictObject({ key: z.string(), due: instant, done: z.number(), quota: z.number() })
      .nullable()
      .describe('the period that is running'),
    behind: z.boolean().describe('less has been done than an even pace would have'),
    missed: z.int(),
    openEscalations: z.int(),
  })
  .meta({ id: 'DutySummary' });

export const dutyAnswer = z
  .strictObject({
    ...dutySummaryAnswer.shape,
    text: z.string(),
    basis: source,
    counterparties: z.array(z.string()),
    quota: quota.nullable(),
    shift: z.string(),
    openedAt: instant,
    endsAt: instant,
    endedAt: instant.nullable(),
    imported: z.boolean(),
    urgent: z.boolean(),
    overridden: z.boolean(),
    periods: z.array(
      z.strictObject({
        key: z.string(),
        due: instant,
        done: z.number(),
        status: z.enum(PERIOD_STATUSES),
        metAt: instant.nullable(),
        occasion: z.string().nullable().describe('what has happened, where no calendar opened it'),
      }),
    ),
    limits: z.array(limitAnswer),
    escalations: z.array(escalationOfItem),
    notes: z.array(z.string()),
    roles: z.array(z.string()).describe('what the caller is to this duty'),
  })
  .meta({ id: 'Duty' });

export const dutyList = listOf(dutySummaryAnswer).meta({ id: 'DutyList' });
/** One for each owner. */
export const dutiesOpened = z.strictObject({ items: z.array(dutyAnswer) }).meta({ id: 'DutiesOpened' });
export const subjectList = listOf(
  z
    .strictObject({ ...subject.shape, township: named.nullable(), leader: z.string().nullable() })
    .meta({ id: 'Subject' }),
).meta({ id: 'SubjectList' });

export const factQuery = z.strictObject({ unit: name, indicator: text(100), period: text(60) });
export const factAnswer = z
  .strictObject({
    unit: named,
    indicator: z.string(),
    period: z.string(),
    value: z.number().nullable().describe('null: no change'),
    reportedAt: instant,
    dutyId: z.string().describe('where it was reported'),
    number: z.int(),
  })
  .meta({ id: 'Fact' });

export const burdenQuery = z.strictObject({
  week: z.string().regex(/^\d{4}-W\d{2}$/),
  unit: name.optional(),
});
const share = { requests: z.int(), overrides: z.int().describe('demands with less notice than is due') };
export const burdenAnswer = z
  .strictObject({
    week: z.string(),
    from: plainDate,
    to: plainDate,
    items: z.array(
      z.strictObject({ unit: named, ...share, byRequester: z.array(z.strictObject({ requester: named, ...share })) }),
    ),
  })
  .meta({ id: 'Burden' });

export type DutyAnswer = z.input<typeof dutyAnswer>;
export type DutySummaryAnswer = z.input<typeof dutySummaryAnswer>;
export type NewDuty = z.output<typeof newDuty>;
