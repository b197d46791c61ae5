import {
  type ExistingProblem,
  MOVE_STATES,
  PROBLEM_LEVELS,
  PROBLEM_STATUSES,
  PROBLEM_TERMS,
  type ProblemEvent,
} from '@duban/domain';
import { z } from 'zod';
import { clockEvents } from './clock-events.ts';
import { code, count, escalation, instant, limit, ordinal, policy, source } from './parts.ts';

const text = z.string();
const term = z.enum(PROBLEM_TERMS);
const upper = z.enum(['county', 'prefecture']);

const described = {
  group: code,
  basis: source,
  title: text,
  place: text,
  foundBy: code,
  foundOn: text,
  unit: code,
  term,
  policy,
  prefecturePolicy: policy,
};

const by = <T extends ProblemEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, by: text, ...shape });

/** Every event of a problem in its present shape. */
export const problemEvent = z.discriminatedUnion('type', [
  by('ProblemRegistered', { problemId: code, ...described, text, measure: text.nullable(), limit }),
  by('ProblemSolved', { outcome: text, onTheSpot: z.boolean(), lateByMs: count, callBack: limit }),
  by('MoveRequested', { number: ordinal, to: upper, reason: text, limit }),
  by('MoveDecided', { number: ordinal, post: code, approved: z.boolean(), note: text.nullable() }),
  by('ProblemMoved', { number: ordinal, from: z.enum(PROBLEM_LEVELS), to: upper, reason: text.nullable(), limit }),
  by('CalledBack', { satisfied: z.boolean(), note: text.nullable(), limit: limit.nullable() }),
  ...clockEvents,
]) satisfies z.ZodType<ProblemEvent>;

/** The head of a problem's stream. */
export const problemState = z.strictObject({
  status: z.enum(PROBLEM_STATUSES),
  id: code,
  version: ordinal,
  ...described,
  level: z.enum(PROBLEM_LEVELS),
  registeredAt: instant,
  limits: z.array(limit),
  escalations: z.array(escalation),
  moves: z.array(
    z.strictObject({
      number: ordinal,
      to: upper,
      status: z.enum(MOVE_STATES),
      decisions: z.array(z.strictObject({ post: code, approved: z.boolean() })),
    }),
  ),
  callBacks: count,
  onTheSpot: z.boolean(),
  solvedAt: instant.nullable(),
  lateByMs: count.nullable(),
  closedAt: instant.nullable(),
}) satisfies z.ZodType<ExistingProblem>;
