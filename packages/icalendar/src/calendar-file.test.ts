import { createCalendar } from '@duban/calendar';
import ICAL from 'ical.js';
import { describe, expect, it, test } from 'vitest';
import { type CalendarEntry, calendarFile } from './index.ts';

const NOW = Date.parse('2023-05-15T08:30:00+08:00');
const OPTIONS = { name: '县应急管理局', timeZone: 'Asia/Shanghai', now: NOW };
const ENTRY: CalendarEntry = {
  ...{ id: 'task_1', version: 3, title: '隧道照明排查', description: '第一行\n第二行' },
  ...{ dueAt: Date.parse('2023-11-10T17:00:00+08:00'), allDay: false, date: null },
  ...{ url: 'https://duban.example/v1/tasks/task_1', state: 'running', category: '安全生产' },
};
const entry = (differs: Partial<CalendarEntry>): CalendarEntry => ({ ...ENTRY, ...differs });
const allDay = (date: string): CalendarEntry =>
  entry({ allDay: true, date, dueAt: Date.parse(`${date}T00:00:00+08:00`) + 86_400_000 });

/** The file as another library reads it. */
function read(file: string) {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const events = calendar.getAllSubcomponents('vevent').map((event) => {
    const value = (name: string) => event.getFirstPropertyValue(name);
    const time = (name: string) => value(name) as ICAL.Time;
    const alarms = event.getAllSubcomponents('valarm').map((alarm) => ({
      action: alarm.getFirstPropertyValue('action'),
      description: alarm.getFirstPropertyValue('description'),
      trigger: String(alarm.getFirstPropertyValue('trigger')),
    }));
    return {
      ...{ uid: value('uid'), sequence: value('sequence'), title: value('summary'), description: value('description') },
      ...{ url: value('url'), status: value('status'), alarms },
      categories: event.getFirstProperty('categories')?.getValues(),
      ...{ start: time('dtstart'), end: time('dtend'), stamp: time('dtstamp').toJSDate().getTime() },
    };
  });
  return { calendar, events };
}
const readOne = (of: CalendarEntry) => read(calendarFile([of], OPTIONS)).events[0]!;

describe('the calendar', () => {
  const { calendar } = read(calendarFile([ENTRY], OPTIONS));
  it.each([
    ['version', '2.0'],
    ['prodid', '-//Duban//Deadlines//ZH'],
    ['method', null],
    ['x-wr-timezone', 'Asia/Shanghai'],
    ['refresh-interval', 'PT1H'],
    ['x-published-ttl', 'PT1H'],
  ])('has %s %s', (name, value) => {
    const found = calendar.getFirstPropertyValue(name);
    expect(found === null ? null : String(found)).toBe(value);
  });

  it.each(['NAME', 'X-WR-CALNAME'])('is called by its name: %s', (property) => {
    const lines = calendarFile([], { ...OPTIONS, name: 'a,b;c\\d\ne' }).split('\r\n');
    expect(lines.filter((line) => line.startsWith(`${property}:`))).toEqual([`${property}:a\\,b\\;c\\\\d\\ne`]);
  });

  it('without entries is a whole calendar', () => {
    const file = calendarFile([], OPTIONS);
    expect(read(file).events).toEqual([]);
    expect(file).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*\r\nEND:VCALENDAR\r\n$/);
  });
});

