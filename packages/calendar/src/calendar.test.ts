import { describe, expect, test } from 'vitest';
import { type Calendar, createCalendar, type HolidayTable, type Instant, parseInstant } from './index.ts';

const shanghai = createCalendar({ timeZone: 'Asia/Shanghai' });

/** A local time in Shanghai, `2023-09-01T10:00`, or any RFC 3339 instant. */
function at(text: string): Instant {
  const parsed = parseInstant(text.length === 16 ? `${text}:00+08:00` : text);
  if (parsed === null) throw new Error(`not an instant: ${text}`);
  return parsed;
}

function shown(instant: Instant, calendar: Calendar = shanghai): string {
  return calendar.format(instant).replace(/:00\+08:00$/, '');
}

describe('which days work', () => {
  test.each([
    ['2023-09-28', true, null],
    ['2023-09-29', false, '中秋节'],
    ['2023-09-30', false, '国庆节'],
    ['2023-10-06', false, '国庆节'],
    ['2023-10-07', true, '国庆节调休上班'],
    ['2023-10-08', true, '国庆节调休上班'],
    ['2023-10-14', false, null],
    ['2026-02-14', true, '春节调休上班'],
    ['2026-02-23', false, '春节'],
    ['2026-04-06', false, '清明节'],
    ['2018-12-29', true, '元旦调休上班'],
    ['2018-12-31', false, '元旦'],
    ['2005-12-31', true, '元旦调休上班'],
    ['2024-02-29', true, null],
    ['2031-10-01', true, null],
    ['2031-10-04', false, null],
  ])('%s: working %s, %s', (date, working, name) => {
    expect(shanghai.isWorkingDay(date)).toBe(working);
    expect(shanghai.dayName(date)).toBe(name);
  });

  test.each([
    ['2003-12-31', false],
    ['2004-01-01', true],
    ['2023-10-01', true],
    ['2026-12-31', true],
    ['2031-01-01', false],
  ])('the notice of %s is known: %s', (date, published) => {
    expect(shanghai.isPublished(date)).toBe(published);
  });

  test('a local day goes before the notice, and the later of two counts', () => {
    const xiangxi = createCalendar({
      timeZone: 'Asia/Shanghai',
      localDays: [
        { date: '2023-09-20', working: true, name: '误录' },
        { date: '2023-09-20', working: false, name: '州庆' },
        { date: '2023-10-06', working: true, name: '抗洪值班' },
      ],
    });
    expect([xiangxi.isWorkingDay('2023-09-20'), xiangxi.dayName('2023-09-20')]).toEqual([false, '州庆']);
    expect([xiangxi.isWorkingDay('2023-10-06'), xiangxi.dayName('2023-10-06')]).toEqual([true, '抗洪值班']);
    expect(xiangxi.addWorkingDays(at('2023-09-19T10:00'), 1)).toEqual({
      at: at('2023-09-21T10:00'),
      counted: ['2023-09-21'],
      skipped: ['2023-09-20'],
      provisional: false,
    });
  });
});

const nationalDay = ['2023-10-01', '2023-10-02', '2023-10-03', '2023-10-04', '2023-10-05', '2023-10-06'];

describe('working days after', () => {
  test.each([
    ['an ordinary day', '2023-09-13T10:30', 1, '2023-09-14T10:30', ['2023-09-14'], []],
    ['over a weekend', '2023-09-01T00:00', 1, '2023-09-04T00:00', ['2023-09-04'], ['2023-09-02', '2023-09-03']],
    ['from a holiday, onto a make-up day', '2023-10-01T00:00', 1, '2023-10-08T00:00', ['2023-10-08'], nationalDay],
    ['from a holiday, time of day dropped', '2023-10-03T15:00', 0, '2023-10-07T00:00', [], nationalDay.slice(2)],
    ['none on a working day', '2023-09-01T15:00', 0, '2023-09-01T15:00', [], []],
    [
      'over New Year',
      '2023-12-29T17:00',
      1,
      '2024-01-02T17:00',
      ['2024-01-02'],
      ['2023-12-30', '2023-12-31', '2024-01-01'],
    ],
    ['onto the leap day', '2024-02-28T09:00', 1, '2024-02-29T09:00', ['2024-02-29'], []],
  ])('%s: %s + %i', (_name, from, days, to, counted, skipped) => {
    expect(shanghai.addWorkingDays(at(from), days)).toEqual({ at: at(to), counted, skipped, provisional: false });
  });

  test('a report due 2 working days ahead of 2026-02-24 is due on a make-up day', () => {
    expect(shown(shanghai.workingDaysBefore(at('2026-02-24T09:00'), 1).at)).toBe('2026-02-14T09:00');
    expect(shown(shanghai.workingDaysBefore(at('2026-02-24T09:00'), 2).at)).toBe('2026-02-13T09:00');
  });
});

