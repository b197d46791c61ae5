import {
  ACTIONS,
  type ExistingReport,
  LIGHTS,
  REPORT_KINDS,
  type ReportData,
  type ReportEvent,
  TASK_STATUSES,
} from '@duban/domain';
import { z } from 'zod';
import { code, codes, count, instant, ordinal, percent, recipient, source } from './parts.ts';

const text = z.string();
const kind = z.enum(REPORT_KINDS);

const issued = {
  kind,
  title: text,
  plan: code,
  groups: codes,
  dutyId: code,
  dutyCode: code,
  basis: source,
  period: code,
  from: instant,
  to: instant,
  data: codes,
};

/** Every event of a report in its present shape. */
export const reportEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ReportIssued'),
    at: instant,
    by: text,
    reportId: code,
    ...issued,
    recipients: z.array(recipient),
  }),
]) satisfies z.ZodType<ReportEvent>;

/** The head of a report's stream. */
export const reportState = z.strictObject({
  status: z.literal('issued'),
  id: code,
  version: ordinal,
  ...issued,
  issuedAt: instant,
  mailboxes: codes,
}) satisfies z.ZodType<ExistingReport>;

const called = z.strictObject({ code, name: text });
const outcomes = z.strictObject({ due: count, onTime: count, late: count, submitted: count, overdue: count });
const span = z.strictObject({ from: instant, to: instant });
const namedTask = z.strictObject({
  id: code,
  seq: z.int().nullable(),
  title: text,
  leadUnits: z.array(called),
  dueAt: instant.nullable(),
  lateMs: count,
  percent: percent.nullable(),
  escalations: count,
});

/** What a report said when it was issued, as it lies in its blobs. */
export const reportData = z.strictObject({
  kind,
  title: text,
  plan: z.strictObject({ ...called.shape, documentNumber: text, list: text }),
  group: called,
  duty: z.strictObject({ ...called.shape, basis: source }).nullable(),
  period: z.strictObject({ key: code.nullable(), ...span.shape }),
  span,
  asOf: instant,
  totals: z.strictObject({
    tasks: count,
    byStatus: z.partialRecord(z.enum(TASK_STATUSES), count),
    byLight: z.partialRecord(z.enum(LIGHTS), count),
    span: outcomes,
    toDate: outcomes,
  }),
  escalations: z.strictObject({
    total: count,
    steps: z.array(z.strictObject({ step: ordinal, action: z.enum(ACTIONS), count })),
  }),
  units: z.array(
    z.strictObject({
      unit: called,
      tasks: count,
      span: outcomes,
      toDate: outcomes,
      escalated: count,
      escalatedToDate: count,
      meanLateMs: count,
      rank: ordinal.nullable(),
    }),
  ),
  best: z.array(called),
  worst: z.array(called),
  overdue: z.array(namedTask),
  circular: z.array(namedTask),
}) satisfies z.ZodType<ReportData>;
