import { LegalHoliday } from 'tyme4ts';
import { expect, test } from 'vitest';
import { stateCouncilHolidays } from './index.ts';
import { dateOfDayNumber, dayNumberOf, weekdayOf } from './plain-date.ts';

// Where the two disagree the notice decides. That of 2013 says 清明节 … 4月7日（星期日）上班 and
// 国庆节 … 9月29日（星期日）、10月12日（星期六）上班.
const lackingInTyme = ['2013-04-07', '2013-10-12'];

function works(day: number): boolean {
  const date = dateOfDayNumber(day);
  if (stateCouncilHolidays.makeUpDay(date) !== null) return true;
  return stateCouncilHolidays.dayOff(date) === null && weekdayOf(day) <= 5;
}

function worksByTyme(day: number): boolean {
  const [year, month, ofMonth] = dateOfDayNumber(day).split('-').map(Number) as [number, number, number];
  return LegalHoliday.fromYmd(year, month, ofMonth)?.isWork() ?? weekdayOf(day) <= 5;
}

const publishedByBoth = Array.from({ length: 100 }, (_, index) => 2000 + index).filter(
  (year) => stateCouncilHolidays.isPublished(year) && LegalHoliday.fromYmd(year, 10, 1) !== null,
);

test('the libraries agree on every day of every year both know, but for the days listed', () => {
  expect(publishedByBoth).toEqual(expect.arrayContaining([2004, 2023, 2026]));
  const differing = publishedByBoth.flatMap((year) => {
    const days: string[] = [];
    for (let day = dayNumberOf(year, 1, 1); day <= dayNumberOf(year, 12, 31); day += 1) {
      if (works(day) !== worksByTyme(day)) days.push(dateOfDayNumber(day));
    }
    return days;
  });
  expect(differing).toEqual(lackingInTyme);
});

test.each([
  ['2023-09-29', '中秋节', null],
  ['2023-09-30', '国庆节', null],
  ['2023-10-07', null, '国庆节调休上班'],
  ['2025-05-31', '端午节', null],
  ['2015-09-04', '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', null],
  ['2023-10-09', null, null],
])('%s', (date, dayOff, makeUpDay) => {
  expect(stateCouncilHolidays.dayOff(date)).toBe(dayOff);
  expect(stateCouncilHolidays.makeUpDay(date)).toBe(makeUpDay);
});

test('known years have no hole, and a far one is unknown', () => {
  const known = Array.from({ length: 200 }, (_, index) => 1950 + index).filter(stateCouncilHolidays.isPublished);
  expect(known[0]).toBe(2004);
  expect(known).toEqual(known.map((_, index) => 2004 + index));
  expect(stateCouncilHolidays.isPublished(2031)).toBe(false);
});
