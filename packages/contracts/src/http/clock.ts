import { z } from 'zod';
import { action, escalationState, nextStep, recipient, source } from './common.ts';
import { listOf, pageQuery } from './lists.ts';
import { instant } from './text.ts';

/** What every item has: limits, escalations, events, and a clock that explains itself. */

export const itemParams = (prefix: string) =>
  z.strictObject({ id: z.string().regex(new RegExp(`^${prefix}_[A-Za-z0-9_:.-]{1,200}$`)) });

export const limitStatus = z.enum(['running', 'overdue', 'met', 'void']);

export const limitAnswer = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    due: instant,
    status: limitStatus,
    startedAt: instant,
    dueSoon: z.boolean(),
    next: nextStep.nullable().describe('the step of the ladder that runs next if nobody acts; null while it is held'),
    heldUntil: instant.nullable().describe('until when an acknowledgement keeps the ladder from climbing'),
  })
  .meta({ id: 'Limit' });

export const escalationOfItem = z
  .strictObject({
    id: z.string(),
    limitId: z.string(),
    step: z.int(),
    at: instant,
    due: instant,
    action,
    urgent: z.boolean(),
    mailboxes: z.array(z.string()),
    detoured: z.boolean(),
    state: escalationState,
  })
  .meta({ id: 'ItemEscalation' });

export const itemEventsQuery = z.strictObject(pageQuery);

export const itemEventList = listOf(
  z
    .strictObject({
      version: z.int(),
      type: z.string(),
      at: instant,
      by: z.string(),
      correlationId: z.string(),
      commitHash: z.string(),
      data: z.record(z.string(), z.unknown()),
    })
    .meta({ id: 'ItemEvent' }),
).meta({ id: 'ItemEventList' });

const span = z.strictObject({ from: instant, to: instant });

export const clockAnswer = z
  .strictObject({
    id: z.string(),
    now: instant,
    limits: z.array(
      z.strictObject({
        ...limitAnswer.shape,
        running: z.boolean(),
        rule: z.string(),
        source,
        startedBy: z
          .strictObject({ version: z.int(), type: z.string(), at: instant })
          .nullable()
          .describe('the event that started it'),
        counting: z.strictObject({
          mode: z
            .enum(['elapsed', 'working', 'date'])
            .describe('elapsed minutes day and night, working time, or the days to a date that is given'),
          from: instant,
          until: instant,
          minutes: z.number(),
          spans: z.array(span).describe('the instants counted'),
          workingDays: z.array(z.string()),
          skipped: z.array(z.strictObject({ date: z.string(), reason: z.string() })),
        }),
        pauses: z.array(z.strictObject({ from: instant, until: instant, reason: z.string() })),
        provisional: z.boolean().describe('a year without a published holiday notice takes part: this may move'),
        planned: z.array(
          z.strictObject({
            what: z.enum(['reminder', 'due', 'ladder_resumes', 'step']),
            at: instant,
            step: z.int().nullable(),
            targets: z.array(z.string()),
            recipients: z.array(recipient).describe('who would be told if it happened now'),
            workingDaysBefore: z.int().nullable(),
            minutesBefore: z.int().nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Clock' });

export type LimitAnswer = z.input<typeof limitAnswer>;
export type ClockAnswer = z.input<typeof clockAnswer>;
export type EscalationOfItem = z.input<typeof escalationOfItem>;
