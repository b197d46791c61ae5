import type { Instant, PlainDate } from '@duban/calendar';
import ical, { ICalAlarmType, ICalEventStatus, ICalEventTransparency } from 'ical-generator';

/** A deadline as a calendar shows it. */
export interface CalendarEntry {
  /** Stable for ever: calendars know the entry again by it. */
  readonly id: string;
  /** Grows with every change of the deadline's item. */
  readonly version: number;
  readonly title: string;
  /** May have several lines; empty for none. */
  readonly description: string;
  readonly dueAt: Instant;
  /** Whether the limit ends with a day, at its 24:00, rather than within one. */
  readonly allDay: boolean;
  /** The day that is ended; for entries that last all day. */
  readonly date: PlainDate | null;
  /** Absolute. */
  readonly url: string | null;
  readonly state: 'running' | 'overdue' | 'met';
  readonly category: string;
}

export interface CalendarOptions {
  /** What calendars call the subscription. */
  readonly name: string;
  /** IANA name; a hint how to show the entries, which are written in UTC or as dates. */
  readonly timeZone: string;
  readonly now: Instant;
}

const MINUTE_MS = 60_000;
/** An event without length is hidden by some calendars. */
const TIMED_MINUTES = 15;
const TIMED_ALARM_MINUTES = 20;
const DAY_SECONDS = 24 * 3_600;
const REFRESH_SECONDS = 3_600;
const STATE_NAMES = { running: '办理中', overdue: '逾期', met: '已办结' } as const;

/**
 * Deadlines as a calendar to subscribe to (RFC 5545, text/calendar): one VEVENT each.
 *
 * A deadline at a day's 24:00 is that whole day, since midnight would show it on the day after; any other is a quarter of
 * an hour that ends with it. What is not met yet has an alarm: one day before the day, or 20 minutes before the instant.
 * @throws RangeError for an entry that lasts all day and names no day
 */
export function calendarFile(entries: readonly CalendarEntry[], { name, timeZone, now }: CalendarOptions): string {
  const calendar = ical({
    prodId: { company: 'Duban', product: 'Deadlines', language: 'ZH' },
    // The library writes the name as it is given.
    name: escaped(shown(name)),
    ttl: REFRESH_SECONDS,
    events: entries.map((entry) => eventOf(entry, now)),
  });
  // Its own zone would turn every instant into local time; its own extensions would stand after the events.
  const zone = `X-WR-TIMEZONE:${timeZone}`;
  return `${calendar.toString().replace('\r\nNAME:', () => `\r\n${zone}\r\nNAME:`)}\r\n`;
}

function eventOf(entry: CalendarEntry, now: Instant) {
  const { id, version, title, description, url, state, category, allDay } = entry;
  const summary = shown(title);
  return {
    id: `${id}@duban`,
    sequence: version,
    stamp: new Date(now),
    ...spanOf(entry),
    summary,
    ...(description === '' ? {} : { description: shown(description) }),
    ...(url === null ? {} : { url: plainUrl(url) }),
    status: ICalEventStatus.CONFIRMED,
    // A deadline takes nobody's time.
    transparency: ICalEventTransparency.TRANSPARENT,
    categories: [category, STATE_NAMES[state]].map((each) => ({ name: shown(each) })),
    alarms: state === 'met' ? [] : [alarmOf(summary, allDay)],
  };
}

function spanOf({ id, dueAt, allDay, date }: CalendarEntry) {
  if (!allDay) return { start: new Date(dueAt - TIMED_MINUTES * MINUTE_MS), end: new Date(dueAt) };
  if (date === null) throw new RangeError(`${id} lasts all day and names no day.`);
  const start = new Date(`${date}T00:00:00Z`);
  // The end of a span of days is the first day after it.
  return { start, end: new Date(start.getTime() + DAY_SECONDS * 1_000), allDay };
}

function alarmOf(description: string, allDay: boolean) {
  const type = ICalAlarmType.display;
  if (allDay) return { type, description, trigger: DAY_SECONDS };
  // Counted from the start of what shows the deadline, which is not the deadline.
  return { type, description, trigger: (TIMED_ALARM_MINUTES - TIMED_MINUTES) * 60 };
}

/** RFC 5545 3.3.11 allows no control but a tab, and line ends are written out; half a character would spoil the file. */
function shown(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');
}

/** The library escapes an address like a text, which addresses are not: nothing is left in it to escape. */
function plainUrl(url: string): string {
  return new URL(url).href.replace(/[\\;,]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
