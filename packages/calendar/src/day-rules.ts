import { dayNumberOfDate, type PlainDate } from './plain-date.ts';
import { assertWorkingDays, type WorkingDays } from './working-days.ts';

/** What happens to a duty that falls on a day off: it stays, or moves to the next or the previous working day. */
export const SHIFT_RULES = ['keep', 'next', 'previous'] as const;

export type ShiftRule = (typeof SHIFT_RULES)[number];

/** A date after its {@link ShiftRule}. */
export interface Shifted {
  readonly date: PlainDate;
  /** The days off moved over, ascending; the given date is one of them unless it stays. */
  readonly skipped: readonly PlainDate[];
  /** A notice still to come may change the result; never so when the rule is to keep the date. */
  readonly provisional: boolean;
}

/** The result of counting working days between dates. */
export interface DateCounted {
  readonly date: PlainDate;
  /** The working days counted, the result included, ascending. */
  readonly counted: readonly PlainDate[];
  /** The days off passed over, ascending. */
  readonly skipped: readonly PlainDate[];
  /** A notice still to come may change the result. */
  readonly provisional: boolean;
}

export function shift(days: WorkingDays, date: PlainDate, rule: ShiftRule): Shifted {
  const day = dayNumberOfDate(date);
  if (rule === 'keep') return { date, skipped: [], provisional: false };
  if (days.isWorking(day)) return { date, skipped: [], provisional: days.isProvisional(day, day) };
  const target = rule === 'next' ? days.after(day, 1) : days.before(day, 1);
  const from = Math.min(day, target);
  const to = Math.max(day, target);
  return {
    date: days.dateOf(target),
    skipped: days.offBetween(from, to),
    provisional: days.isProvisional(from, to),
  };
}

export function workingDayBefore(days: WorkingDays, date: PlainDate, count: number): DateCounted {
  assertWorkingDays(count, 1);
  const day = dayNumberOfDate(date);
  const target = days.before(day, count);
  return {
    date: days.dateOf(target),
    counted: days.workingBetween(target, day - 1),
    skipped: days.offBetween(target, day - 1),
    provisional: days.isProvisional(target, day - 1),
  };
}
