/**
 * What local clocks show in every minute of some years, found by walking the minutes. Index 0 is
 * the first minute of the first year in UTC; clocks change at whole minutes and never back over
 * midnight in these zones and years.
 */
export interface LocalMinutes {
  readonly timeZone: string;
  readonly firstYear: number;
  readonly lastYear: number;
  /** The epoch minute of index 0. */
  readonly epoch: number;
  /** The clock's reading, in minutes since 1970-01-01T00:00 of the same clock. */
  readonly shown: Int32Array;
  /** The highest reading so far: it stands still while clocks repeat an hour. */
  readonly reached: Int32Array;
  /** The date, as an index into `dates`. */
  readonly day: Uint16Array;
  readonly dates: readonly string[];
  /** The first minute of each date. The first date may have begun before the table does. */
  readonly firstOfDay: readonly number[];
  /** The minutes at which clocks change. */
  readonly changes: readonly number[];
}

const quarterHour = 15;

/** The clock's reading at an epoch minute. */
type Reading = (epochMinute: number) => number;

function readingByIntl(timeZone: string): Reading {
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (epochMinute) => {
    // 11/05/2017, 01:30
    const text = formatter.format(epochMinute * 60_000);
    const part = (from: number, to: number) => Number(text.slice(from, to));
    return Date.UTC(part(6, 10), part(0, 2) - 1, part(3, 5), part(12, 14), part(15, 17)) / 60_000;
  };
}

/** Shanghai has kept UTC+8 since 1991, so it needs no Intl. */
const readingInShanghai: Reading = (epochMinute) => epochMinute + 480;

/** Asks for every quarter of an hour, and for every minute of one within which clocks change. */
function readAll(reading: Reading, epoch: number, length: number): Int32Array {
  const shown = new Int32Array(length);
  for (let start = 0; start < length; start += quarterHour) {
    const first = reading(epoch + start);
    const steady = reading(epoch + start + quarterHour - 1) === first + quarterHour - 1;
    for (let offset = 0; offset < quarterHour; offset += 1) {
      shown[start + offset] = steady ? first + offset : reading(epoch + start + offset);
    }
  }
  return shown;
}

export function walkLocalMinutes(timeZone: string, firstYear: number, lastYear: number): LocalMinutes {
  const epoch = Date.UTC(firstYear, 0, 1) / 60_000;
  const length = Date.UTC(lastYear + 1, 0, 1) / 60_000 - epoch;
  const shown = readAll(timeZone === 'Asia/Shanghai' ? readingInShanghai : readingByIntl(timeZone), epoch, length);
  const reached = new Int32Array(length);
  const day = new Uint16Array(length);
  const dates: string[] = [];
  const firstOfDay: number[] = [];
  const changes: number[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  let midnightAhead = Number.NEGATIVE_INFINITY;
  for (let minute = 0; minute < length; minute += 1) {
    const reading = shown[minute] as number;
    if (minute > 0 && reading !== (shown[minute - 1] as number) + 1) changes.push(minute);
    highest = Math.max(highest, reading);
    if (highest >= midnightAhead) {
      const date = new Date(highest * 60_000).toISOString().slice(0, 10);
      dates.push(date);
      firstOfDay.push(minute);
      midnightAhead = Date.parse(date) / 60_000 + 1_440;
    }
    reached[minute] = highest;
    day[minute] = dates.length - 1;
  }
  return { timeZone, firstYear, lastYear, epoch, shown, reached, day, dates, firstOfDay, changes };
}
