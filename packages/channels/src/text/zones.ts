import { type Calendar, createCalendar } from '@duban/calendar';

const calendars = new Map<string, Calendar>();

/**
 * Local time where the jurisdiction is.
 * @param timeZone - IANA name. @throws RangeError for a name that is none
 */
export function clockOf(timeZone: string): Calendar {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const calendar = createCalendar({ timeZone });
  calendars.set(timeZone, calendar);
  return calendar;
}
