import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import type { ExistingTask } from '../task/state.ts';
import { runningLimits } from '../task/state.ts';
import type { Limit } from './limit.ts';

/** A day that did not count, and why. */
export interface SkippedDay {
  readonly date: PlainDate;
  readonly reason: string;
}

export interface PlannedChange {
  readonly what: 'reminder' | 'due' | 'ladder_resumes' | 'step';
  readonly at: Instant;
  /** For steps: index into the ladder and whom it tells. */
  readonly step: number | null;
  readonly targets: readonly string[];
  readonly workingDaysBefore: number | null;
}

/** Why a limit says what it says. */
export interface LimitExplanation {
  readonly limit: Limit;
  readonly rule: string;
  readonly ruleZh: string;
  /** Time is running on it now, given where the task is. */
  readonly running: boolean;
  /** From now to the due instant, or from the due instant to now when it is missed. */
  readonly workingDaysCounted: readonly PlainDate[];
  readonly skipped: readonly SkippedDay[];
  /** A year without a published notice takes part: this may move. */
  readonly provisional: boolean;
  readonly planned: readonly PlannedChange[];
}

const RULES: Readonly<Record<Limit['kind'], readonly [en: string, zh: string]>> = {
  due: ['The due day ends at 24:00 in the jurisdiction’s zone.', '时限日以当地24:00为止。'],
  milestone: ['A milestone’s day ends at 24:00 in the jurisdiction’s zone.', '节点日以当地24:00为止。'],
  verification: [
    'The office verifies or sends back a completion within the policy’s span.',
    '办公室在规定期限内核验或退回。',
  ],
  instruction: ['The lead unit reports by the date the leader named.', '牵头单位按批示要求的时间报告。'],
  supervision: ['The lead unit reports by the date of the supervision listing.', '牵头单位按挂牌督办要求的时间报告。'],
  review: ['A standing task is reported on each quarter.', '持续推进的任务每季度报告一次。'],
};

/** Each limit of a task: its rule, what was counted and skipped, and what happens next if nobody acts. */
export function explainLimits(task: ExistingTask, now: Instant, calendar: Calendar): readonly LimitExplanation[] {
  const running = new Set(runningLimits(task).map((limit) => limit.id));
  return task.limits.map((limit) => {
    const [from, until] = now < limit.dueAt ? [now, limit.dueAt] : [limit.dueAt, now];
    return {
      limit,
      rule: RULES[limit.kind][0],
      ruleZh: RULES[limit.kind][1],
      running: running.has(limit.id),
      ...countDays(from, until, calendar),
      planned: running.has(limit.id) ? plannedChanges(task, limit) : [],
    };
  });
}

function countDays(from: Instant, until: Instant, calendar: Calendar) {
  const workingDaysCounted: PlainDate[] = [];
  const skipped: SkippedDay[] = [];
  let provisional = false;
  // An instant at midnight closes the day before; it does not begin another.
  const last = calendar.dateOf(Math.max(from, until - 1));
  for (let date = calendar.dateOf(from); date <= last; date = calendar.addDays(date, 1)) {
    if (!calendar.isPublished(date)) provisional = true;
    if (calendar.isWorkingDay(date)) workingDaysCounted.push(date);
    else skipped.push({ date, reason: calendar.dayName(date) ?? '周末' });
  }
  return { workingDaysCounted, skipped, provisional };
}

function plannedChanges(task: ExistingTask, limit: Limit): readonly PlannedChange[] {
  const none = { step: null, targets: [], workingDaysBefore: null } as const;
  if (limit.status === 'running') {
    return [
      ...limit.reminders.map(({ at, workingDaysBefore }) => ({
        ...none,
        what: 'reminder' as const,
        at,
        workingDaysBefore,
        targets: ['lead_unit'],
      })),
      { ...none, what: 'due', at: limit.dueAt },
    ];
  }
  const { next, hold } = limit;
  const resumes = hold === null ? [] : [{ ...none, what: 'ladder_resumes' as const, at: hold.until }];
  if (next === null || hold !== null) return resumes;
  const later = limit.steps.map((at, step) => ({ at, step })).filter(({ step }) => step > next.step);
  return [next, ...later].map(({ at, step }) => ({
    ...none,
    what: 'step',
    at,
    step,
    targets: task.policy.steps[step]?.targets ?? [],
  }));
}