describe('working days before', () => {
  test.each([
    ['a deadline at 24:00', '2023-09-01T00:00', 1, '2023-08-31T00:00', ['2023-08-30'], []],
    [
      'a deadline at 24:00 of a holiday',
      '2023-10-01T00:00',
      1,
      '2023-09-28T00:00',
      ['2023-09-27'],
      ['2023-09-29', '2023-09-30'],
    ],
    [
      'seven days',
      '2023-09-01T00:00',
      7,
      '2023-08-23T00:00',
      ['2023-08-22', '2023-08-23', '2023-08-24', '2023-08-25', '2023-08-28', '2023-08-29', '2023-08-30'],
      ['2023-08-26', '2023-08-27'],
    ],
    ['the middle of a day', '2023-09-04T10:00', 1, '2023-09-01T10:00', ['2023-09-01'], ['2023-09-02', '2023-09-03']],
    [
      'the middle of a holiday',
      '2023-10-03T10:00',
      0,
      '2023-09-29T00:00',
      [],
      ['2023-09-29', '2023-09-30', '2023-10-01', '2023-10-02', '2023-10-03'],
    ],
    ['none from 24:00', '2023-09-01T00:00', 0, '2023-09-01T00:00', [], []],
    [
      'over New Year',
      '2024-01-02T17:00',
      1,
      '2023-12-29T17:00',
      ['2023-12-29'],
      ['2023-12-30', '2023-12-31', '2024-01-01'],
    ],
  ])('%s: %s - %i', (_name, from, days, to, counted, skipped) => {
    expect(shanghai.workingDaysBefore(at(from), days)).toEqual({ at: at(to), counted, skipped, provisional: false });
  });
});

describe('provisional', () => {
  test.each([
    ['within known years', '2026-12-25T10:00', 1, false],
    ['days that the next notice may still move', '2026-12-25T10:00', 2, true],
    ['into an unknown year', '2026-12-31T10:00', 1, true],
    ['within an unknown year', '2031-05-06T10:00', 1, true],
    ['no day at all, in an unknown year', '2031-05-06T10:00', 0, true],
  ])('%s', (_name, from, days, provisional) => {
    expect(shanghai.addWorkingDays(at(from), days).provisional).toBe(provisional);
  });

  test('an unknown year follows the weekday rule, forwards and back', () => {
    expect(shown(shanghai.addWorkingDays(at('2031-09-30T10:00'), 1).at)).toBe('2031-10-01T10:00');
    expect(shanghai.workingDaysBefore(at('2031-10-02T10:00'), 1)).toMatchObject({ provisional: true, skipped: [] });
    expect(shanghai.addWorkingMinutes(at('2031-10-01T10:00'), 1).provisional).toBe(true);
    expect(shanghai.workingDaysBefore(at('2027-01-01T00:00'), 0).provisional).toBe(true);
    expect(shanghai.workingDaysBefore(at('2026-12-29T00:00'), 1).provisional).toBe(false);
  });

  test('the table that arrives later settles it', () => {
    const arrived: HolidayTable = { isPublished: () => true, dayOff: () => null, makeUpDay: () => null };
    const later = createCalendar({ timeZone: 'Asia/Shanghai', holidays: arrived });
    expect(later.addWorkingDays(at('2031-05-06T10:00'), 1).provisional).toBe(false);
  });
});

