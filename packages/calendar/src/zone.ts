import type { Instant } from './instant.ts';
import { dayMs, minuteMs } from './plain-date.ts';

/**
 * A local clock reading as if it were UTC: epoch milliseconds of the same digits in UTC.
 */
export type WallTime = number;

/** The clock of one time zone. */
export interface Zone {
  /** Milliseconds that local clocks are ahead of UTC at that instant. */
  offsetAt(at: Instant): number;
  /**
   * The first instant at which local clocks show that time or a later one: a time that occurs
   * twice (clocks put back) is its first occurrence, a time that does not occur (clocks put
   * forward) is the moment of the change.
   */
  firstInstant(wall: WallTime): Instant;
}

// Intl answers in about 2 µs, the arithmetic around it takes nanoseconds. So each stretch of 400
// days is probed once. Zones have changed twice within 7 days (Boa Vista, October 2000) but never
// within 4, so two equal probes 4 days apart have no change between them.
const probeMs = 4 * dayMs;
const probesPerStretch = 100;
const stretchMs = probeMs * probesPerStretch;

interface Stretch {
  readonly offset: number;
  readonly changes: readonly { readonly at: Instant; readonly offset: number }[];
}

/** Milliseconds ahead of UTC, as Intl has it (time zone data of the runtime). */
function intlOffset(timeZone: string): (at: Instant) => number {
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(formatter.format(at));
    if (match === null) throw new RangeError(`No offset known in ${timeZone} at ${at}`);
    const [, sign, hours, minutes, seconds] = match;
    const magnitude =
      Number(hours ?? 0) * 60 * minuteMs + Number(minutes ?? 0) * minuteMs + Number(seconds ?? 0) * 1_000;
    return sign === '-' ? -magnitude : magnitude;
  };
}

/** The first instant after `from`, up to `to`, with another offset than at `from`; one change lies between. */
function changeBetween(offsetAt: (at: Instant) => number, from: Instant, to: Instant): Instant {
  const before = offsetAt(from);
  let low = Math.floor(from);
  let high = Math.ceil(to);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function probe(offsetAt: (at: Instant) => number, start: Instant): Stretch {
  const first = offsetAt(start);
  const changes: { at: Instant; offset: number }[] = [];
  let offset = first;
  for (let index = 1; index <= probesPerStretch; index += 1) {
    const at = start + index * probeMs;
    const next = offsetAt(at);
    if (next !== offset) changes.push({ at: changeBetween(offsetAt, at - probeMs, at), offset: next });
    offset = next;
  }
  return { offset: first, changes };
}

/** Caches are dropped whole at this size: odd dates from outside must not fill the memory. */
const maxCached = 64;

function createZone(timeZone: string): Zone {
  const askIntl = intlOffset(timeZone);
  const stretches = new Map<number, Stretch>();
  let lastIndex = Number.NaN;
  let last: Stretch = { offset: 0, changes: [] };

  function stretchOf(at: Instant): Stretch {
    const index = Math.floor(at / stretchMs);
    if (index === lastIndex) return last;
    let stretch = stretches.get(index);
    if (stretch === undefined) {
      stretch = probe(askIntl, index * stretchMs);
      if (stretches.size >= maxCached) stretches.clear();
      stretches.set(index, stretch);
    }
    lastIndex = index;
    last = stretch;
    return stretch;
  }

  function offsetAt(at: Instant): number {
    const stretch = stretchOf(at);
    let offset = stretch.offset;
    for (const change of stretch.changes) {
      if (change.at > at) break;
      offset = change.offset;
    }
    return offset;
  }

  function firstInstant(wall: WallTime): Instant {
    // Offsets lie between -24 h and +24 h: a day either side is surely before and after.
    const before = offsetAt(wall - dayMs);
    const after = offsetAt(wall + dayMs);
    if (before === after) return wall - before;
    const change = changeBetween(offsetAt, wall - dayMs, wall + dayMs);
    return wall - before < change ? wall - before : Math.max(change, wall - after);
  }

  return { offsetAt, firstInstant };
}

const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name such as `Asia/Shanghai`; shared, since its caches are worth keeping.
 *
 * @throws RangeError when the runtime does not know the zone.
 */
export function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = createZone(timeZone);
    if (zones.size >= maxCached) zones.clear();
    zones.set(timeZone, zone);
  }
  return zone;
}
