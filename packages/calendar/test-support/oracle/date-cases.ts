import { instantOf, toNextDate, toPreviousDate } from './counting-walks.ts';
import { dateOf, drawDay, drawMinute, type Kind } from './draws.ts';
import { slowlyFindSpans } from './minute-walks.ts';
import {
  periods,
  slowlyAddMonths,
  slowlyCountDays,
  slowlyFindEnd,
  slowlyFindNextMonth,
  slowlyFindWeek,
} from './period-walks.ts';

export const withinDays: Kind = (world, random) => {
  const minute = drawMinute(world, random);
  const days = random.between(0, random.oneIn(10) ? 90 : 15);
  const at = instantOf(world, minute);
  return {
    asked: ['withinDays and addDays', at, days],
    expected: [slowlyCountDays(world, minute, days), slowlyCountDays(world, minute, days)],
    actual: [
      world.calendar.withinDays(world.calendar.dateOf(at), days),
      world.calendar.addDays(world.calendar.dateOf(at), days),
    ],
  };
};

export const endOfShortPeriod: Kind = (world, random) => {
  const minute = drawMinute(world, random);
  const date = world.calendar.dateOf(instantOf(world, minute));
  return {
    asked: ['endOfTenDays, endOfMonth and startOfNextMonth', date],
    expected: [
      slowlyFindEnd(world, minute, periods.tenDays),
      slowlyFindEnd(world, minute, periods.month),
      slowlyFindNextMonth(world, minute),
    ],
    actual: [world.calendar.endOfTenDays(date), world.calendar.endOfMonth(date), world.calendar.startOfNextMonth(date)],
  };
};

export const endOfLongPeriod: Kind = (world, random) => {
  const minute = drawMinute(world, random);
  const date = world.calendar.dateOf(instantOf(world, minute));
  const [period, actual] = random.pick([
    ['quarter', world.calendar.endOfQuarter(date)],
    ['halfYear', world.calendar.endOfHalfYear(date)],
    ['year', world.calendar.endOfYear(date)],
  ] as const);
  return { asked: ['end of', period, date], expected: slowlyFindEnd(world, minute, periods[period]), actual };
};

export const addMonths: Kind = (world, random) => {
  const minute = drawMinute(world, random);
  const months = random.between(0, random.oneIn(10) ? 11 : 4);
  const date = world.calendar.dateOf(instantOf(world, minute));
  return {
    asked: ['addMonths', date, months],
    expected: slowlyAddMonths(world, minute, months),
    actual: world.calendar.addMonths(date, months),
  };
};

export const isoWeek: Kind = (world, random) => {
  const minute = drawMinute(world, random);
  const { calendar } = world;
  const date = calendar.dateOf(instantOf(world, minute));
  const key = calendar.isoWeekKey(date);
  return {
    asked: ['weekdayOf, isoWeekOf, isoWeekKey and startOfIsoWeek', date],
    expected: slowlyFindWeek(world, minute),
    actual: {
      weekday: calendar.weekdayOf(date),
      week: calendar.isoWeekOf(date),
      key,
      monday: calendar.startOfIsoWeek(key),
    },
  };
};

export const oneDay: Kind = (world, random) => {
  const { calendar, minutes } = world;
  const minute = drawMinute(world, random);
  const day = minutes.day[minute] as number;
  const date = dateOf(world, day);
  return {
    asked: ['dateOf, start, end, kind and spans of a day', date],
    expected: {
      date,
      start: instantOf(world, toPreviousDate(world, minute) + 1),
      end: instantOf(world, toNextDate(world, minute)),
      offset: (minutes.shown[minute] as number) - minutes.epoch - minute,
      works: world.works[day],
      name: world.names[day],
      published: world.published[day],
      spans: slowlyFindSpans(world, day),
    },
    actual: {
      date: calendar.dateOf(instantOf(world, minute)),
      start: calendar.startOfDay(date),
      end: calendar.endOfDay(date),
      offset: calendar.offsetMinutes(instantOf(world, minute)),
      works: calendar.isWorkingDay(date),
      name: calendar.dayName(date),
      published: calendar.isPublished(date),
      spans: calendar.spans(date),
    },
  };
};

export const isProvisional: Kind = (world, random) => {
  const from = drawDay(world, random);
  const to = from + random.between(0, random.oneIn(5) ? 100 : 6);
  let minute = world.minutes.firstOfDay[from] as number;
  let open = false;
  for (let day = from; day <= to; day += 1) {
    open ||= world.open[world.minutes.day[minute] as number] as boolean;
    minute = toNextDate(world, minute);
  }
  return {
    asked: ['isProvisional', dateOf(world, from), dateOf(world, to)],
    expected: open,
    actual: world.calendar.isProvisional(dateOf(world, from), dateOf(world, to)),
  };
};
