import {
  type ExistingIncident,
  FACT_FIELDS,
  INCIDENT_CATEGORIES,
  INCIDENT_STATUSES,
  type IncidentEvent,
  type IncidentKind,
  type IncidentPace,
  LEVELS,
  REPORT_MODES,
  REPORT_STAGES,
  UPWARD_STATES,
} from '@duban/domain';
import { z } from 'zod';
import { clockEvents } from './clock-events.ts';
import { code, codes, count, delay, escalation, instant, limit, ordinal, policy, recipient, source } from './parts.ts';

const text = z.string();
const limits = z.array(limit);
const recipients = z.array(recipient);
const level = z.enum(LEVELS);
const facts = z.partialRecord(z.enum(FACT_FIELDS), text.nullable());
const lateByMs = z.int().min(0);
const signal = z.strictObject({ source: code, number: code }).nullable();

export const incidentKind = z.strictObject({
  code,
  category: z.enum(INCIDENT_CATEGORIES),
  name: text,
  rule: z.discriminatedUnion('when', [
    z.strictObject({ when: z.literal('after_event'), minutes: ordinal }),
    z.strictObject({ when: z.literal('ahead'), workingDays: ordinal }),
    z.strictObject({ when: z.literal('after_completion'), days: ordinal }),
    z.strictObject({ when: z.literal('at_once') }),
  ]),
  followsUp: z.boolean(),
  source,
  parallel: z.array(
    z.strictObject({
      code,
      name: text,
      from: z.enum(['occurredAt', 'knownAt', 'receivedAt']),
      minutes: ordinal,
      source,
      verified: z.boolean(),
    }),
  ),
}) satisfies z.ZodType<IncidentKind>;

const minutesByLevel = z.strictObject({
  unknown: ordinal,
  general: ordinal,
  large: ordinal,
  major: ordinal,
  extraordinary: ordinal,
});
const pace = z.strictObject({
  followUpMinutes: minutesByLevel,
  writtenMinutes: minutesByLevel,
  explainWithin: delay,
  reviewMinutes: ordinal,
  ladder: policy,
  calmLadder: policy,
  source,
}) satisfies z.ZodType<IncidentPace>;

const described = {
  signal,
  kind: incidentKind,
  unit: code,
  title: text,
  level: level.nullable(),
  occurredAt: instant.nullable(),
  knownAt: instant.nullable(),
  receivedAt: instant,
  startsAt: instant.nullable(),
  completedAt: instant.nullable(),
  ownDueAt: instant.nullable(),
  pace,
  limits,
};

const by = <T extends IncidentEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, by: text, ...shape });

/** Every event of an incident in its present shape. */
export const incidentEvent = z.discriminatedUnion('type', [
  by('IncidentOpened', { incidentId: code, ...described, text: text.nullable() }),
  by('ReportReceived', {
    number: ordinal,
    stage: z.enum(REPORT_STAGES),
    mode: z.enum(REPORT_MODES),
    receivedAt: instant,
    occurredAt: instant.nullable(),
    knownAt: instant.nullable(),
    facts,
    level: level.nullable(),
    dueAt: instant.nullable(),
    lateByMs,
    limits,
    filedWith: recipients,
    reportedTo: recipients,
  }),
  by('ReportCorrected', {
    number: ordinal,
    report: ordinal,
    before: facts,
    after: facts,
    occurredAt: instant.nullable(),
    reason: text,
    lateByMs,
    limits,
  }),
  by('LevelChanged', { from: level.nullable(), to: level, reason: text, limits }),
  by('LatenessExplained', { text }),
  by('UpwardRequested', { number: ordinal, to: text, text, limit }),
  by('UpwardReviewed', {
    number: ordinal,
    office: code,
    approved: z.boolean(),
    complete: z.boolean(),
    note: text.nullable(),
  }),
  by('UpwardSent', { number: ordinal }),
  ...clockEvents,
]) satisfies z.ZodType<IncidentEvent>;

/** The head of an incident's stream. */
export const incidentState = z.strictObject({
  status: z.enum(INCIDENT_STATUSES),
  id: code,
  version: ordinal,
  ...described,
  openedAt: instant,
  escalations: z.array(escalation),
  reports: z.array(
    z.strictObject({
      number: ordinal,
      stage: z.enum(REPORT_STAGES),
      mode: z.enum(REPORT_MODES),
      receivedAt: instant,
      version: ordinal,
      corrections: z.array(ordinal),
    }),
  ),
  corrections: count,
  lateByMs: lateByMs.nullable(),
  explained: z.boolean(),
  filedWith: codes,
  upward: z.array(
    z.strictObject({
      number: ordinal,
      to: text,
      status: z.enum(UPWARD_STATES),
      reviews: z.array(z.strictObject({ office: code, approved: z.boolean() })),
    }),
  ),
  closedAt: instant.nullable(),
}) satisfies z.ZodType<ExistingIncident>;
