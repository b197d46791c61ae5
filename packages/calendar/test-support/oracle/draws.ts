import type { Moment } from './counting-walks.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** One question with both answers. */
export interface Case {
  readonly asked: readonly unknown[];
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Draws a question and answers it. */
export type Kind = (world: World, random: Random) => Case;

/** Walks need room: questions keep this many days from either end of the table. */
const marginDays = 368;

/** Every other date lies near a delicate one. */
export function drawDay({ minutes, delicate }: World, random: Random): number {
  const last = minutes.dates.length - marginDays;
  if (random.oneIn(2)) return random.between(marginDays, last);
  return Math.min(last, Math.max(marginDays, random.pick(delicate) + random.between(-3, 3)));
}

const edges = [0, 1, 480, 720, 870, 1_050, 1_439];

export function drawMinute(world: World, random: Random): number {
  const { firstOfDay, dates, changes } = world.minutes;
  if (changes.length > 0 && random.oneIn(6)) {
    const minute = random.pick(changes) + random.pick([-1_440, -60, -1, 0, 0, 1, 60, 1_440]);
    if (minute >= (firstOfDay[marginDays] as number) && minute < (firstOfDay[dates.length - marginDays] as number))
      return minute;
  }
  const day = drawDay(world, random);
  const first = firstOfDay[day] as number;
  const ofDay = random.oneIn(3) ? random.pick(edges) : random.between(0, 1_500);
  return Math.min(first + ofDay, (firstOfDay[day + 1] as number) - 1);
}

export function drawMoment(world: World, random: Random): Moment {
  return { minute: drawMinute(world, random), milliseconds: random.oneIn(5) ? random.between(1, 59_999) : 0 };
}

export function drawDays(random: Random, least: number): number {
  if (random.oneIn(20)) return random.between(least, 60);
  return random.between(least, random.oneIn(4) ? 20 : 5);
}

export function drawWorkingMinutes(random: Random): number {
  if (random.oneIn(10)) return random.between(0, 6_000);
  if (random.oneIn(10)) return random.between(0, 900_000) / 1_000;
  return random.between(0, random.oneIn(3) ? 2_000 : 420);
}

export function dateOf({ minutes }: World, day: number): string {
  return minutes.dates[day] as string;
}
