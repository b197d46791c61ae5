import {
  type Calendar,
  createCalendar,
  type HolidayNotice,
  type HoursSpan,
  type LocalDay,
  stateCouncilHolidays,
} from '../../src/index.ts';
import type { LocalMinutes } from './local-minutes.ts';

export interface Jurisdiction {
  readonly workingHours: readonly HoursSpan[];
  readonly localDays: readonly LocalDay[];
  readonly notices: readonly HolidayNotice[];
}

/** What the notices and the local days say, read date by date, and the working minutes that follow. */
export interface World {
  readonly minutes: LocalMinutes;
  readonly jurisdiction: Jurisdiction;
  /** The code under test. */
  readonly calendar: Calendar;
  /** By index of the date, as all of these. */
  readonly works: readonly boolean[];
  readonly names: readonly (string | null)[];
  readonly published: readonly boolean[];
  /** A notice still to come may change the day. */
  readonly open: readonly boolean[];
  /** Days near which mistakes are likely. */
  readonly delicate: readonly number[];
  /** By minute: 0 outside working hours, else 1 + the index of the span. */
  readonly span: Uint8Array;
}

interface Named {
  readonly working: boolean;
  readonly name: string;
  /** The year whose notice names it. */
  readonly year: number;
}

/** Rows of the library's table, which is data here; a notice strikes its year's rows and writes its own. */
function readNotices(dates: readonly string[], notices: readonly HolidayNotice[]): ReadonlyMap<string, Named> {
  const rows = new Map<string, Named>();
  for (const date of dates) {
    const year = Number(date.slice(0, 4));
    const ofNextYear = /-12-(2[5-9]|3[01])$/.test(date);
    const makeUp = stateCouncilHolidays.makeUpDay(date);
    const name = makeUp ?? stateCouncilHolidays.dayOff(date);
    if (name !== null) rows.set(date, { working: makeUp !== null, name, year: ofNextYear ? year + 1 : year });
  }
  const last = notices.filter(({ year }, index) => notices.findLastIndex((other) => other.year === year) === index);
  for (const { year } of last) {
    for (const [date, row] of rows) if (row.year === year) rows.delete(date);
  }
  for (const { year, daysOff, makeUpDays } of last.toSorted((one, other) => one.year - other.year)) {
    for (const { date, name } of daysOff) rows.set(date, { working: false, name, year });
    for (const { date, name } of makeUpDays) {
      rows.set(date, { working: true, name: /班$/.test(name) ? name : `${name}调休上班`, year });
    }
  }
  return rows;
}

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

function walkWorkingMinutes(minutes: LocalMinutes, works: readonly boolean[], hours: readonly HoursSpan[]): Uint8Array {
  const ofDay = new Uint8Array(1_440);
  hours.forEach(({ from, to }, index) => {
    const [start, end] = [from, to].map((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
    ofDay.fill(index + 1, start, end);
  });
  const { reached, day } = minutes;
  const span = new Uint8Array(reached.length);
  for (let minute = 0; minute < span.length; minute += 1) {
    if (works[day[minute] as number]) span[minute] = ofDay[(reached[minute] as number) % 1_440] as number;
  }
  return span;
}

export function createWorld(minutes: LocalMinutes, jurisdiction: Jurisdiction): World {
  const { dates, timeZone } = minutes;
  const { workingHours, localDays, notices } = jurisdiction;
  const rows = readNotices(dates, notices);
  const known = (year: number) =>
    stateCouncilHolidays.isPublished(year) || notices.some((notice) => notice.year === year);
  const days = dates.map((date) => {
    const year = Number(date.slice(0, 4));
    const named = localDays.findLast((candidate) => candidate.date === date) ?? rows.get(date);
    return {
      works: named?.working ?? !isWeekend(date),
      name: named?.name ?? null,
      published: known(year),
      open: !known(year) || (date >= `${year}-12-29` && !known(year + 1)),
    };
  });
  const works = days.map((day) => day.works);
  const changeDays = new Set(minutes.changes.map((minute) => minutes.day[minute] as number));
  return {
    minutes,
    jurisdiction,
    calendar: createCalendar({ timeZone, workingHours, localDays, notices }),
    works,
    names: days.map((day) => day.name),
    published: days.map((day) => day.published),
    open: days.map((day) => day.open),
    delicate: days.flatMap(({ name }, index) => {
      const yearEnds = /-(12-(2[5-9]|3.)|01-0[1-5])$/.test(dates[index] as string);
      return name !== null || yearEnds || changeDays.has(index) ? [index] : [];
    }),
    span: walkWorkingMinutes(minutes, works, workingHours),
  };
}
