import {
  addWorkingDays,
  addWorkingMinutes,
  opening,
  shift,
  workingDayBefore,
  workingDaysBefore,
  workingMinutesBetween,
} from './counting-cases.ts';
import {
  addMonths,
  endOfLongPeriod,
  endOfShortPeriod,
  isoWeek,
  isProvisional,
  oneDay,
  withinDays,
} from './date-cases.ts';
import type { Case, Kind } from './draws.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** How many of a hundred cases are of each kind; the longest walks are the rarest. */
const shares: readonly (readonly [number, Kind])[] = [
  [18, addWorkingDays],
  [14, workingDaysBefore],
  [12, workingDayBefore],
  [6, shift],
  [18, addWorkingMinutes],
  [8, opening],
  [8, workingMinutesBetween],
  [4, withinDays],
  [3, endOfShortPeriod],
  [2, endOfLongPeriod],
  [1, addMonths],
  [1, isoWeek],
  [3, oneDay],
  [2, isProvisional],
];

const kinds = shares.flatMap(([share, kind]) => Array.from({ length: share }, () => kind));

export function drawCase(world: World, random: Random): Case {
  return random.pick(kinds)(world, random);
}