describe('an entry', () => {
  it('says all it was given', () => {
    const { start, end, stamp, ...rest } = readOne(ENTRY);
    expect(rest).toEqual({
      ...{ uid: 'task_1@duban', sequence: 3, title: ENTRY.title, description: '第一行\n第二行', url: ENTRY.url },
      ...{ status: 'CONFIRMED', categories: ['安全生产', '办理中'] },
      alarms: [{ action: 'DISPLAY', description: ENTRY.title, trigger: '-PT5M' }],
    });
    expect([start.toJSDate().toISOString(), end.toJSDate().toISOString(), stamp]).toEqual([
      ...['2023-11-10T08:45:00.000Z', '2023-11-10T09:00:00.000Z'],
      NOW,
    ]);
    expect(start.zone).toBe(ICAL.Timezone.utcTimezone);
  });

  it('that ends with a day lasts that day, whatever the reader’s zone', () => {
    const { start, end, alarms } = readOne(allDay('2023-09-30'));
    expect([start.isDate, start.toString(), end.isDate, end.toString()]).toEqual([
      ...[true, '2023-09-30'],
      ...[true, '2023-10-01'],
    ]);
    expect(alarms).toMatchObject([{ trigger: '-P1D' }]);
  });

  it.each(['2023-12-31', '2024-02-29', '2023-03-26'])('on %s ends on the next day', (date) => {
    const { start, end } = readOne(allDay(date));
    expect([start.toString(), end.subtractDateTz(start).toSeconds()]).toEqual([date, 86_400]);
  });

  it('at midnight within no whole day ends at that instant', () => {
    const { start, end } = readOne(entry({ dueAt: Date.parse('2023-10-01T00:00:00+08:00') }));
    expect([start.toJSDate().toISOString(), end.toJSDate().toISOString()]).toEqual([
      ...['2023-09-30T15:45:00.000Z', '2023-09-30T16:00:00.000Z'],
    ]);
  });

  it.each([
    ['2024-10-26', '2024-10-26T22:00:00.000Z'],
    ['2024-10-27', '2024-10-27T23:00:00.000Z'],
    ['2024-03-31', '2024-03-31T22:00:00.000Z'],
  ])('in a zone with daylight saving: the end of %s in Berlin', (date, utc) => {
    const berlin = createCalendar({ timeZone: 'Europe/Berlin' });
    const dueAt = berlin.endOfDay(date);
    const options = { ...OPTIONS, timeZone: 'Europe/Berlin' };
    const [timed, whole] = read(calendarFile([entry({ dueAt }), entry({ dueAt, allDay: true, date })], options)).events;
    expect(timed?.end.toJSDate().toISOString()).toBe(utc);
    expect(whole?.start.toString()).toBe(date);
  });

  it('that is timed alarms 20 minutes before its deadline', () => {
    const { start, end, alarms } = readOne(ENTRY);
    start.addDuration(ICAL.Duration.fromString(alarms[0]!.trigger));
    expect(end.subtractDateTz(start).toSeconds()).toBe(20 * 60);
  });

  it('that is met alarms nobody; one that is overdue says so', () => {
    expect(readOne(entry({ state: 'met' }))).toMatchObject({ alarms: [], categories: ['安全生产', '已办结'] });
    expect(readOne(entry({ state: 'overdue' }))).toMatchObject({ categories: ['安全生产', '逾期'] });
  });

  it('needs neither address nor description, but a day if it lasts one', () => {
    expect(readOne(entry({ url: null, description: '' }))).toMatchObject({ url: null, description: null });
    expect(() => calendarFile([entry({ allDay: true })], OPTIONS)).toThrow(RangeError);
  });

  it('keeps its address an address', () => {
    const { url } = readOne(entry({ url: 'https://duban.example/t?a=1,2;3&q=泸溪' }));
    expect(url).toBe('https://duban.example/t?a=1%2C2%3B3&q=%E6%B3%B8%E6%BA%AA');
  });
});

const TEXTS = [
  'a,b;c\\d:e"f" \\n \\, 《四》，；',
  ' blanks at both ends ',
  '𠮷家垴村𬭎矿'.repeat(33),
  '长'.repeat(200),
  'x'.repeat(200),
  '😀'.repeat(100),
  '👨‍👩‍👧‍👦🇨🇳'.repeat(12),
  '一行\n\n三行\n',
  `${'x'.repeat(65)} ${'y'.repeat(100)}`,
  // Every place where a line can be folded, within a character of each width.
  ...Array.from({ length: 80 }, (_, at) => `${'x'.repeat(at)}é中𠀀z`),
];

describe('texts', () => {
  const file = calendarFile(
    TEXTS.map((text, at) => entry({ id: `task_${at}`, title: text, description: text, category: text })),
    OPTIONS,
  );

  it('come back as they were', () => {
    const { events } = read(file);
    expect(events.map(({ title }) => title)).toEqual(TEXTS);
    expect(events.map(({ description }) => description)).toEqual(TEXTS);
    expect(events.map(({ categories }) => categories?.[0])).toEqual(TEXTS);
    expect(events.map(({ alarms }) => alarms[0]?.description)).toEqual(TEXTS);
  });

  it('are folded at 75 octets, within no character, and every line ends with CRLF', () => {
    const lines = file.split('\r\n');
    expect(lines.at(-1)).toBe('');
    for (const line of lines) {
      expect(line.isWellFormed() && !/[\r\n]/.test(line), line).toBe(true);
      expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    }
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeGreaterThan(70);
  });

  test.each([
    ['a\r\nb\rc', 'a\nb\nc'],
    ['a\u0000b\u0007c\u007f', 'a b c '],
    ['half \ud842', 'half \ufffd'],
    ['BEGIN:VEVENT\r\nEND:VCALENDAR', 'BEGIN:VEVENT\nEND:VCALENDAR'],
  ])('%j becomes %j', (text, written) => {
    expect(readOne(entry({ title: text }))).toMatchObject({ title: written });
  });
});

it('5,000 entries are written and read back, each as it was', () => {
  const day = (at: number) => new Date(Date.UTC(2023, 0, 1 + (at % 900))).toISOString().slice(0, 10);
  const entries = Array.from({ length: 5_000 }, (_, at) => ({
    ...(at % 2 === 0 ? allDay(day(at)) : entry({ dueAt: NOW + at * 61_000 })),
    ...{ id: `task_${at}`, version: at, title: `第${at}项，${TEXTS[at % TEXTS.length]}` },
  }));
  const { events } = read(calendarFile(entries, OPTIONS));
  const seen = events.map(({ uid, sequence, title, start, end }) => {
    const due = start.isDate ? start.toString() : end.toJSDate().getTime();
    return [uid, sequence, title, start.isDate, due];
  });
  expect(seen).toEqual(
    entries.map((each) => [
      ...[`${each.id}@duban`, each.version, each.title, each.allDay],
      each.allDay ? each.date : Math.floor(each.dueAt / 1_000) * 1_000,
    ]),
  );
});
