import { expect, test } from 'vitest';
import { createCalendar } from './index.ts';

const calendar = createCalendar({ timeZone: 'Asia/Shanghai' });

test.each([
  ['2023-05-15', 1, 2023, 20, '2023-W20', '2023-05-15'],
  ['2023-05-21', 7, 2023, 20, '2023-W20', '2023-05-15'],
  ['2023-01-01', 7, 2022, 52, '2022-W52', '2022-12-26'],
  ['2021-01-03', 7, 2020, 53, '2020-W53', '2020-12-28'],
  ['2024-12-30', 1, 2025, 1, '2025-W01', '2024-12-30'],
  ['2026-12-31', 4, 2026, 53, '2026-W53', '2026-12-28'],
  ['2027-01-01', 5, 2026, 53, '2026-W53', '2026-12-28'],
  ['0001-01-01', 1, 1, 1, '0001-W01', '0001-01-01'],
  ['9999-12-31', 5, 9999, 52, '9999-W52', '9999-12-27'],
])('%s is weekday %i of week %i-%i, %s, which starts %s', (date, weekday, year, week, key, start) => {
  expect(calendar.weekdayOf(date)).toBe(weekday);
  expect(calendar.isoWeekOf(date)).toEqual({ year, week });
  expect(calendar.isoWeekKey(date)).toBe(key);
  expect(calendar.startOfIsoWeek(key)).toBe(start);
});

test.each([
  '2023-W53',
  '2023-W00',
  '2023-W99',
  '0000-W01',
  '0001-W00',
  '9999-W53',
  '2023-W2',
  '2023-w20',
  '2023W20',
  '2023-W20\n',
  ' 2023-W20',
  '2023-05-15',
  '',
])('%j is no week', (key) => {
  expect(calendar.startOfIsoWeek(key)).toBeNull();
});
