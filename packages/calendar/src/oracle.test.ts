import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCalendar, stateCouncilHolidays } from './index.ts';

// An independent, slow reading of the rules: it walks the calendar day by day and minute by minute,
// with Date for the arithmetic and a fixed offset for the zone.

const minute = 60_000;
const day = 1_440 * minute;
const eightHours = 480 * minute;
const localDays = [
  { date: '2023-09-20', working: false, name: '州庆' },
  { date: '2024-06-09', working: true, name: '防汛值班' },
];
const calendar = createCalendar({ timeZone: 'Asia/Shanghai', localDays });

const localDate = (at: number) => new Date(at + eightHours).toISOString().slice(0, 10);
const localMidnight = (date: string) => Date.parse(`${date}T00:00:00Z`) - eightHours;

function works(date: string): boolean {
  const local = localDays.find((candidate) => candidate.date === date);
  if (local !== undefined) return local.working;
  if (stateCouncilHolidays.makeUpDay(date) !== null) return true;
  if (stateCouncilHolidays.dayOff(date) !== null) return false;
  return ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

function slowlyAdd(at: number, days: number) {
  const counted: string[] = [];
  const skipped: string[] = [];
  let now = at;
  while (!works(localDate(now))) {
    skipped.push(localDate(now));
    now = localMidnight(localDate(now)) + day;
  }
  while (counted.length < days) {
    now += day;
    (works(localDate(now)) ? counted : skipped).push(localDate(now));
  }
  return { at: now, counted, skipped };
}

function slowlyBefore(at: number, days: number) {
  const counted: string[] = [];
  const skipped: string[] = [];
  // One millisecond earlier, 24:00 lies in the day it ends; it is given back at the end.
  const shift = at === localMidnight(localDate(at)) ? 1 : 0;
  let now = at - shift;
  let give = shift;
  while (!works(localDate(now))) {
    skipped.unshift(localDate(now));
    now = localMidnight(localDate(now)) - 1;
    give = 1;
  }
  while (counted.length < days) {
    now -= day;
    (works(localDate(now)) ? counted : skipped).unshift(localDate(now));
  }
  return { at: now + give, counted, skipped };
}

function working(at: number): boolean {
  const clock = new Date(at + eightHours);
  const hour = clock.getUTCHours() + clock.getUTCMinutes() / 60;
  return ((hour >= 8 && hour < 12) || (hour >= 14.5 && hour < 17.5)) && works(localDate(at));
}

function slowlyAddMinutes(at: number, minutes: number): number {
  let now = at;
  for (let left = minutes; left > 0; now += minute) if (working(now)) left -= 1;
  return now;
}

/** Whole minutes, now and then midnight, now and then milliseconds. */
const instants = fc
  .tuple(
    fc.integer({ min: Date.UTC(2004, 0, 5) / day, max: Date.UTC(2031, 0, 1) / day }),
    fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.constantFrom(0, 480, 720, 870, 1_050)),
    fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 59_999 }) }),
  )
  .map(([date, minutes, milliseconds]) => date * day - eightHours + minutes * minute + milliseconds);

describe('against a slow walk', () => {
  test('working days after', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 60 }), (at, days) => {
        const { provisional: _, ...result } = calendar.addWorkingDays(at, days);
        expect(result).toEqual(slowlyAdd(at, days));
      }),
      { numRuns: 2_000 },
    );
  });

  test('working days before', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 60 }), (at, days) => {
        const { provisional: _, ...result } = calendar.workingDaysBefore(at, days);
        expect(result).toEqual(slowlyBefore(at, days));
      }),
      { numRuns: 2_000 },
    );
  });

  test('working minutes and the next opening, to the minute', () => {
    const wholeMinutes = instants.map((at) => Math.floor(at / minute) * minute);
    fc.assert(
      fc.property(wholeMinutes, fc.integer({ min: 0, max: 900 }), (at, minutes) => {
        expect(calendar.addWorkingMinutes(at, minutes).at).toBe(slowlyAddMinutes(at, minutes));
        expect(calendar.isWorkingTime(at)).toBe(working(at));
        expect(calendar.nextWorkingInstant(at)).toBe(slowlyAddMinutes(at, 1) - minute);
      }),
      { numRuns: 500 },
    );
  });

  test('written out and read back', () => {
    fc.assert(
      fc.property(instants, (at) => {
        expect(Date.parse(calendar.format(at))).toBe(at);
        expect(calendar.dateOf(at)).toBe(localDate(at));
        expect(calendar.startOfDay(localDate(at))).toBe(localMidnight(localDate(at)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('in zones that change their clocks', () => {
  const zones = [
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'America/Havana',
    'Africa/Casablanca',
  ];

  test('a day starts at the first minute that shows its date', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, at) => {
        const zoned = createCalendar({ timeZone });
        const formatter = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
        const date = formatter.format(at);
        const start = zoned.startOfDay(date);
        expect(zoned.dateOf(at)).toBe(date);
        expect([formatter.format(start - 1) < date, formatter.format(start)]).toEqual([true, date]);
      }),
      { numRuns: 2_000 },
    );
  });
});
