import { MOVE_STATES, PROBLEM_LEVELS, PROBLEM_STATUSES, PROBLEM_TERMS } from '@duban/domain';
import { z } from 'zod';
import { escalationOfItem, itemParams, limitAnswer } from './clock.ts';
import { light, named, source } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import {
  code,
  instant,
  longText,
  name,
  normaliseDocumentNumber,
  plainDate,
  reason,
  text,
  title,
  wholeNumber,
} from './text.ts';

const optionalReason = reason.nullable().default(null);
const term = z.enum(PROBLEM_TERMS);

/** A problem found on a visit (三送三解三优行动登记表). */
export const newProblem = z
  .strictObject({
    group: code.describe('whose office runs the register'),
    basis: z.strictObject({
      documentNumber: text(100).transform(normaliseDocumentNumber),
      lines: z
        .tuple([z.int().min(1), z.int().min(1)])
        .nullable()
        .default(null),
    }),
    title,
    text: longText,
    place: text(200),
    measure: longText.nullable().default(null),
    foundBy: name.describe('unit of whoever found it'),
    foundOn: plainDate.nullable().default(null).describe('today by default'),
    unit: name.nullable().default(null).describe('that solves it; the finder’s own by default'),
    term,
    solvedOnTheSpot: longText.nullable().default(null).describe('what came of it, when it was solved there and then'),
  })
  .meta({ id: 'NewProblem' });

export const problemCommands = {
  solution: z.strictObject({ outcome: longText }).meta({ id: 'Solution' }),
  move: z.strictObject({ to: z.enum(['county', 'prefecture']), reason }).meta({ id: 'Move' }),
  moveDecision: z
    .strictObject({ post: name.nullable().default(null), approved: z.boolean(), note: optionalReason })
    .meta({ id: 'MoveDecision' }),
  callBack: z.strictObject({ satisfied: z.boolean(), note: optionalReason }).meta({ id: 'CallBack' }),
} as const;

export const problemParams = itemParams('problem');
export const problemNumberedParams = problemParams.extend({ n: wholeNumber(1, 100_000) });
export const problemListQuery = z.strictObject({
  unit: name.optional(),
  office: code.optional(),
  status: z.enum(PROBLEM_STATUSES).optional(),
  level: z.enum(PROBLEM_LEVELS).optional(),
  light: light.optional(),
  ...pageQuery,
});

export const problemSummaryAnswer = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    status: z.enum(PROBLEM_STATUSES),
    light,
    level: z.enum(PROBLEM_LEVELS),
    title: z.string(),
    place: z.string(),
    group: z.string(),
    documentNumber: z.string(),
    foundBy: named,
    foundOn: plainDate,
    unit: named,
    term,
    due: instant.nullable(),
    registeredAt: instant,
    solvedAt: instant.nullable(),
    openEscalations: z.int(),
  })
  .meta({ id: 'ProblemSummary' });

export const problemAnswer = z
  .strictObject({
    ...problemSummaryAnswer.shape,
    text: z.string(),
    measure: z.string().nullable(),
    outcome: z.string().nullable(),
    onTheSpot: z.boolean(),
    lateBySeconds: z.int().nullable(),
    closedAt: instant.nullable(),
    callBacks: z.int(),
    basis: source,
    moves: z.array(
      z.strictObject({
        number: z.int(),
        to: z.string(),
        status: z.enum(MOVE_STATES),
        decisions: z.array(z.strictObject({ post: z.string(), approved: z.boolean() })),
      }),
    ),
    limits: z.array(limitAnswer),
    escalations: z.array(escalationOfItem),
    roles: z.array(z.string()).describe('what the caller is to this problem'),
  })
  .meta({ id: 'RegisteredProblem' });

export const problemList = listOf(problemSummaryAnswer).meta({ id: 'ProblemList' });

export type RegisteredProblem = z.input<typeof problemAnswer>;
export type RegisteredProblemSummary = z.input<typeof problemSummaryAnswer>;
