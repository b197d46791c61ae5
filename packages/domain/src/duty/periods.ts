import { type Calendar, type Instant, isPlainDate, type PlainDate } from '@duban/calendar';
import type { DutyDefinition, DutyPeriod } from './definition.ts';

/** One turn of a duty. */
export interface Period {
  /** `2023-05-30`, `2023-W22`, `2023-05-T2` (中旬), `2023-05`, `2023-Q2`, `2023-H1`, `2023`, `campaign`. */
  readonly key: string;
  readonly from: PlainDate;
  /** Its last day, whatever its due day. */
  readonly to: PlainDate;
  /** The day it falls due, moved by the duty's rule for days off. */
  readonly dueOn: PlainDate;
  /** 24:00 of that day. */
  readonly dueAt: Instant;
  /** A holiday notice that is not known yet may move it. */
  readonly provisional: boolean;
}

type Terms = Pick<DutyDefinition, 'period' | 'shift' | 'from' | 'until'>;

interface Span {
  readonly key: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly dueOn: PlainDate;
  /** The day is printed, and not just the period's end. */
  readonly fixed: boolean;
}

/** No run of days off is longer: a period that ended this many days ago has fallen due, moved or not. */
const LONGEST_SHIFT_DAYS = 31;

/** Every period of a duty that falls due by itself, in order. */
export function periodsOf(terms: Terms, calendar: Calendar): Generator<Period> {
  return periodsFrom(terms, terms.from, calendar);
}

function* periodsFrom(terms: Terms, date: PlainDate, calendar: Calendar): Generator<Period> {
  if (!isScheduled(terms.period)) return;
  for (let day = date; day <= terms.until; ) {
    const span = spanAt(terms, day, calendar);
    const period = periodOf(terms, span, calendar);
    if (period !== null) yield period;
    if (span.to >= terms.until) return;
    day = calendar.addDays(span.to, 1);
  }
}

/** Whether periods follow by themselves. */
export function isScheduled({ every }: DutyPeriod): boolean {
  return every !== 'event' && every !== 'unspecified';
}

/** The first period that falls due after an instant; null when there is none left. */
export function firstPeriodAfter(terms: Terms, at: Instant, calendar: Calendar): Period | null {
  const near = calendar.addDays(calendar.dateOf(at), -LONGEST_SHIFT_DAYS);
  for (const period of periodsFrom(terms, later(near, terms.from), calendar)) if (period.dueAt > at) return period;
  return null;
}

/** The period that follows one; null at the end of the duty, and for a key that is none of its own. */
export function periodFollowing(terms: Terms, key: string, calendar: Calendar): Period | null {
  const span = spanNamed(terms, key, calendar);
  if (span === null || span.to >= terms.until) return null;
  const [following] = periodsFrom(terms, later(calendar.addDays(span.to, 1), terms.from), calendar);
  return following ?? null;
}

/** The period of that key; null when the duty has none. */
export function periodNamed(terms: Terms, key: string, calendar: Calendar): Period | null {
  const span = spanNamed(terms, key, calendar);
  return span === null ? null : periodOf(terms, span, calendar);
}

/** When a report on something that happened is due; null when nothing but the duty's end limits it, or on no day. */
export function occasionDueAt({ period, shift }: Terms, on: string, calendar: Calendar): Instant | null {
  if (period.every !== 'event' || period.withinDays === null || !isPlainDate(on)) return null;
  return calendar.endOfDay(calendar.shift(calendar.withinDays(on, period.withinDays), shift).date);
}

function later(one: PlainDate, other: PlainDate): PlainDate {
  return one > other ? one : other;
}

/**
 * A printed day beyond the duty's end or before its beginning falls away; a period without one ends with the duty.
 * A due day that is moved back onto the one before it, or out of the duty, falls away too: there is no day left to do it.
 */
function periodOf(terms: Terms, span: Span, calendar: Calendar): Period | null {
  const { key, to } = span;
  if (span.from > terms.until) return null;
  const day = dayOf(terms, span);
  if (day < terms.from || day > terms.until) return null;
  const { date: dueOn, provisional } = calendar.shift(day, terms.shift);
  if (dueOn !== day && terms.period.every === 'day') return null;
  if (dueOn < day && (dueOn < terms.from || dueOn <= formerDay(terms, span, calendar))) return null;
  const from = later(span.from, terms.from);
  return {
    key,
    from: dueOn < from ? dueOn : from,
    to: to > terms.until ? terms.until : to,
    dueOn,
    dueAt: calendar.endOfDay(dueOn),
    provisional,
  };
}

