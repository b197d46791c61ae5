export { type CalendarEntry, type CalendarOptions, calendarFile } from './calendar-file.ts';