describe('working hours', () => {
  test.each([
    ['within the morning', '2023-09-13T09:00', 60, '2023-09-13T10:00', ['2023-09-13'], []],
    ['to the end of the morning', '2023-09-13T09:00', 180, '2023-09-13T12:00', ['2023-09-13'], []],
    ['over lunch', '2023-09-13T11:30', 31, '2023-09-13T14:31', ['2023-09-13'], []],
    ['from lunch', '2023-09-13T13:00', 30, '2023-09-13T15:00', ['2023-09-13'], []],
    ['to the end of the day', '2023-09-13T08:00', 420, '2023-09-13T17:30', ['2023-09-13'], []],
    [
      'after hours, over a weekend',
      '2023-09-15T18:00',
      1,
      '2023-09-18T08:01',
      ['2023-09-18'],
      ['2023-09-16', '2023-09-17'],
    ],
    [
      'from a holiday to a make-up day',
      '2023-10-01T00:00',
      450,
      '2023-10-08T08:30',
      ['2023-10-07', '2023-10-08'],
      nationalDay,
    ],
    ['nothing, outside hours', '2023-10-01T00:00', 0, '2023-10-01T00:00', [], ['2023-10-01']],
  ])('minutes %s: %s + %i', (_name, from, minutes, to, counted, skipped) => {
    expect(shanghai.addWorkingMinutes(at(from), minutes)).toEqual({ at: at(to), counted, skipped, provisional: false });
  });

  test.each([
    ['2023-09-13T07:59', '2023-09-13T08:00'],
    ['2023-09-13T08:00', '2023-09-13T08:00'],
    ['2023-09-13T11:59', '2023-09-13T11:59'],
    ['2023-09-13T12:00', '2023-09-13T14:30'],
    ['2023-09-13T17:30', '2023-09-14T08:00'],
    ['2023-10-01T00:00', '2023-10-07T08:00'],
  ])('after %s work goes on at %s', (from, to) => {
    expect(shown(shanghai.nextWorkingInstant(at(from)))).toBe(to);
    expect(shanghai.isWorkingTime(at(from))).toBe(from === to);
  });

  test('hours to 24:00 end where the next day starts', () => {
    const always = createCalendar({ timeZone: 'Asia/Shanghai', workingHours: [{ from: '00:00', to: '24:00' }] });
    expect(always.spans('2023-09-13')).toEqual([{ from: at('2023-09-13T00:00'), to: at('2023-09-14T00:00') }]);
    expect(shown(always.addWorkingMinutes(at('2023-09-14T23:59'), 2).at)).toBe('2023-09-15T00:01');
    expect(always.spans('2023-09-16')).toEqual([]);
  });
});

describe('dates', () => {
  test('a due day ends at 24:00, which is the next day 00:00', () => {
    expect(shanghai.format(shanghai.endOfDay('2023-08-31'))).toBe('2023-09-01T00:00:00+08:00');
    expect(shanghai.endOfDay('2023-12-31')).toBe(shanghai.startOfDay('2024-01-01'));
    expect(shanghai.dateOf(at('2023-09-01T00:00') - 1)).toBe('2023-08-31');
  });

  test.each([
    ['2023-01-01', '2023-03-31', '2023-02-01'],
    ['2023-06-30', '2023-06-30', '2023-07-01'],
    ['2023-12-31', '2023-12-31', '2024-01-01'],
    ['2024-02-29', '2024-03-31', '2024-03-01'],
  ])('of %s the quarter ends %s, the next month starts %s', (date, quarter, month) => {
    expect(shanghai.endOfQuarter(date)).toBe(quarter);
    expect(shanghai.startOfNextMonth(date)).toBe(month);
  });

  test.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2024-01-01', -1, '2023-12-31'],
    ['2023-05-15', 0, '2023-05-15'],
  ])('%s %i days on is %s', (date, days, result) => {
    expect(shanghai.addDays(date, days)).toBe(result);
  });
});

describe('refused', () => {
  test.each<[string, () => unknown]>([
    ['an unknown zone', () => createCalendar({ timeZone: 'Asia/Luxi' })],
    ['no hours', () => createCalendar({ timeZone: 'UTC', workingHours: [] })],
    ['hours backwards', () => createCalendar({ timeZone: 'UTC', workingHours: [{ from: '12:00', to: '08:00' }] })],
    ['hours past 24:00', () => createCalendar({ timeZone: 'UTC', workingHours: [{ from: '08:00', to: '24:01' }] })],
    ['hours malformed', () => createCalendar({ timeZone: 'UTC', workingHours: [{ from: '8:00', to: '12:00' }] })],
    [
      'a local day that does not exist',
      () => createCalendar({ timeZone: 'UTC', localDays: [{ date: '2023-02-30', working: true, name: '' }] }),
    ],
    ['a date that does not exist', () => shanghai.startOfDay('2023-02-30')],
    ['a day after the last', () => shanghai.addDays('9999-12-31', 1)],
    ['no number', () => shanghai.dateOf(Number.NaN)],
    ['an instant far off', () => shanghai.format(1e15)],
    ['negative days', () => shanghai.addWorkingDays(0, -1)],
    ['too many days', () => shanghai.workingDaysBefore(0, 1001)],
    ['half a day', () => shanghai.addWorkingDays(0, 0.5)],
    ['negative minutes', () => shanghai.addWorkingMinutes(0, -1)],
    ['half a day to add', () => shanghai.addDays('2023-01-01', 0.5)],
  ])('%s', (_name, attempt) => {
    expect(attempt).toThrow(RangeError);
  });
});
