import type { Calendar, Instant } from '@duban/calendar';
import { type NextStep, planSteps, stepAfter } from '../escalation/ladder.ts';
import type { Policy } from '../escalation/policy.ts';
import type { PlannedChange } from './explain.ts';
import type { Limit } from './limit.ts';

/** A change that is to come, before it is known who would be told. */
export type Unaddressed = Omit<PlannedChange, 'recipients' | 'targets'> & {
  readonly targets: Policy['steps'][number]['targets'];
};
const NONE = { step: null, targets: [], workingDaysBefore: null, minutesBefore: null } as const;

/**
 * What happens to a limit by itself, in order, if nobody acts.
 *
 * @param covered another limit's ladder speaks for this one when it is missed
 */
export function plannedChanges(
  limit: Limit,
  policy: Policy,
  covered: boolean,
  calendar: Calendar,
): readonly Unaddressed[] {
  const { hold, next, dueAt } = limit;
  if (limit.status === 'running') {
    const reminders = limit.reminders.map(
      (reminder): Unaddressed => ({
        ...{ ...NONE, ...reminder, what: 'reminder', targets: ['lead_unit'] },
      }),
    );
    const steps = covered ? [] : planSteps(policy, Math.max(dueAt, limit.startedAt), calendar);
    const [first] = steps;
    const climbing = first === undefined ? [] : climb(policy, steps, { step: 0, at: first }, calendar);
    return [...reminders, { ...NONE, what: 'due', at: dueAt }, ...climbing];
  }
  if (hold !== null) return [{ ...NONE, what: 'ladder_resumes', at: hold.until }];
  return next === null ? [] : climb(policy, limit.steps, next, calendar);
}

/** The steps from one on, each at its instant, when nobody acknowledges any; a repetition is left out. */
function climb(policy: Policy, steps: readonly Instant[], from: NextStep, calendar: Calendar): readonly Unaddressed[] {
  const climbed: Unaddressed[] = [];
  let next: NextStep | null = from;
  while (next !== null && next.step !== climbed.at(-1)?.step) {
    const { at, step }: NextStep = next;
    climbed.push({ ...NONE, what: 'step', at, step, targets: policy.steps[step]?.targets ?? [] });
    next = stepAfter(policy, steps, next, at, calendar);
  }
  return climbed;
}
