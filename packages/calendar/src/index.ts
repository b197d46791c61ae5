export { type Calendar, type CalendarOptions, createCalendar } from './calendar.ts';
export type { Counted, WorkingSpan } from './counting.ts';
export { type HolidayTable, stateCouncilHolidays } from './holidays.ts';
export { type Instant, parseInstant } from './instant.ts';
export { isPlainDate, type PlainDate } from './plain-date.ts';
export type { LocalDay } from './working-days.ts';
export type { HoursSpan } from './working-hours.ts';
