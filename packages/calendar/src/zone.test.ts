import { describe, expect, test } from 'vitest';
import { createCalendar, parseInstant } from './index.ts';

const everyHour = [{ from: '00:00', to: '24:00' }];

describe('the start of a day', () => {
  test.each([
    ['an ordinary day', 'America/New_York', '2023-07-04', '2023-07-04T00:00:00-04:00'],
    ['the day clocks go forward', 'America/New_York', '2023-03-12', '2023-03-12T00:00:00-05:00'],
    ['the day after', 'America/New_York', '2023-03-13', '2023-03-13T00:00:00-04:00'],
    ['the day clocks go back', 'Europe/Berlin', '2023-10-29', '2023-10-29T00:00:00+02:00'],
    ['the day after', 'Europe/Berlin', '2023-10-30', '2023-10-30T00:00:00+01:00'],
    ['half an hour back', 'Australia/Lord_Howe', '2023-04-03', '2023-04-03T00:00:00+10:30'],
    ['half an hour forward', 'Australia/Lord_Howe', '2023-10-02', '2023-10-02T00:00:00+11:00'],
    ['midnight skipped', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T01:00:00-02:00'],
    [
      'midnight skipped by a change that starts the evening before',
      'America/Toronto',
      '1919-03-31',
      '1919-03-31T00:30:00-04:00',
    ],
    ['midnight twice', 'America/Havana', '2023-11-05', '2023-11-05T00:00:00-04:00'],
    ['the hour before midnight twice', 'America/Sao_Paulo', '2018-02-18', '2018-02-18T00:00:00-03:00'],
    ['a day that never was', 'Pacific/Apia', '2011-12-30', '2011-12-31T00:00:00+14:00'],
    ['summer time in China', 'Asia/Shanghai', '1988-07-01', '1988-07-01T00:00:00+09:00'],
    ['a quarter hour off', 'Asia/Kathmandu', '2023-07-01', '2023-07-01T00:00:00+05:45'],
    ['two changes within a week', 'America/Boa_Vista', '2000-10-10', '2000-10-10T00:00:00-03:00'],
  ])('%s: %s %s', (_name, timeZone, date, expected) => {
    const calendar = createCalendar({ timeZone });
    expect(calendar.format(calendar.startOfDay(date))).toBe(expected);
    expect(calendar.endOfDay(calendar.addDays(date, -1))).toBe(calendar.startOfDay(date));
  });
});

describe('counting over a change of clocks', () => {
  test.each([
    ['keeps the time of day', 'America/New_York', '2031-03-07T10:00:00-05:00', 1, '2031-03-10T10:00:00-04:00'],
    ['and back', 'Europe/Berlin', '2031-10-24T10:00:00+02:00', 1, '2031-10-27T10:00:00+01:00'],
    [
      'a time skipped is the moment of the change',
      'America/Sao_Paulo',
      '2018-11-01T00:30:00-03:00',
      0,
      '2018-11-01T00:30:00-03:00',
    ],
  ])('%s', (_name, timeZone, from, days, to) => {
    const calendar = createCalendar({ timeZone });
    expect(calendar.format(calendar.addWorkingDays(parseInstant(from) ?? Number.NaN, days).at)).toBe(to);
  });

  test('a time skipped or repeated on a working day', () => {
    const localDays = ['2023-03-12', '2023-11-05'].map((date) => ({ date, working: true, name: '值班' }));
    const calendar = createCalendar({ timeZone: 'America/New_York', localDays });
    const skipped = parseInstant('2023-03-10T02:30:00-05:00') ?? Number.NaN;
    expect(calendar.format(calendar.addWorkingDays(skipped, 1).at)).toBe('2023-03-12T03:00:00-04:00');
    const repeated = parseInstant('2023-11-06T01:30:00-05:00') ?? Number.NaN;
    expect(calendar.format(calendar.workingDaysBefore(repeated, 1).at)).toBe('2023-11-05T01:30:00-04:00');
  });

  test.each([
    ['2023-03-12', 23],
    ['2023-03-11', 24],
    ['2023-11-05', 25],
  ])('%s has %i hours', (date, hours) => {
    const localDays = [{ date, working: true, name: '值班' }];
    const calendar = createCalendar({ timeZone: 'America/New_York', workingHours: everyHour, localDays });
    const [span] = calendar.spans(date);
    expect(span).toEqual({ from: calendar.startOfDay(date), to: calendar.endOfDay(date) });
    expect(((span?.to ?? 0) - (span?.from ?? 0)) / 3_600_000).toBe(hours);
  });

  test('hours that clocks skip are no hours', () => {
    const localDays = [{ date: '2023-03-12', working: true, name: '值班' }];
    const workingHours = [
      { from: '02:00', to: '02:45' },
      { from: '02:45', to: '04:00' },
    ];
    const calendar = createCalendar({ timeZone: 'America/New_York', workingHours, localDays });
    expect(calendar.spans('2023-03-12').map(({ from, to }) => [calendar.format(from), calendar.format(to)])).toEqual([
      ['2023-03-12T03:00:00-04:00', '2023-03-12T04:00:00-04:00'],
    ]);
  });
});

test.each([
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Gaza',
])('the offset of %s is that of Intl, every 7 hours of twelve years and around each change', (timeZone) => {
  const calendar = createCalendar({ timeZone });
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const written = (at: number) => formatter.format(at).split('GMT')[1] || '+00:00';
  let previous = calendar.offsetMinutes(Date.UTC(2015, 0, 1));
  for (let at = Date.UTC(2015, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * 3_600_000) {
    const offset = calendar.offsetMinutes(at);
    if (written(at) !== calendar.format(at).slice(-6)) expect(written(at)).toBe(calendar.format(at).slice(-6));
    if (offset !== previous) {
      for (let near = at - 7 * 3_600_000; near <= at; near += 15 * 60_000) {
        for (const edge of [near - 1, near]) expect(calendar.format(edge).slice(-6)).toBe(written(edge));
      }
    }
    previous = offset;
  }
});
