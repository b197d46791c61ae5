import type { World } from './world.ts';

// The rules, read slowly: every function goes from minute to minute through the world's tables.

/** An instant as the minute it lies in and the milliseconds into that minute. */
export interface Moment {
  readonly minute: number;
  readonly milliseconds: number;
}

export function instantOf({ minutes }: World, minute: number): number {
  return (minutes.epoch + minute) * 60_000;
}

export function atOf(world: World, { minute, milliseconds }: Moment): number {
  return instantOf(world, minute) + milliseconds;
}

function dayAt({ minutes }: World, minute: number): number {
  const day = minutes.day[minute];
  if (day === undefined) throw new Error(`Walked off the table at minute ${minute}`);
  return day;
}

/** The first minute of the date after the minute's. */
export function toNextDate(world: World, from: number): number {
  const { day } = world.minutes;
  const today = dayAt(world, from);
  let minute = from;
  while (day[minute] === today) minute += 1;
  return minute;
}

/** The last minute of the date before the minute's. */
export function toPreviousDate(world: World, from: number): number {
  const { day } = world.minutes;
  const today = dayAt(world, from);
  let minute = from;
  while (day[minute] === today) minute -= 1;
  return minute;
}

/** Whether it is the moment at which its date begins. */
function beginsDate({ minutes }: World, { minute, milliseconds }: Moment): boolean {
  return milliseconds === 0 && minutes.day[minute] !== minutes.day[minute - 1];
}

/** Days met on a walk, told apart. */
class Journey {
  readonly counted: string[] = [];
  readonly skipped: string[] = [];
  provisional = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  pass(day: number, counts: boolean): void {
    const { works, open, minutes } = this.#world;
    if (!works[day]) this.skipped.push(minutes.dates[day] as string);
    else if (counts) this.counted.push(minutes.dates[day] as string);
    this.provisional ||= open[day] as boolean;
  }

  told(backwards = false) {
    const { counted, skipped, provisional } = this;
    return backwards
      ? { counted: counted.toReversed(), skipped: skipped.toReversed(), provisional }
      : { counted, skipped, provisional };
  }
}

/** The first instant from that minute on at which clocks show the reading, milliseconds into its minute, or more. */
function whenReached(world: World, from: number, reading: number, milliseconds: number): number {
  const { reached } = world.minutes;
  let minute = from;
  while ((reached[minute] as number) < reading) minute += 1;
  return instantOf(world, minute) + (reached[minute] === reading ? milliseconds : 0);
}

export function slowlyAddDays(world: World, moment: Moment, days: number) {
  const { shown, dates } = world.minutes;
  const start = dayAt(world, moment.minute);
  const journey = new Journey(world);
  journey.pass(start, false);
  let { minute } = moment;
  let today = start;
  let opened = world.works[start] as boolean;
  const keepsTime = opened && !beginsDate(world, moment);
  for (let left = days; !opened || left > 0; ) {
    minute = toNextDate(world, minute);
    today = dayAt(world, minute);
    journey.pass(today, opened);
    if (!world.works[today]) continue;
    if (opened) left -= 1;
    opened = true;
  }
  if (today === start) return { at: atOf(world, moment), ...journey.told() };
  if (!keepsTime) return { at: instantOf(world, minute), ...journey.told() };
  const calendarDays = (Date.parse(dates[today] as string) - Date.parse(dates[start] as string)) / 86_400_000;
  const reading = (shown[moment.minute] as number) + calendarDays * 1_440;
  return { at: whenReached(world, minute, reading, moment.milliseconds), ...journey.told() };
}

export function slowlyGoBackDays(world: World, moment: Moment, days: number) {
  const { shown, dates, firstOfDay } = world.minutes;
  const midnight = beginsDate(world, moment);
  let minute = midnight ? moment.minute - 1 : moment.minute;
  const start = dayAt(world, minute);
  const journey = new Journey(world);
  journey.pass(start, false);
  let today = start;
  let opened = world.works[start] as boolean;
  const keepsTime = opened && !midnight;
  for (let left = days; !opened || left > 0; ) {
    minute = toPreviousDate(world, minute);
    today = dayAt(world, minute);
    journey.pass(today, opened);
    if (!world.works[today]) continue;
    if (opened) left -= 1;
    opened = true;
  }
  if (!keepsTime) return { at: instantOf(world, toNextDate(world, minute)), ...journey.told(true) };
  if (today === start) return { at: atOf(world, moment), ...journey.told(true) };
  const calendarDays = (Date.parse(dates[start] as string) - Date.parse(dates[today] as string)) / 86_400_000;
  const reading = (shown[moment.minute] as number) - calendarDays * 1_440;
  const at = whenReached(world, firstOfDay[today] as number, reading, moment.milliseconds);
  return { at, ...journey.told(true) };
}

/** The n-th working day before a date, from the date's first minute. */
export function slowlyFindDayBefore(world: World, day: number, count: number) {
  const journey = new Journey(world);
  let minute = world.minutes.firstOfDay[day] as number;
  let today = day;
  for (let left = count; left > 0; ) {
    minute = toPreviousDate(world, minute);
    today = dayAt(world, minute);
    journey.pass(today, true);
    if (world.works[today]) left -= 1;
  }
  return { date: world.minutes.dates[today], ...journey.told(true) };
}

export function slowlyShift(world: World, day: number, rule: 'keep' | 'next' | 'previous') {
  const { dates, firstOfDay } = world.minutes;
  if (rule === 'keep') return { date: dates[day], skipped: [], provisional: false };
  const journey = new Journey(world);
  let minute = firstOfDay[day] as number;
  let today = day;
  journey.pass(today, false);
  while (!world.works[today]) {
    minute = rule === 'next' ? toNextDate(world, minute) : toPreviousDate(world, minute);
    today = dayAt(world, minute);
    journey.pass(today, false);
  }
  const { skipped, provisional } = journey.told(rule === 'previous');
  return { date: dates[today], skipped, provisional };
}
