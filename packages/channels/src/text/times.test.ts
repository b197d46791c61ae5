import { expect, test } from 'vitest';
import { instantText, spanText } from './times.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '不足1分钟', 'less than a minute'],
  [MINUTE - 1, '不足1分钟', 'less than a minute'],
  [MINUTE, '1分钟', '1 minute'],
  [59 * MINUTE, '59分钟', '59 minutes'],
  [HOUR, '1小时', '1 hour'],
  [2 * HOUR + 5 * MINUTE, '2小时5分钟', '2 hours 5 minutes'],
  [DAY - 1, '23小时59分钟', '23 hours 59 minutes'],
  [DAY, '1天', '1 day'],
  [DAY + 5 * MINUTE, '1天', '1 day'],
  [2 * DAY + 3 * HOUR + 59 * MINUTE, '2天3小时', '2 days 3 hours'],
  [400 * DAY, '400天', '400 days'],
])('%i ms is %s', (ms, zh, en) => {
  expect(spanText(ms, 'zh')).toBe(zh);
  expect(spanText(ms, 'en')).toBe(en);
});

const NOW = Date.UTC(2023, 4, 18, 2);

test.each([
  [Date.UTC(2023, 4, 18, 10), '5月18日18:00', '18 May 18:00'],
  [Date.UTC(2023, 4, 17, 16), '5月17日24:00', '17 May 24:00'],
  [Date.UTC(2023, 4, 17, 16, 1), '5月18日00:01', '18 May 00:01'],
  [Date.UTC(2023, 4, 17, 16, 0, 1), '5月18日00:00', '18 May 00:00'],
  [Date.UTC(2022, 11, 31, 16), '2022年12月31日24:00', '31 Dec 2022 24:00'],
  [Date.UTC(2023, 11, 31, 16), '12月31日24:00', '31 Dec 24:00'],
  [Date.UTC(2024, 1, 29, 1, 5), '2024年2月29日09:05', '29 Feb 2024 09:05'],
])('%i in Luxi is %s', (at, zh, en) => {
  expect(instantText(at, NOW, 'Asia/Shanghai', 'zh')).toBe(zh);
  expect(instantText(at, NOW, 'Asia/Shanghai', 'en')).toBe(en);
});

test('the clock is the jurisdiction’s', () => {
  expect(instantText(NOW, NOW, 'Asia/Kathmandu', 'zh')).toBe('5月18日07:45');
});
