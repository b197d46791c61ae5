import {
  FACT_FIELDS,
  INCIDENT_CATEGORIES,
  INCIDENT_STATUSES,
  LEVELS,
  REPORT_MODES,
  REPORT_STAGES,
  UPWARD_STATES,
} from '@duban/domain';
import { z } from 'zod';
import { escalationOfItem, itemParams, limitAnswer } from './clock.ts';
import { light, named, recipient, source } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { code, due, instant, longText, moment, name, reason, text, title, wholeNumber } from './text.ts';

const optionalMoment = moment.nullable().default(null);
const day = due.nullable().default(null);
const level = z.enum(LEVELS);
const optionalLevel = level.nullable().default(null);

/** Null: not known yet; absent: not said. */
const fact = longText.nullable().optional();
export const facts = z
  .strictObject(
    Object.fromEntries(FACT_FIELDS.map((field) => [field, fact])) as Record<(typeof FACT_FIELDS)[number], typeof fact>,
  )
  .describe('null: not known yet, and said so; nothing is to be invented');

const minutes = z.int().min(1).max(525_600);
export const rule = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('after_event'), minutes }),
  z.strictObject({ when: z.literal('ahead'), workingDays: z.int().min(1).max(250) }),
  z.strictObject({ when: z.literal('after_completion'), days: z.int().min(1).max(366) }),
  z.strictObject({ when: z.literal('at_once') }),
]);
const writtenSource = z.strictObject({
  documentNumber: text(100),
  lines: z
    .tuple([z.int().min(1), z.int().min(1)])
    .nullable()
    .default(null),
});
/** A kind of matter, as the catalogue is imported and shown. */
export const incidentKind = z
  .strictObject({
    code,
    category: z.enum(INCIDENT_CATEGORIES),
    name,
    rule,
    followsUp: z.boolean(),
    source: writtenSource,
    parallel: z
      .array(
        z.strictObject({
          code,
          name: text(200),
          from: z.enum(['occurredAt', 'knownAt', 'receivedAt']),
          minutes,
          source: writtenSource,
          verified: z.boolean(),
        }),
      )
      .max(20)
      .default([]),
  })
  .meta({ id: 'IncidentKind' });

/** From a feed: 110, 119, 12345. The same source and number is the same signal. */
export const signalBody = z
  .strictObject({
    source: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/),
    number: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,80}$/),
    kind: code,
    unit: name,
    title,
    text: longText.nullable().default(null),
    level: optionalLevel,
    occurredAt: optionalMoment,
    knownAt: optionalMoment,
    receivedAt: optionalMoment.describe('when the call reached the feed; now by default'),
  })
  .meta({ id: 'Signal' });

const mode = z.enum(REPORT_MODES);
const reportShape = {
  mode,
  receivedAt: optionalMoment.describe('when it reached the office: for whoever takes calls there; now by default'),
  facts,
  level: optionalLevel,
};
/** A matter and its first report in one. */
export const newIncident = z
  .strictObject({
    kind: code,
    unit: name,
    title,
    occurredAt: optionalMoment,
    knownAt: optionalMoment,
    startsAt: day.describe('of a meeting, visit or journey: when it begins'),
    completedAt: day.describe('of important work: when it was done'),
    due: day.describe('of important work: the limit it has of its own'),
    ...reportShape,
  })
  .meta({ id: 'NewIncident' });

export const incidentCommands = {
  firstReport: z
    .strictObject({ ...reportShape, occurredAt: optionalMoment, knownAt: optionalMoment })
    .meta({ id: 'FirstReport' }),
  followUp: z.strictObject(reportShape).meta({ id: 'FollowUp' }),
  finalReport: z.strictObject(reportShape).meta({ id: 'FinalReport' }),
  correction: z
    .strictObject({
      report: z.int().min(1).max(100_000),
      facts: facts.default({}),
      occurredAt: optionalMoment,
      reason,
    })
    .meta({ id: 'Correction' }),
  level: z.strictObject({ level, reason }).meta({ id: 'LevelChange' }),
  explanation: z.strictObject({ text: longText }).meta({ id: 'Explanation' }),
  upwardRequest: z.strictObject({ to: name, text: longText }).meta({ id: 'UpwardRequest' }),
  upwardReview: z
    .strictObject({
      office: name.nullable().default(null),
      approved: z.boolean(),
      note: reason.nullable().default(null),
    })
    .meta({ id: 'UpwardReview' }),
  dispatch: z.strictObject({}).meta({ id: 'Dispatch' }),
} as const;

export const incidentParams = itemParams('incident');
export const incidentNumberedParams = incidentParams.extend({ n: wholeNumber(1, 100_000) });
export const incidentListQuery = z.strictObject({
  unit: name.optional(),
  status: z.enum(INCIDENT_STATUSES).optional(),
  light: light.optional(),
  kind: code.optional(),
  ...pageQuery,
});

export const incidentSummaryAnswer = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    status: z.enum(INCIDENT_STATUSES),
    light,
    kind: named,
    category: z.enum(INCIDENT_CATEGORIES),
    title: z.string(),
    unit: named,
    level: level.nullable(),
    openedAt: instant,
    due: instant.nullable().describe('the earliest limit in force'),
    lateBySeconds: z.int().nullable().describe('of the first report; 0: in time; null: not made yet'),
    openEscalations: z.int(),
  })
  .meta({ id: 'IncidentSummary' });

const statedFacts = z.record(z.string(), z.string().nullable());
export const incidentAnswer = z
  .strictObject({
    ...incidentSummaryAnswer.shape,
    signal: z.strictObject({ source: z.string(), number: z.string() }).nullable(),
    text: z.string().nullable(),
    rule: z.strictObject({ when: z.string(), amount: z.int().nullable(), source }),
    occurredAt: instant.nullable(),
    knownAt: instant.nullable(),
    receivedAt: instant,
    startsAt: instant.nullable(),
    completedAt: instant.nullable(),
    closedAt: instant.nullable(),
    explained: z.boolean(),
    explanations: z.array(z.string()),
    filedWith: z.array(z.string()),
    reports: z.array(
      z.strictObject({
        number: z.int(),
        stage: z.enum(REPORT_STAGES),
        mode,
        at: instant,
        receivedAt: instant,
        by: z.string(),
        facts: statedFacts,
        due: instant.nullable(),
        lateBySeconds: z.int(),
        filedWith: z.array(recipient),
        corrections: z
          .array(
            z.strictObject({
              number: z.int(),
              at: instant,
              by: z.string(),
              reason: z.string(),
              before: statedFacts,
              occurredAt: instant.nullable().describe('when it was said to have happened before it'),
            }),
          )
          .describe('each with what the report said before it'),
      }),
    ),
    upward: z.array(
      z.strictObject({
        number: z.int(),
        to: z.string(),
        text: z.string(),
        status: z.enum(UPWARD_STATES),
        reviews: z.array(z.strictObject({ office: named, approved: z.boolean() })),
      }),
    ),
    limits: z.array(limitAnswer),
    escalations: z.array(escalationOfItem),
    roles: z.array(z.string()).describe('what the caller is to this incident'),
  })
  .meta({ id: 'Incident' });

export const incidentList = listOf(incidentSummaryAnswer).meta({ id: 'IncidentList' });
export const incidentKindList = listOf(incidentKind).meta({ id: 'IncidentKindList' });

export type IncidentAnswer = z.input<typeof incidentAnswer>;
export type IncidentSummaryAnswer = z.input<typeof incidentSummaryAnswer>;
