import { instantOf, type Moment } from './counting-walks.ts';
import type { World } from './world.ts';

/** The instants of a span as far as the walk has come. */
interface Part {
  from: number;
  to: number;
}

export function slowlyAddMinutes(world: World, { minute: start, milliseconds }: Moment, minutesToAdd: number) {
  const { span, works, open, minutes } = world;
  const { day, dates } = minutes;
  const counted: string[] = [];
  const skipped: string[] = [];
  let provisional = false;
  let today = -1;
  let lastUsed = -1;
  let left = Math.round(minutesToAdd * 60_000);
  let passed = milliseconds;
  let minute = start;
  for (; ; minute += 1) {
    if (day[minute] !== today) {
      today = day[minute] as number;
      if (!works[today]) skipped.push(dates[today] as string);
      provisional ||= open[today] as boolean;
    }
    if (left === 0) break;
    if (span[minute] !== 0) {
      if (lastUsed !== today) counted.push(dates[today] as string);
      lastUsed = today;
      const used = Math.min(left, 60_000 - passed);
      left -= used;
      passed += used;
      if (left === 0) break;
    }
    passed = 0;
  }
  return { at: instantOf(world, minute) + passed, counted, skipped, provisional };
}

export function slowlyFindOpening(world: World, moment: Moment): number {
  const { span } = world;
  let { minute } = moment;
  if (span[minute] !== 0) return instantOf(world, minute) + moment.milliseconds;
  while (span[minute] === 0) minute += 1;
  return instantOf(world, minute);
}

export function slowlyMeasure(world: World, from: number, to: number) {
  const { span, works, names, open, minutes } = world;
  const { day, dates } = minutes;
  const spans: Part[] = [];
  const skipped: { date: string; reason: string }[] = [];
  let provisional = false;
  let worked = 0;
  let today = -1;
  let inSpan = 0;
  let minute = Math.floor(from / 60_000) - minutes.epoch;
  for (let at = from; at < to; minute += 1) {
    const next = Math.min(instantOf(world, minute + 1), to);
    const isNewDay = day[minute] !== today;
    if (isNewDay) {
      today = day[minute] as number;
      if (!works[today]) skipped.push({ date: dates[today] as string, reason: names[today] ?? '周末' });
      provisional ||= open[today] as boolean;
    }
    const now = span[minute] as number;
    if (now !== 0) {
      if (now !== inSpan || isNewDay) spans.push({ from: at, to: next });
      else (spans.at(-1) as Part).to = next;
      worked += next - at;
    }
    inSpan = now;
    at = next;
  }
  return { minutes: worked / 60_000, spans, skipped, provisional };
}

/** The working spans of a date. */
export function slowlyFindSpans(world: World, day: number) {
  const { firstOfDay } = world.minutes;
  const start = instantOf(world, firstOfDay[day] as number);
  return slowlyMeasure(world, start, instantOf(world, firstOfDay[day + 1] as number)).spans;
}
