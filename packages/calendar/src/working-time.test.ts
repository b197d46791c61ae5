import { describe, expect, test } from 'vitest';
import { createCalendar, type Instant, parseInstant } from './index.ts';

const shanghai = createCalendar({ timeZone: 'Asia/Shanghai' });

/** A local time in Shanghai, `2023-09-01T10:00`, or any RFC 3339 instant. */
function at(text: string): Instant {
  const parsed = parseInstant(text.length === 16 ? `${text}:00+08:00` : text);
  if (parsed === null) throw new Error(`not an instant: ${text}`);
  return parsed;
}

function span(from: string, to: string) {
  return { from: at(from), to: at(to) };
}

describe('working time between', () => {
  test('over a holiday to a make-up day, cut at both ends', () => {
    expect(shanghai.workingMinutesBetween(at('2026-02-14T11:00'), at('2026-02-24T08:00'))).toEqual({
      minutes: 240,
      spans: [span('2026-02-14T11:00', '2026-02-14T12:00'), span('2026-02-14T14:30', '2026-02-14T17:30')],
      skipped: [15, 16, 17, 18, 19, 20, 21, 22, 23].map((day) => ({ date: `2026-02-${day}`, reason: '春节' })),
      provisional: false,
    });
  });

  test('over a weekend and a local day, each with its reason', () => {
    const localDays = [{ date: '2023-09-18', working: false, name: '州庆' }];
    const xiangxi = createCalendar({ timeZone: 'Asia/Shanghai', localDays });
    expect(xiangxi.workingMinutesBetween(at('2023-09-15T17:00'), at('2023-09-19T08:30'))).toEqual({
      minutes: 60,
      spans: [span('2023-09-15T17:00', '2023-09-15T17:30'), span('2023-09-19T08:00', '2023-09-19T08:30')],
      skipped: [
        { date: '2023-09-16', reason: '周末' },
        { date: '2023-09-17', reason: '周末' },
        { date: '2023-09-18', reason: '州庆' },
      ],
      provisional: false,
    });
  });

  test.each([
    ['lunch', '2023-09-13T12:00', '2023-09-13T14:30', 0],
    ['a span', '2023-09-13T08:00', '2023-09-13T12:00', 240],
    ['a day', '2023-09-13T00:00', '2023-09-14T00:00', 420],
    ['half a second', '2023-09-13T09:00', '2023-09-13T09:00:00.500+08:00', 0.5 / 60],
  ])('%s', (_name, from, to, minutes) => {
    expect(shanghai.workingMinutesBetween(at(from), at(to))).toMatchObject({ minutes, skipped: [] });
  });

  test('a day is not between when the time ends where the day begins', () => {
    const { skipped } = shanghai.workingMinutesBetween(at('2023-09-15T18:00'), at('2023-09-16T00:00'));
    expect(skipped).toEqual([]);
  });

  test.each(['2023-09-13T09:00', '2023-09-16T09:00', '2031-05-06T09:00'])(
    'nothing lies within the instant %s',
    (text) => {
      const nothing = { minutes: 0, spans: [], skipped: [], provisional: false };
      expect(shanghai.workingMinutesBetween(at(text), at(text))).toEqual(nothing);
    },
  );

  test.each([
    ['2026-12-28T09:00', '2026-12-29T00:00', false],
    ['2026-12-28T09:00', '2026-12-29T00:01', true],
    ['2031-05-06T09:00', '2031-05-06T09:01', true],
  ])('from %s to %s is provisional: %s', (from, to, provisional) => {
    expect(shanghai.workingMinutesBetween(at(from), at(to)).provisional).toBe(provisional);
  });

  test('ten years are the most', () => {
    const from = at('2016-01-01T09:00');
    expect(shanghai.workingMinutesBetween(from, from + 3_660 * 86_400_000).provisional).toBe(false);
  });

  test('is what addWorkingMinutes adds, over nine years', () => {
    const from = at('2016-01-01T09:00');
    const { minutes, spans } = shanghai.workingMinutesBetween(from, at('2025-01-01T00:00'));
    expect(shanghai.addWorkingMinutes(from, minutes).at).toBe(spans.at(-1)?.to);
  });

  test.each([
    ['backwards', at('2023-09-13T09:00'), at('2023-09-13T09:00') - 1],
    ['more than ten years', 0, 3_660 * 86_400_000 + 1],
    ['from no instant', Number.NaN, 0],
    ['to no instant', 0, Number.NaN],
  ])('%s is refused', (_name, from, to) => {
    expect(() => shanghai.workingMinutesBetween(from, to)).toThrow(RangeError);
  });
});

describe('working time where clocks change', () => {
  const everyHour = [{ from: '00:00', to: '24:00' }];

  test.each([
    ['forward an hour', 'America/New_York', '2023-03-12', 23 * 60],
    ['back an hour', 'America/New_York', '2023-11-05', 25 * 60],
    ['forward an hour', 'Europe/Berlin', '2024-03-31', 23 * 60],
    ['back half an hour', 'Australia/Lord_Howe', '2023-04-02', 24.5 * 60],
    ['forward half an hour', 'Australia/Lord_Howe', '2023-10-01', 23.5 * 60],
    ['over midnight', 'America/Sao_Paulo', '2018-11-04', 23 * 60],
    ['back to the evening before', 'America/Sao_Paulo', '2018-02-17', 25 * 60],
    ['for Ramadan', 'Africa/Casablanca', '2023-03-19', 25 * 60],
    ['not at all', 'Asia/Kathmandu', '2023-03-26', 24 * 60],
  ])('%s: %s %s has %i minutes', (_name, timeZone, date, minutes) => {
    const localDays = [{ date, working: true, name: '值班' }];
    const calendar = createCalendar({ timeZone, workingHours: everyHour, localDays });
    const [from, to] = [calendar.startOfDay(date), calendar.endOfDay(date)];
    expect(calendar.workingMinutesBetween(from, to)).toMatchObject({ minutes, spans: [{ from, to }] });
  });

  // At 00:01 on 2010-11-07 clocks went back to 23:01: Saturday showed again after Sunday had begun.
  test('a day that shows again after its end does not lie between', () => {
    const calendar = createCalendar({ timeZone: 'America/St_Johns', workingHours: everyHour });
    const again = at('2010-11-06T23:30:00-03:30');
    expect(calendar.dateOf(again)).toBe('2010-11-06');
    const { minutes, skipped } = calendar.workingMinutesBetween(again, at('2010-11-08T00:30:00-03:30'));
    expect(skipped).toEqual([{ date: '2010-11-07', reason: '周末' }]);
    expect(minutes).toBe(30);
  });
});
