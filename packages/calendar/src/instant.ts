import { dateOfDayNumber, dayMs, dayNumberOfDate, isPlainDate, minuteMs, pad } from './plain-date.ts';

/** Epoch milliseconds. */
export type Instant = number;

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Reads an RFC 3339 instant. The offset is required: a local time without one is not an instant.
 * Leap seconds and 24:00 are refused; digits beyond milliseconds are cut off.
 *
 * @returns null when the text is anything else, an impossible date included.
 */
export function parseInstant(text: string): Instant | null {
  const match = instantPattern.exec(text);
  if (match === null) return null;
  const [, date = '', hours, minutes, seconds, fraction = '', sign, offsetHours, offsetMinutes] = match;
  if (!isPlainDate(date)) return null;
  const wall =
    dayNumberOfDate(date) * dayMs +
    (Number(hours) * 60 + Number(minutes)) * minuteMs +
    Number(seconds) * 1_000 +
    Number(fraction.padEnd(3, '0').slice(0, 3));
  if (sign === undefined) return wall;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * minuteMs;
  return sign === '-' ? wall + offset : wall - offset;
}

/**
 * RFC 3339 with the given offset, to the second, milliseconds only when they are not zero.
 *
 * @param offsetMs - milliseconds ahead of UTC. RFC 3339 writes whole minutes, so an offset of local
 * mean time (before 1901 in Shanghai) is rounded; the instant written stays the same.
 * @throws RangeError outside the years 0001 to 9999.
 */
export function formatInstant(at: Instant, offsetMs: number): string {
  const offset = Math.round(offsetMs / minuteMs);
  const wall = Math.floor(at) + offset * minuteMs;
  const dayNumber = Math.floor(wall / dayMs);
  const ofDay = wall - dayNumber * dayMs;
  const time = `${pad(Math.floor(ofDay / 3_600_000), 2)}:${pad(Math.floor(ofDay / minuteMs) % 60, 2)}:${pad(Math.floor(ofDay / 1_000) % 60, 2)}`;
  const milliseconds = ofDay % 1_000 === 0 ? '' : `.${pad(ofDay % 1_000, 3)}`;
  const magnitude = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(magnitude / 60), 2)}:${pad(magnitude % 60, 2)}`;
  return `${dateOfDayNumber(dayNumber)}T${time}${milliseconds}${zone}`;
}
