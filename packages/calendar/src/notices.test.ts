import { describe, expect, test } from 'vitest';
import { createCalendar, type HolidayNotice, parseInstant, stateCouncilHolidays, withNotices } from './index.ts';

const of2027: HolidayNotice = {
  year: 2027,
  source: '国办发明电〔2026〕0号',
  daysOff: [
    { date: '2026-12-31', name: '元旦' },
    { date: '2027-01-01', name: '元旦' },
    { date: '2027-02-06', name: '春节' },
    { date: '2027-02-08', name: '春节' },
  ],
  makeUpDays: [
    { date: '2026-12-27', name: '元旦' },
    { date: '2027-02-20', name: '春节补班' },
  ],
};

const timeZone = 'Asia/Shanghai';
const at = (text: string) => parseInstant(`${text}:00+08:00`) ?? Number.NaN;

describe('a notice of a year that the library does not know', () => {
  const before = createCalendar({ timeZone });
  const after = createCalendar({ timeZone, notices: [of2027] });

  test('makes the year known', () => {
    expect([before.lastPublishedYear(), after.lastPublishedYear()]).toEqual([2026, 2027]);
    expect([before.isPublished('2027-05-01'), after.isPublished('2027-05-01')]).toEqual([false, true]);
    expect([before.isProvisional('2026-12-29', '2027-12-28'), after.isProvisional('2026-12-29', '2027-12-28')]).toEqual(
      [true, false],
    );
    expect(after.isProvisional('2027-12-29', '2027-12-29')).toBe(true);
  });

  test.each([
    ['2026-12-27', true, '元旦调休上班'],
    ['2026-12-31', false, '元旦'],
    ['2027-01-01', false, '元旦'],
    ['2027-02-07', false, null],
    ['2027-02-08', false, '春节'],
    ['2027-02-20', true, '春节补班'],
    ['2027-10-01', true, null],
    ['2026-10-01', false, '国庆节'],
  ])('%s: working %s, %s', (date, working, name) => {
    expect(after.isWorkingDay(date)).toBe(working);
    expect(after.dayName(date)).toBe(name);
  });

  test('moves a deadline that was provisional', () => {
    expect(before.addWorkingDays(at('2026-12-30T10:00'), 1)).toMatchObject({
      at: at('2026-12-31T10:00'),
      provisional: true,
    });
    expect(after.addWorkingDays(at('2026-12-30T10:00'), 1)).toEqual({
      at: at('2027-01-04T10:00'),
      counted: ['2027-01-04'],
      skipped: ['2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03'],
      provisional: false,
    });
  });

  test('goes behind a local day', () => {
    const localDays = [{ date: '2027-02-08', working: true, name: '抗洪值班' }];
    expect(createCalendar({ timeZone, notices: [of2027], localDays }).dayName('2027-02-08')).toBe('抗洪值班');
  });
});

describe('a notice of a year that the library knows', () => {
  const empty = (year: number): HolidayNotice => ({ year, source: '', daysOff: [], makeUpDays: [] });

  test('replaces its days', () => {
    const daysOff = [{ date: '2026-10-08', name: '国庆节' }];
    const calendar = createCalendar({ timeZone, notices: [{ ...empty(2026), daysOff }] });
    expect(['2026-10-01', '2026-10-08', '2026-02-14'].map(calendar.dayName)).toEqual([null, '国庆节', null]);
    expect([calendar.isWorkingDay('2026-10-01'), calendar.isWorkingDay('2026-02-14')]).toEqual([true, false]);
    expect(calendar.dayName('2025-10-01')).toBe('国庆节');
  });

  // 2018-12-29 to 31 come from the notice of 2019.
  test('leaves the days of late December to the next year', () => {
    const of2018 = withNotices(stateCouncilHolidays, [empty(2018)]);
    expect([of2018.makeUpDay('2018-12-29'), of2018.dayOff('2018-12-31'), of2018.dayOff('2018-10-01')]).toEqual([
      '元旦调休上班',
      '元旦',
      null,
    ]);
    const of2019 = withNotices(stateCouncilHolidays, [empty(2019)]);
    expect([of2019.makeUpDay('2018-12-29'), of2019.dayOff('2018-12-31'), of2019.dayOff('2018-10-01')]).toEqual([
      null,
      null,
      '国庆节',
    ]);
  });

  test('the later of two counts, whole', () => {
    const first = { ...empty(2027), daysOff: [{ date: '2027-03-01', name: '误录' }] };
    const table = withNotices(stateCouncilHolidays, [first, of2027]);
    expect([table.dayOff('2027-03-01'), table.dayOff('2027-02-08')]).toEqual([null, '春节']);
  });

  test('of two years that name one date the later year decides, in whatever order they come', () => {
    const of2026 = { ...empty(2026), makeUpDays: [{ date: '2026-12-31', name: '误录' }] };
    for (const notices of [
      [of2026, of2027],
      [of2027, of2026],
    ]) {
      const table = withNotices(stateCouncilHolidays, notices);
      expect([table.dayOff('2026-12-31'), table.makeUpDay('2026-12-31')]).toEqual(['元旦', null]);
    }
  });
});

test('no notice leaves the table as it is', () => {
  expect(withNotices(stateCouncilHolidays, [])).toBe(stateCouncilHolidays);
});

test('no year known at all', () => {
  const holidays = { isPublished: () => false, dayOff: () => null, makeUpDay: () => null };
  expect(createCalendar({ timeZone, holidays }).lastPublishedYear()).toBe(0);
  expect(createCalendar({ timeZone, holidays, notices: [of2027] }).lastPublishedYear()).toBe(2027);
});

test.each<[string, Partial<HolidayNotice>]>([
  ['a date that does not exist', { daysOff: [{ date: '2027-02-29', name: '春节' }] }],
  ['a make-up day that does not exist', { makeUpDays: [{ date: '2027-2-9', name: '春节' }] }],
  ['a date too long before the year', { daysOff: [{ date: '2026-12-24', name: '元旦' }] }],
  ['a date of the year after', { daysOff: [{ date: '2028-01-01', name: '元旦' }] }],
  ['December two years before', { daysOff: [{ date: '2025-12-31', name: '元旦' }] }],
  ['a day both off and working', { makeUpDays: [{ date: '2027-01-01', name: '元旦' }] }],
  ['half a year', { year: 2027.5 }],
  ['year 0', { year: 0, daysOff: [], makeUpDays: [] }],
  ['year 10000', { year: 10_000, daysOff: [], makeUpDays: [] }],
])('%s is refused', (_name, fault) => {
  expect(() => withNotices(stateCouncilHolidays, [{ ...of2027, ...fault }])).toThrow(RangeError);
});
