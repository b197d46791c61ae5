import { describe, expect, test } from 'vitest';
import { parsePrintedDue, parseTypedDate } from './due-text.ts';

describe('a deadline as documents print it', () => {
  test.each([
    ['2023年9月底', '2023-09-30', false],
    ['2023年10月底前', '2023-10-31', false],
    ['2023 年 9 月底并持\n续推进', '2023-09-30', true],
    ['2024年2月底', '2024-02-29', false],
    ['2023年2月底前', '2023-02-28', false],
    ['2023年12月31日前', '2023-12-31', false],
    ['2025年底', '2025-12-31', false],
    ['2023年9月底，长期坚持', '2023-09-30', true],
  ])('%s', (text, due, ongoing) => {
    expect(parsePrintedDue(text)).toEqual({ due, ongoing });
  });

  test.each(['9月底', '2023年', '2023年13月底', '2023年2月30日', '2023年0月底', '持续推进', '长期', '2023年9月', ''])(
    '%s proves no date',
    (text) => {
      expect(parsePrintedDue(text)).toBeNull();
    },
  );
});

describe('a date as people type it', () => {
  test.each([
    ['2023-9-1', '2023-09-01'],
    ['2023/09/30', '2023-09-30'],
    ['2023.12.31', '2023-12-31'],
    [' 2023-09-30 ', '2023-09-30'],
  ])('%s', (text, date) => {
    expect(parseTypedDate(text)).toBe(date);
  });

  test.each(['2023-9/1', '30/9/2023', '2023-09-30T10:00:00+08:00', '45199'])('%s is left to others', (text) => {
    expect(parseTypedDate(text)).toBeNull();
  });
});
