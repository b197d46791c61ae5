import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { drawCase } from '../test-support/oracle/cases.ts';
import { inventHours, inventLocalDays, inventNotices } from '../test-support/oracle/invent.ts';
import { type LocalMinutes, walkLocalMinutes } from '../test-support/oracle/local-minutes.ts';
import { createRandom, type Random } from '../test-support/oracle/random.ts';
import { createWorld, type World } from '../test-support/oracle/world.ts';

// One million questions, each answered again by an oracle that shares no code with the calendar and
// walks minute after minute. DUBAN_ORACLE_SEED=n repeats a run.

const seed = Number(process.env.DUBAN_ORACLE_SEED ?? Date.now() % 4_294_967_296);
console.info(`oracle: DUBAN_ORACLE_SEED=${seed}`);

/** The years of the table; questions keep a year from either end. */
const shanghai = ['Asia/Shanghai', 2003, 2031] as const;
const elsewhere = [
  ['America/New_York', 2023, 2029],
  ['Europe/Berlin', 2022, 2028],
  ['Australia/Lord_Howe', 2015, 2020],
  ['America/Sao_Paulo', 2014, 2020],
  ['Africa/Casablanca', 2015, 2021],
  ['Asia/Kathmandu', 2024, 2029],
  ['America/Havana', 2018, 2023],
  ['America/St_Johns', 2015, 2020],
] as const;

const defaultHours = [
  { from: '08:00', to: '12:00' },
  { from: '14:30', to: '17:30' },
];

function plainWorld(minutes: LocalMinutes): World {
  return createWorld(minutes, { workingHours: defaultHours, localDays: [], notices: [] });
}

function inventedWorld(minutes: LocalMinutes, random: Random): World {
  return createWorld(minutes, {
    workingHours: inventHours(random),
    localDays: inventLocalDays(minutes, random),
    notices: inventNotices(minutes, random),
  });
}

let done = 0;

function askMany(world: World, random: Random, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { asked, expected, actual } = drawCase(world, random);
    done += 1;
    if (isDeepStrictEqual(actual, expected)) continue;
    const { timeZone } = world.minutes;
    const where = JSON.stringify({ seed, timeZone, index, asked, ...world.jurisdiction });
    expect(actual, where).toEqual(expected);
    throw new Error(`The answers differ: ${where}`);
  }
}

// Every test ends within seconds: a worker that blocks for long is taken for dead.
const timeout = 300_000;
const shanghaiMinutes = walkLocalMinutes(...shanghai);

test('Shanghai as the State Council has it', { timeout }, () => {
  askMany(plainWorld(shanghaiMinutes), createRandom(seed), 200_000);
});

test.each([1, 2, 3, 4])('Shanghai, days and notices of its own: %i', { timeout }, (county) => {
  const random = createRandom(seed + county);
  askMany(inventedWorld(shanghaiMinutes, random), random, 100_000);
});

test.each(elsewhere)('%s, %i to %i', { timeout }, (timeZone, firstYear, lastYear) => {
  const random = createRandom(seed + firstYear * 31 + timeZone.length);
  const minutes = walkLocalMinutes(timeZone, firstYear, lastYear);
  for (let county = 0; county < 5; county += 1) askMany(inventedWorld(minutes, random), random, 10_000);
});

test('that makes a million', () => {
  expect(done).toBe(1_000_000);
});
