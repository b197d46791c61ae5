import type { HolidayNotice, HoursSpan, LocalDay, NoticeDay } from '../../src/index.ts';
import type { LocalMinutes } from './local-minutes.ts';
import type { Random } from './random.ts';

const daytime: readonly HoursSpan[] = [
  { from: '08:00', to: '12:00' },
  { from: '14:30', to: '17:30' },
];

/** Nights and odd minutes, for the hours that clocks skip or repeat. */
const otherHours: readonly (readonly HoursSpan[])[] = [
  [{ from: '00:00', to: '24:00' }],
  [
    { from: '00:30', to: '02:30' },
    { from: '02:30', to: '03:15' },
    { from: '22:00', to: '24:00' },
  ],
  [
    { from: '01:59', to: '02:01' },
    { from: '09:07', to: '16:43' },
  ],
  [
    { from: '00:00', to: '00:20' },
    { from: '08:30', to: '12:00' },
    { from: '12:00', to: '13:00' },
  ],
];

export function inventHours(random: Random): readonly HoursSpan[] {
  return random.oneIn(3) ? daytime : random.pick(otherHours);
}

/** Days off and working days of a county; some dates twice, and many of the days around a change of clocks. */
export function inventLocalDays(minutes: LocalMinutes, random: Random): readonly LocalDay[] {
  const days: LocalDay[] = [];
  for (let index = 0; index < 60; index += 1) {
    const date = random.pick(minutes.dates);
    days.push({ date, working: random.oneIn(2), name: random.pick(['州庆', '防汛值班', '赶秋节']) });
    if (random.oneIn(8)) days.push({ date, working: random.oneIn(2), name: '更正' });
  }
  for (const change of minutes.changes) {
    const day = minutes.day[change] as number;
    for (const date of minutes.dates.slice(Math.max(0, day - 1), day + 2)) {
      if (random.oneIn(2)) days.push({ date, working: true, name: '值班' });
    }
  }
  return days;
}

function nextDate(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

function inventNotice(year: number, random: Random): HolidayNotice {
  const blocks = [
    { name: '元旦', from: nextDate(`${year - 1}-12-28`, random.between(-3, 4)), length: random.between(1, 4) },
    { name: '春节', from: `${year}-02-0${random.between(1, 9)}`, length: random.between(7, 9) },
    { name: '国庆节', from: `${year}-10-01`, length: random.between(3, 8) },
    { name: '特别假日', from: nextDate(`${year}-12-20`, random.between(0, 11)), length: 1 },
  ];
  const daysOff: NoticeDay[] = [];
  const makeUpDays: NoticeDay[] = [];
  const off = new Set<string>();
  for (const { name, from, length } of blocks) {
    for (let index = 0; index < length; index += 1) {
      const date = nextDate(from, index);
      off.add(date);
      daysOff.push({ date, name });
    }
  }
  for (const { name, from, length } of blocks) {
    for (const distance of [-2, -1, length, length + 1]) {
      const date = nextDate(from, distance);
      const within = date >= `${year - 1}-12-25` && date <= `${year}-12-31`;
      if (within && !off.has(date) && random.oneIn(2)) {
        makeUpDays.push({ date, name: random.pick([name, `${name}补班`]) });
      }
    }
  }
  return { year, source: `虚构${year}`, daysOff, makeUpDays };
}

/** Notices for some years known and some unknown to the library, in any order, now and then two for one year. */
export function inventNotices(minutes: LocalMinutes, random: Random): readonly HolidayNotice[] {
  const notices: HolidayNotice[] = [];
  for (let year = minutes.firstYear; year <= minutes.lastYear; year += 1) {
    if (random.oneIn(2)) continue;
    notices.push(inventNotice(year, random));
    if (random.oneIn(4)) notices.push(inventNotice(year, random));
  }
  return random.oneIn(2) ? notices : notices.reverse();
}
