import { type LocalClock, spansOf, type WorkingSpan } from './counting.ts';
import type { Instant } from './instant.ts';
import { dayMs, minuteMs, type PlainDate } from './plain-date.ts';
import type { SpanOfDay } from './working-hours.ts';

/** A day off and why it is one. */
export interface SkippedDay {
  readonly date: PlainDate;
  /** The holiday's or the local day's name (国庆节, 州庆); 周末 for an ordinary weekend. */
  readonly reason: string;
}

/** The working time between two instants, with what a clock needs to explain itself. */
export interface WorkingTime {
  /** Minutes, fractions to the millisecond. */
  readonly minutes: number;
  /** The working spans, ascending, cut to the two instants. */
  readonly spans: readonly WorkingSpan[];
  /** The days off of which some part lies between, ascending. */
  readonly skipped: readonly SkippedDay[];
  /** A notice still to come may change the result. */
  readonly provisional: boolean;
}

const maxDaysBetween = 3_660;

export function workingMinutesBetween(
  clock: LocalClock,
  hours: readonly SpanOfDay[],
  from: Instant,
  to: Instant,
): WorkingTime {
  if (!(from <= to)) throw new RangeError(`Working time ends before it begins: ${from} to ${to}`);
  if (to - from > maxDaysBetween * dayMs) throw new RangeError(`More than ${maxDaysBetween} days: ${from} to ${to}`);
  const { days } = clock;
  const first = clock.dayOf(from);
  const spans: WorkingSpan[] = [];
  const skipped: SkippedDay[] = [];
  let milliseconds = 0;
  let day = first;
  for (let start = clock.startOf(first); from < to && start < to; day += 1) {
    const end = clock.startOf(day + 1);
    // Clocks put back over midnight show a day that has ended already.
    if (end > from && !days.isWorking(day)) {
      skipped.push({ date: days.dateOf(day), reason: days.nameOf(day) ?? '周末' });
    }
    for (const span of spansOf(clock, hours, day)) {
      const part = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
      if (part.from >= part.to) continue;
      spans.push(part);
      milliseconds += part.to - part.from;
    }
    start = end;
  }
  return { minutes: milliseconds / minuteMs, spans, skipped, provisional: days.isProvisional(first, day - 1) };
}
