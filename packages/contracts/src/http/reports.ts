import { LIGHTS, REPORT_KINDS, TASK_STATUSES } from '@duban/domain';
import { z } from 'zod';
import { action, named, source } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { code, instant, plainDate, text } from './text.ts';

const kind = z.enum(REPORT_KINDS).describe('circular: 通报; summary: 总结');

export const reportParams = z.strictObject({ id: z.string().regex(/^report_[A-Za-z0-9_:.-]{1,300}$/) });
export const reportListQuery = z.strictObject({
  plan: code.optional(),
  kind: kind.optional(),
  period: text(40).optional().describe('key of the turn: 2023-09, 2023-Q3'),
  ...pageQuery,
});
export const previewParams = z.strictObject({ code });
export const previewQuery = z
  .strictObject({
    kind: kind.default('circular'),
    from: plainDate.describe('first day'),
    to: plainDate.describe('last day; deadlines that lie ahead are not counted'),
  })
  .refine(({ from, to }) => from <= to, { params: { code: 'out_of_order' }, path: ['to'] });

export const reportSummaryAnswer = z
  .strictObject({
    id: z.string(),
    kind,
    title: z.string(),
    plan: z.string(),
    documentNumber: z.string().describe('of the document that asks for it'),
    duty: z.string().describe('id of the duty that asked for it'),
    period: z.string(),
    from: plainDate,
    to: plainDate,
    issuedAt: instant,
  })
  .meta({ id: 'ReportSummary' });

const outcomes = z
  .strictObject({
    due: z.int().describe('deadlines, one a task: the sum of the others'),
    onTime: z.int(),
    late: z.int(),
    submitted: z.int().describe('waits to be verified; counts for nobody yet'),
    overdue: z.int().describe('open still'),
  })
  .meta({ id: 'ReportOutcomes' });

const reportedTask = z
  .strictObject({
    id: z.string(),
    seq: z.int().nullable(),
    title: z.string(),
    leadUnits: z.array(named),
    due: instant.nullable(),
    lateBySeconds: z.int(),
    percent: z.int().nullable(),
    escalations: z.int(),
  })
  .meta({ id: 'ReportedTask' });

export const reportAnswer = z
  .strictObject({
    id: z.string().nullable().describe('null: a preview, which is not kept'),
    kind,
    title: z.string(),
    plan: z.strictObject({ ...named.shape, documentNumber: z.string(), list: z.string() }),
    group: named,
    duty: z.strictObject({ ...named.shape, basis: source }).nullable(),
    period: z.strictObject({ key: z.string().nullable(), from: plainDate, to: plainDate }),
    span: z
      .strictObject({ from: instant, to: instant })
      .describe('deadlines after from and by to are the span’s: from one report’s morning to the next'),
    asOf: instant,
    totals: z.strictObject({
      tasks: z.int(),
      byStatus: z.partialRecord(z.enum(TASK_STATUSES), z.int()),
      byLight: z.partialRecord(z.enum(LIGHTS), z.int()),
      span: outcomes,
      toDate: outcomes,
    }),
    escalations: z.strictObject({
      total: z.int(),
      steps: z.array(z.strictObject({ step: z.int(), action, count: z.int() })),
    }),
    rule: z.string().describe('how places are given'),
    units: z.array(
      z
        .strictObject({
          unit: named,
          rank: z.int().nullable(),
          tasks: z.int(),
          span: outcomes,
          toDate: outcomes,
          escalated: z.int(),
          escalatedToDate: z.int(),
          meanLateSeconds: z.int(),
        })
        .meta({ id: 'ReportedUnit' }),
    ),
    best: z.array(named),
    worst: z.array(named),
    overdue: z.array(reportedTask).describe('the latest first'),
    circular: z.array(reportedTask).describe('put on the month’s circular by the ladder'),
    sentTo: z.array(z.string()).describe('mailboxes: post:…, unit:…'),
  })
  .meta({ id: 'Report' });

export const reportList = listOf(reportSummaryAnswer).meta({ id: 'ReportList' });

export type ReportAnswer = z.input<typeof reportAnswer>;
export type ReportSummaryAnswer = z.input<typeof reportSummaryAnswer>;
