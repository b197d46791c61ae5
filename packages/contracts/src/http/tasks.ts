import { z } from 'zod';
import { escalationOfItem, limitAnswer, limitStatus } from './clock.ts';
import { light, named, taskStatus } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import {
  basis,
  code,
  documentNumber,
  due,
  instant,
  longText,
  name,
  plainDate,
  reason,
  text,
  title,
  wholeNumber,
} from './text.ts';

const percent = z.int().min(0).max(100);
const names = (max: number) => z.array(name).max(max);

export const numericTarget = z.strictObject({
  indicator: text(500),
  value: z.number().nullable().default(null),
  unit: text(20).nullable().default(null),
  by: plainDate.nullable().default(null),
});

export const milestoneBody = z.strictObject({ code: text(20), title, text: longText, due });

function distinctCodes(milestones: readonly { readonly code: string }[]): boolean {
  return new Set(milestones.map((milestone) => milestone.code)).size === milestones.length;
}

export const milestones = z
  .array(milestoneBody)
  .max(50)
  .refine(distinctCodes, { params: { code: 'repeated_code' } });

export const newTask = z
  .strictObject({
    plan: code,
    title,
    text: longText,
    leadUnits: names(50).min(1),
    responsibleUnits: names(200).default([]),
    leaders: names(20).default([]),
    due: due.nullable(),
    dueText: text(100).nullable().default(null),
    ongoing: z.boolean().default(false),
    milestones: milestones.default([]),
    targets: z.array(numericTarget).max(50).default([]),
    authority: documentNumber.nullable().default(null),
    seq: z.int().min(1).max(100_000).nullable().default(null),
  })
  .meta({ id: 'NewTask' });

const unit = name.nullable().default(null);
const optionalReason = reason.nullable().default(null);

function saysSomething(report: {
  readonly text: string | null;
  readonly percent: number | null;
  readonly noChange: boolean;
  readonly reached: readonly string[];
}): boolean {
  return report.text !== null || report.percent !== null || report.noChange || report.reached.length > 0;
}

/** Bodies of the commands, by the last part of their path. */
export const taskCommands = {
  acceptance: z.strictObject({ unit }).meta({ id: 'Acceptance' }),
  dispute: z.strictObject({ unit, reason, proposedLeadUnits: names(50).default([]) }).meta({ id: 'Dispute' }),
  disputeDecision: z
    .strictObject({
      upheld: z.boolean(),
      basis,
      leadUnits: names(50).min(1).nullable().default(null),
      responsibleUnits: names(200).nullable().default(null),
    })
    .meta({ id: 'DisputeDecision' }),
  progress: z
    .strictObject({
      unit,
      text: longText.nullable().default(null),
      percent: percent.nullable().default(null),
      noChange: z.boolean().default(false),
      reached: z.array(text(20)).max(50).default([]).describe('milestone codes reached'),
      answers: z.array(text(60)).max(20).default([]).describe('limits this report answers'),
    })
    .refine(saysSomething, { params: { code: 'nothing_reported' } })
    .meta({ id: 'Progress' }),
  extension: z.strictObject({ limit: text(60).default('due'), newDue: due, reason }).meta({ id: 'Extension' }),
  extensionDecision: z
    .strictObject({
      approved: z.boolean(),
      newDue: due.nullable().default(null),
      basis: basis.nullable().default(null),
      reason: optionalReason,
    })
    .meta({ id: 'ExtensionDecision' }),
  completion: z
    .strictObject({ unit, summary: longText, evidence: z.array(text(500)).max(50).default([]) })
    .meta({ id: 'Completion' }),
  verification: z.strictObject({ note: optionalReason }).meta({ id: 'Verification' }),
  return: z.strictObject({ reason }).meta({ id: 'Return' }),
  suspension: z.strictObject({ until: due, reason, basis }).meta({ id: 'Suspension' }),
  resumption: z.strictObject({ reason: optionalReason }).meta({ id: 'Resumption' }),
  cancellation: z.strictObject({ reason, basis }).meta({ id: 'Cancellation' }),
  supervision: z.strictObject({ reason, basis, reportBy: due }).meta({ id: 'Supervision' }),
  instruction: z.strictObject({ text: longText, reportBy: due.nullable().default(null) }).meta({ id: 'Instruction' }),
} as const;

export const taskParams = z.strictObject({ id: z.string().regex(/^task_[A-Za-z0-9_-]{1,100}$/) });
export const numberedParams = taskParams.extend({ n: wholeNumber(1, 100_000) });

export const taskListQuery = z.strictObject({
  plan: code.optional(),
  unit: name.optional(),
  office: code.optional(),
  status: taskStatus.optional(),
  light: light.optional(),
  dueBefore: due.optional(),
  ...pageQuery,
});

export const taskSummaryAnswer = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    status: taskStatus,
    light,
    title: z.string(),
    plan: z.string(),
    group: z.string(),
    documentNumber: z.string(),
    list: z.string(),
    seq: z.int().nullable(),
    leadUnits: z.array(named),
    responsibleUnits: z.array(named),
    due: instant.nullable(),
    dueDate: plainDate.nullable(),
    assignedAt: instant,
    percent: percent.nullable(),
    listed: z.boolean(),
    openEscalations: z.int(),
  })
  .meta({ id: 'TaskSummary' });

const leader = z.strictObject({ post: z.string(), unit: z.string(), title: z.string(), holder: named.nullable() });

export const taskAnswer = z
  .strictObject({
    ...taskSummaryAnswer.shape,
    text: z.string(),
    leaders: z.array(leader),
    dueText: z.string().nullable(),
    ongoing: z.boolean(),
    acceptedBy: z.array(z.string()),
    milestones: z.array(
      z.strictObject({
        code: z.string(),
        title: z.string(),
        text: z.string(),
        due: instant,
        status: limitStatus.nullable(),
      }),
    ),
    targets: z.array(
      z.strictObject({
        indicator: z.string(),
        value: z.number().nullable(),
        unit: z.string().nullable(),
        by: z.string().nullable(),
      }),
    ),
    limits: z.array(limitAnswer),
    escalations: z.array(escalationOfItem),
    extensions: z.array(
      z.strictObject({
        number: z.int(),
        limitId: z.string(),
        newDue: instant,
        decision: z.enum(['pending', 'approved', 'refused']),
      }),
    ),
    disputes: z.array(
      z.strictObject({ number: z.int(), unit: z.string(), decision: z.enum(['pending', 'upheld', 'rejected']) }),
    ),
    submittedAt: instant.nullable(),
    suspendedUntil: instant.nullable(),
    cancelledAt: instant.nullable(),
    closedAt: instant.nullable(),
    onTime: z.boolean().nullable(),
    lateBySeconds: z.int().nullable(),
    source: z.string().nullable(),
    notes: z.array(z.string()),
    roles: z.array(z.string()).describe('what the caller is to this task'),
  })
  .meta({ id: 'Task' });

export const taskList = listOf(taskSummaryAnswer).meta({ id: 'TaskList' });

export type NewTask = z.output<typeof newTask>;
export type TaskAnswer = z.input<typeof taskAnswer>;
export type TaskSummaryAnswer = z.input<typeof taskSummaryAnswer>;
