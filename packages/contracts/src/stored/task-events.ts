import type { TaskDefinition, TaskEvent } from '@duban/domain';
import { z } from 'zod';
import { clockEvents } from './clock-events.ts';
import { code, codes, instant, limit, ordinal, percent, policy } from './parts.ts';

const text = z.string();
const limits = z.array(limit);
const number = ordinal;
const importId = code.nullable();

/** What a document says of a task. */
export const taskDefinition = z.strictObject({
  title: text,
  text,
  plan: code,
  group: code,
  documentNumber: text,
  list: text,
  seq: z.int().nullable(),
  leadUnits: codes,
  responsibleUnits: codes,
  leaders: codes,
  dueAt: instant.nullable(),
  dueText: text.nullable(),
  ongoing: z.boolean(),
  milestones: z.array(z.strictObject({ code, title: text, text, dueAt: instant })),
  targets: z.array(
    z.strictObject({
      indicator: text,
      value: z.number().nullable(),
      unit: text.nullable(),
      by: text.nullable(),
    }),
  ),
  source: text.nullable(),
  notes: z.array(text),
}) satisfies z.ZodType<TaskDefinition>;

/** An event somebody caused. */
const by = <T extends TaskEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, by: text, ...shape });
/** An event time brought. */
const timed = <T extends TaskEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, ...shape });

const requested = [
  by('TaskAssigned', { taskId: code, definition: taskDefinition, policy, limits, importId }),
  by('TaskCorrected', { definition: taskDefinition, changed: z.array(text), limits, basis: text.nullable(), importId }),
  by('TaskAccepted', { unit: code }),
  by('DisputeRaised', { number, unit: code, reason: text, proposedLeadUnits: codes }),
  by('DisputeDecided', { number, upheld: z.boolean(), basis: text, leadUnits: codes, responsibleUnits: codes }),
  by('ProgressReported', {
    number,
    unit: code,
    text: text.nullable(),
    percent: percent.nullable(),
    noChange: z.boolean(),
    reached: z.array(text),
    answers: z.array(text),
  }),
  by('ExtensionRequested', { number, limitId: code, newDueAt: instant, reason: text }),
  by('ExtensionDecided', {
    number,
    approved: z.boolean(),
    basis: text.nullable(),
    reason: text.nullable(),
    limit: limit.nullable(),
  }),
  by('CompletionSubmitted', { number, unit: code, summary: text, evidence: z.array(text), verification: limit }),
  by('CompletionVerified', {
    number,
    note: text.nullable(),
    onTime: z.boolean(),
    lateByMs: z.int().min(0),
    review: limit.nullable(),
  }),
  by('CompletionReturned', { number, reason: text, limits }),
  by('TaskSuspended', { until: instant, reason: text, basis: text }),
  by('TaskResumed', { reason: text.nullable(), limits }),
  by('TaskCancelled', { reason: text, basis: text }),
  by('ListedForSupervision', { number, reason: text, basis: text, limit }),
  by('LeaderInstructed', { number, post: code.nullable(), text, limit: limit.nullable() }),
] as const;

const brought = [timed('ReviewStarted', { limit })] as const;

/** Every event of a task in its present shape. */
export const taskEvent = z.discriminatedUnion('type', [
  ...requested,
  ...brought,
  ...clockEvents,
]) satisfies z.ZodType<TaskEvent>;

/** Shape 1 knew no imports that are published as a whole, and no basis of a correction. */
export function taskEventFromShape1(stored: unknown): unknown {
  const event = stored as { readonly type?: unknown };
  if (event.type === 'TaskAssigned') return { ...event, importId: null };
  if (event.type === 'TaskCorrected') return { ...event, basis: null, importId: null };
  return event;
}

/** Shape 2 had no other items than tasks: their escalations bore the task's name. */
export function taskEventFromShape2(stored: unknown): unknown {
  const event = stored as { readonly type?: unknown };
  switch (event.type) {
    case 'TaskEscalated':
      return { ...event, type: 'Escalated' };
    case 'UnitReminded':
      return { ...event, minutesBefore: null, urgent: false };
    case 'LadderResumed':
      return { ...event, pause: null };
    default:
      return event;
  }
}