function dayOf({ until }: Terms, { fixed, dueOn }: Span): PlainDate {
  return fixed || dueOn <= until ? dueOn : until;
}

/** The moved due day of the span before; nothing is before a campaign. */
function formerDay(terms: Terms, { from }: Span, calendar: Calendar): PlainDate {
  if (terms.period.every === 'campaign') return '';
  const former = spanAt(terms, calendar.addDays(from, -1), calendar);
  return calendar.shift(dayOf(terms, former), terms.shift).date;
}

/** The span of a key, found without walking there; null for a key of another kind of period. */
function spanNamed(terms: Terms, key: string, calendar: Calendar): Span | null {
  const day = firstDayOf(terms, key, calendar);
  if (day === null || !isPlainDate(day)) return null;
  const span = spanAt(terms, day, calendar);
  return span.key === key ? span : null;
}

/** A day of the span of that key, or whatever the key makes of one: the caller compares. */
function firstDayOf({ period, from }: Terms, key: string, calendar: Calendar): string | null {
  const year = key.slice(0, 4);
  switch (period.every) {
    case 'day':
      return key;
    case 'week':
      return calendar.startOfIsoWeek(key);
    case 'ten_days':
      return `${key.slice(0, 8)}${FIRST_OF_TEN[Number(key.slice(9)) - 1]}`;
    case 'month':
      return `${key}-01`;
    case 'quarter':
      return firstOf(year, Number(key.slice(6)) * 3 - 2);
    case 'half_year':
      return firstOf(year, Number(key.slice(6)) * 6 - 5);
    case 'year':
      return firstOf(key, 1);
    case 'campaign':
      return from;
    case 'event':
    case 'unspecified':
      return null;
  }
}

const FIRST_OF_TEN = ['01', '11', '21'] as const;

function spanAt({ period, from, until }: Terms, date: PlainDate, calendar: Calendar): Span {
  const [year = '', month = ''] = date.split('-');
  switch (period.every) {
    case 'day':
      return { key: date, from: date, to: date, dueOn: date, fixed: true };
    case 'week': {
      const monday = calendar.addDays(date, 1 - calendar.weekdayOf(date));
      const dueOn = calendar.addDays(monday, (period.weekday ?? 7) - 1);
      const to = calendar.addDays(monday, 6);
      return { key: calendar.isoWeekKey(date), from: monday, to, dueOn, fixed: period.weekday !== null };
    }
    case 'ten_days': {
      const to = calendar.endOfTenDays(date);
      const third = Math.min(3, Math.ceil(Number(to.slice(8)) / 10));
      const begins = `${year}-${month}-${FIRST_OF_TEN[third - 1]}`;
      return { key: `${year}-${month}-T${third}`, from: begins, to, dueOn: to, fixed: false };
    }
    case 'month': {
      const to = calendar.endOfMonth(date);
      const dueOn = period.day === null ? to : dayOfMonth(year, month, period.day, to);
      return { key: `${year}-${month}`, from: `${year}-${month}-01`, to, dueOn, fixed: period.day !== null };
    }
    case 'quarter': {
      const to = calendar.endOfQuarter(date);
      const quarter = Math.ceil(Number(month) / 3);
      return { key: `${year}-Q${quarter}`, from: firstOf(year, quarter * 3 - 2), to, dueOn: to, fixed: false };
    }
    case 'half_year': {
      const to = calendar.endOfHalfYear(date);
      const half = Number(month) <= 6 ? 1 : 2;
      return { key: `${year}-H${half}`, from: firstOf(year, half * 6 - 5), to, dueOn: to, fixed: false };
    }
    case 'year': {
      const to = calendar.endOfYear(date);
      const dueOn = period.month === null ? to : dayOfYear(year, period.month, period.day, calendar);
      return { key: year, from: firstOf(year, 1), to, dueOn, fixed: period.month !== null };
    }
    case 'campaign':
    case 'event':
    case 'unspecified':
      return { key: 'campaign', from, to: until, dueOn: until, fixed: false };
  }
}

function firstOf(year: string, month: number): PlainDate {
  return `${year}-${String(month).padStart(2, '0')}-01`;
}

/** Of a day that the month does not have, its last. */
function dayOfMonth(year: string, month: string, day: number, last: PlainDate): PlainDate {
  const wanted = `${year}-${month}-${String(day).padStart(2, '0')}`;
  return wanted > last ? last : wanted;
}

function dayOfYear(year: string, month: number, day: number | null, calendar: Calendar): PlainDate {
  const first = firstOf(year, month);
  const last = calendar.endOfMonth(first);
  return day === null ? last : dayOfMonth(year, first.slice(5, 7), day, last);
}
