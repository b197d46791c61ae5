import { STRUCTURE } from './fixtures.ts';

/** The end of the day that many days after an instant. */
export function calendarDay(now: number, days: number): number {
  const { calendar } = STRUCTURE;
  return calendar.endOfDay(calendar.addDays(calendar.dateOf(now), days));
}
