import { dayMs, minuteMs } from './plain-date.ts';

/** Part of a working day on the local clock. */
export interface HoursSpan {
  /** `HH:MM`, 00:00 to 23:59. */
  readonly from: string;
  /** `HH:MM`, after `from`; 24:00 is the end of the day. */
  readonly to: string;
}

/** A span as milliseconds after local midnight. */
export interface SpanOfDay {
  readonly from: number;
  readonly to: number;
}

/** Used where a jurisdiction states none. */
export const defaultWorkingHours: readonly HoursSpan[] = [
  { from: '08:00', to: '12:00' },
  { from: '14:30', to: '17:30' },
];

function timeOfDay(text: string): number {
  const match = /^(\d{2}):([0-5]\d)$/.exec(text);
  const milliseconds = match === null ? Number.NaN : (Number(match[1]) * 60 + Number(match[2])) * minuteMs;
  if (!(milliseconds <= dayMs)) throw new RangeError(`Not a time of day (HH:MM): ${text}`);
  return milliseconds;
}

/** @throws RangeError when a time is malformed, or the spans are none, empty, overlapping or out of order. */
export function parseWorkingHours(hours: readonly HoursSpan[]): readonly SpanOfDay[] {
  if (hours.length === 0) throw new RangeError('Working hours need at least one span');
  let previous = 0;
  return hours.map((span) => {
    const from = timeOfDay(span.from);
    const to = timeOfDay(span.to);
    if (from < previous || to <= from) {
      throw new RangeError(`Working hours must follow each other: ${span.from}-${span.to}`);
    }
    previous = to;
    return { from, to };
  });
}
