import type { Instant } from './instant.ts';
import { type DayNumber, dayMs, minuteMs, type PlainDate } from './plain-date.ts';
import { assertWorkingDays, type WorkingDays } from './working-days.ts';
import type { SpanOfDay } from './working-hours.ts';
import type { Zone } from './zone.ts';

/** The result of counting working time, with what a deadline needs to explain itself. */
export interface Counted {
  readonly at: Instant;
  /** The working days stepped onto, or whose minutes were used; ascending, also when counted back. */
  readonly counted: readonly PlainDate[];
  /** The days off passed over, ascending. */
  readonly skipped: readonly PlainDate[];
  /**
   * A notice of the State Council that is not known yet may change the result: a day passed lies in
   * a year without its notice, or in the last three days of the year before such a year.
   */
  readonly provisional: boolean;
}

/** A working span as instants: `from` belongs to it, `to` does not. */
export interface WorkingSpan {
  readonly from: Instant;
  readonly to: Instant;
}

const maxWorkingMinutes = 1_000_000;

/** The zone and the days, joined: local days as instants. */
export interface LocalClock {
  readonly zone: Zone;
  readonly days: WorkingDays;
  dayOf(at: Instant): DayNumber;
  startOf(day: DayNumber): Instant;
}

export function createLocalClock(zone: Zone, days: WorkingDays): LocalClock {
  return {
    zone,
    days,
    dayOf: (at) => Math.floor((at + zone.offsetAt(at)) / dayMs),
    startOf: (day) => zone.firstInstant(day * dayMs),
  };
}

/** The same time of day as `at` has on `day`, on another day. */
function sameTimeOn(clock: LocalClock, at: Instant, day: DayNumber, target: DayNumber): Instant {
  if (target === day) return at;
  return clock.zone.firstInstant(at + clock.zone.offsetAt(at) + (target - day) * dayMs);
}

export function addWorkingDays(clock: LocalClock, at: Instant, days: number): Counted {
  assertWorkingDays(days, 0);
  const { days: working } = clock;
  const start = clock.dayOf(at);
  const opening = !working.isWorking(start);
  const base = opening ? working.after(start, 1) : start;
  const target = days === 0 ? base : working.after(base, days);
  return {
    at: opening || at === clock.startOf(start) ? clock.startOf(target) : sameTimeOn(clock, at, start, target),
    counted: working.workingBetween(base + 1, target),
    skipped: working.offBetween(start, target),
    provisional: working.isProvisional(start, target),
  };
}

export function workingDaysBefore(clock: LocalClock, at: Instant, days: number): Counted {
  assertWorkingDays(days, 0);
  const { days: working } = clock;
  const today = clock.dayOf(at);
  const midnight = at === clock.startOf(today);
  const start = midnight ? today - 1 : today;
  const dayOff = !working.isWorking(start);
  const base = dayOff ? working.before(start, 1) : start;
  const target = days === 0 ? base : working.before(base, days);
  return {
    at: midnight || dayOff ? clock.startOf(target + 1) : sameTimeOn(clock, at, start, target),
    counted: working.workingBetween(target, base - 1),
    skipped: working.offBetween(target, start),
    provisional: working.isProvisional(target, start),
  };
}

/** The working spans of a day; what clocks skip is left out. */
export function spansOf(clock: LocalClock, hours: readonly SpanOfDay[], day: DayNumber): WorkingSpan[] {
  if (!clock.days.isWorking(day)) return [];
  return hours
    .map((span) => ({
      from: clock.zone.firstInstant(day * dayMs + span.from),
      to: clock.zone.firstInstant(day * dayMs + span.to),
    }))
    .filter((span) => span.from < span.to);
}

export function addWorkingMinutes(
  clock: LocalClock,
  hours: readonly SpanOfDay[],
  at: Instant,
  minutes: number,
): Counted {
  if (!(minutes >= 0 && minutes <= maxWorkingMinutes)) {
    throw new RangeError(`Working minutes must be from 0 to ${maxWorkingMinutes}: ${minutes}`);
  }
  const start = clock.dayOf(at);
  const counted: PlainDate[] = [];
  let remaining = Math.round(minutes * minuteMs);
  let reached = at;
  let day = start;
  for (; remaining > 0; day += 1) {
    const spans = spansOf(clock, hours, day).filter((span) => span.to > at);
    if (spans.length > 0) counted.push(clock.days.dateOf(day));
    for (const span of spans) {
      const from = Math.max(at, span.from);
      const used = Math.min(remaining, span.to - from);
      if (used === 0) break;
      reached = from + used;
      remaining -= used;
    }
  }
  const last = Math.max(start, day - 1);
  return {
    at: reached,
    counted,
    skipped: clock.days.offBetween(start, last),
    provisional: clock.days.isProvisional(start, last),
  };
}

export function nextWorkingInstant(clock: LocalClock, hours: readonly SpanOfDay[], at: Instant): Instant {
  for (let day = clock.dayOf(at); ; day = clock.days.after(day, 1)) {
    const span = spansOf(clock, hours, day).find(({ to }) => to > at);
    if (span !== undefined) return Math.max(at, span.from);
  }
}
