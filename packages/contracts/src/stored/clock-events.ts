import type { ClockEvent } from '@duban/domain';
import { z } from 'zod';
import { action, code, count, instant, limit, nextStep, pause, recipient } from './parts.ts';

const text = z.string();
const recipients = z.array(recipient);
const steps = z.array(instant);
const next = nextStep.nullable();

const event = <T extends ClockEvent['type'], S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, ...shape });

/** What happens to the limits of any item. */
export const clockEvents = [
  event('UnitReminded', {
    limitId: code,
    dueAt: instant,
    workingDaysBefore: count.nullable(),
    minutesBefore: count.nullable(),
    urgent: z.boolean(),
    recipients,
  }),
  event('LimitMissed', { limitId: code, dueAt: instant, steps, next }),
  event('Escalated', {
    escalationId: code,
    limitId: code,
    step: count,
    stepDueAt: instant,
    dueAt: instant,
    action,
    urgent: z.boolean(),
    recipients,
    next,
  }),
  event('EscalationAcknowledged', {
    by: text,
    escalationId: code,
    limitId: code,
    note: text.nullable(),
    holdUntil: instant,
  }),
  event('EscalationResolved', { by: text, escalationId: code, outcome: text }),
  event('LadderResumed', { limitId: code, steps, next, pause: pause.nullable() }),
  event('ClockRecomputed', { limits: z.array(limit) }),
] as const;
