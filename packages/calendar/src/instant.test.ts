import { expect, test } from 'vitest';
import { createCalendar, isPlainDate, parseInstant } from './index.ts';

test.each([
  ['2023-09-01T00:00:00+08:00', Date.UTC(2023, 7, 31, 16)],
  ['2023-08-31T16:00:00Z', Date.UTC(2023, 7, 31, 16)],
  ['2023-08-31t12:30:00-03:30', Date.UTC(2023, 7, 31, 16)],
  ['2023-08-31T16:00:00.25Z', Date.UTC(2023, 7, 31, 16) + 250],
  ['2023-08-31T16:00:00.123999Z', Date.UTC(2023, 7, 31, 16) + 123],
  ['1969-12-31T23:59:59.999Z', -1],
])('%s is an instant', (text, expected) => {
  expect(parseInstant(text)).toBe(expected);
});

test.each([
  '2023-09-01T00:00:00',
  '2023-09-01',
  '2023-02-30T00:00:00Z',
  '2023-09-01T24:00:00Z',
  '2023-09-01T23:59:60Z',
  '2023-09-01T23:60:00Z',
  '2023-09-01 00:00:00Z',
  '2023-09-01T00:00Z',
  '2023-09-01T00:00:00+0800',
  '2023-09-01T00:00:00+24:00',
  '2023-09-01T00:00:00.Z',
  ' 2023-09-01T00:00:00Z',
  '2023-09-01T00:00:00Z\n',
  '0000-01-01T00:00:00Z',
  '+02023-09-01T00:00:00Z',
  '',
])('%j is none', (text) => {
  expect(parseInstant(text)).toBeNull();
});

test.each([
  ['2024-02-29', true],
  ['2000-02-29', true],
  ['0001-01-01', true],
  ['9999-12-31', true],
  ['2023-02-29', false],
  ['2023-02-30', false],
  ['1900-02-29', false],
  ['2023-04-31', false],
  ['2023-13-01', false],
  ['2023-00-01', false],
  ['2023-01-00', false],
  ['0000-01-01', false],
  ['2023-2-9', false],
  ['２０２３-０２-０９', false],
  ['2023-02-09\n', false],
  ['', false],
])('%j is a date: %s', (text, expected) => {
  expect(isPlainDate(text)).toBe(expected);
});

test.each([
  ['Asia/Shanghai', 0, '1970-01-01T08:00:00+08:00'],
  ['UTC', 1, '1970-01-01T00:00:00.001+00:00'],
  ['America/St_Johns', -1, '1969-12-31T20:29:59.999-03:30'],
  ['Asia/Shanghai', Date.UTC(2024, 1, 29, 15, 59, 59, 50), '2024-02-29T23:59:59.050+08:00'],
])('in %s %i is written %s and read back', (timeZone, at, text) => {
  expect(createCalendar({ timeZone }).format(at)).toBe(text);
  expect(parseInstant(text)).toBe(at);
});
