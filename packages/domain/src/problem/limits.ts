import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { type Limit, NO_REMINDERS, startCountedLimit, startLimit } from '../clock/limit.ts';
import { type Delay, type Policy, remindingOf } from '../escalation/policy.ts';
import type { ProblemLevel, ProblemTerm } from './events.ts';
import type { ExistingProblem } from './state.ts';

type Now = Pick<CommandContext, 'now' | 'calendar'>;

/** Days after its solution in which a problem is called back: the system's default, the document says 定期回访 only (四(三)). */
export const CALL_BACK_DAYS = 30;

/** In which both directors decide on a move: the system's default, the document names no span (四(二)). */
export const APPROVE_WITHIN: Delay = { unit: 'working_days', amount: 3 };

const MONTHS: Readonly<Record<ProblemTerm, number>> = { at_once: 0, one_month: 1, two_months: 2, three_months: 3 };

/**
 * When a problem is to be solved (泸政办发〔2023〕7号 附件: 立行立改、1个月内、2个月内、3个月内): 24:00 of the day itself, or of
 * the same day of a later month, its last day where it has no such day.
 *
 * @param from the day it was found, came to a higher level, or was opened again
 */
export function dueOfTerm(term: ProblemTerm, from: PlainDate, calendar: Calendar): Instant {
  return calendar.endOfDay(calendar.addMonths(from, MONTHS[term]));
}

/** The ladder on which a problem is to be solved, by the level it lies on. */
export function solutionPolicy(
  { policy, prefecturePolicy }: Pick<ExistingProblem, 'policy' | 'prefecturePolicy'>,
  level: ProblemLevel,
): Policy {
  return level === 'prefecture' ? prefecturePolicy : policy;
}

export function firstSolutionLimit(
  { term, foundOn, policy }: Pick<ExistingProblem, 'term' | 'foundOn' | 'policy'>,
  { now, calendar }: Now,
): Limit {
  const dueAt = dueOfTerm(term, foundOn, calendar);
  return startLimit('solution:1', 'solution', dueAt, now, remindingOf(policy), calendar);
}

/** The same term anew, counted from today. */
export function freshSolutionLimit(problem: ExistingProblem, level: ProblemLevel, { now, calendar }: Now): Limit {
  const id = `solution:${ordinal(problem, 'solution')}`;
  const dueAt = dueOfTerm(problem.term, calendar.dateOf(now), calendar);
  return startLimit(id, 'solution', dueAt, now, remindingOf(solutionPolicy(problem, level)), calendar);
}

/** Nobody is reminded: those who decide were told by the request, and its unit can do nothing about it. */
export function approvalLimit(number: number, { now, calendar }: Now): Limit {
  const counted = { from: now, delay: APPROVE_WITHIN };
  return startCountedLimit(`approval:${number}`, 'approval', counted, now, NO_REMINDERS, calendar);
}

export function callBackLimit(problem: ExistingProblem, { now, calendar }: Now): Limit {
  const id = `call_back:${ordinal(problem, 'call_back')}`;
  const dueAt = calendar.endOfDay(calendar.withinDays(calendar.dateOf(now), CALL_BACK_DAYS));
  return startLimit(id, 'call_back', dueAt, now, remindingOf(problem.policy), calendar);
}

function ordinal({ limits }: ExistingProblem, kind: Limit['kind']): number {
  return limits.filter((limit) => limit.kind === kind).length + 1;
}
