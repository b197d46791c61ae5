import fc from 'fast-check';
import type { World } from './world.ts';

/** What somebody does. Numbers pick among what is there at that moment: a pick of 7 of 3 items is the second. */
export type Act =
  | { readonly do: 'assign'; readonly bureau: number; readonly dueInDays: number }
  | { readonly do: 'work'; readonly item: number; readonly what: number }
  | { readonly do: 'signal'; readonly bureau: number; readonly minutesAgo: number }
  | { readonly do: 'report'; readonly item: number; readonly final: boolean }
  | { readonly do: 'fulfil'; readonly item: number }
  | { readonly do: 'answer'; readonly escalation: number; readonly resolve: boolean; readonly holdHours: number }
  | { readonly do: 'appoint'; readonly post: number; readonly person: number | null }
  | { readonly do: 'calendar'; readonly inDays: number; readonly working: boolean }
  /** Nothing runs for so many minutes: a power cut, or a clock that jumps. */
  | { readonly do: 'outage'; readonly minutes: number };

export interface Step {
  readonly afterMinutes: number;
  readonly act: Act;
}

/** One history: a county, what people do in it and when, and how much goes wrong. */
export interface History {
  readonly world: World;
  /** Minutes after 2023-05-15T00:00 (+08:00). */
  readonly startMinute: number;
  readonly steps: readonly Step[];
  /** Days that pass after the last step. */
  readonly restDays: number;
  /** Index into the levels of trouble. */
  readonly trouble: number;
  /** Of everything that chance decides while it runs. */
  readonly seed: number;
}

const pick = fc.nat({ max: 30 });

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      bureau: pick,
      dueInDays: fc.integer({ min: -1, max: 15 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), item: pick, what: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      bureau: pick,
      minutesAgo: fc.integer({ min: 0, max: 60 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('report' as const), item: pick, final: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fulfil' as const), item: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ do: fc.constant('answer' as const), escalation: pick },
      ...{ resolve: fc.boolean(), holdHours: fc.integer({ min: 0, max: 40 }) },
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('appoint' as const), post: pick, person: fc.option(pick) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('calendar' as const),
      inDays: fc.integer({ min: 0, max: 12 }),
      working: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('outage' as const), minutes: fc.integer({ min: 1, max: 5_000 }) }),
  },
);

/** Mostly quick one after the other, at times much later. */
const afterMinutes = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 6_000 }),
);

const world: fc.Arbitrary<World> = fc.record({
  stepDays: fc
    .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
    .map((days) => days.toSorted((a, b) => a - b)),
  remindDaysBefore: fc
    .uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 2 })
    .map((days) => days.toSorted((a, b) => b - a)),
  acknowledgeDays: fc.option(fc.integer({ min: 1, max: 2 })),
  monthlyCircular: fc.boolean(),
  vacant: fc.subarray(['director', 'deputy-director', 'deputy-leader', 'a.head', 'b.head']),
  digestWindowMinutes: fc.constantFrom(5, 5, 60, 240),
  weeklyDuty: fc.boolean(),
  channel: fc.boolean(),
});

/** Any history, small ones first; fast-check shrinks one that fails to the fewest steps that still do. */
export const histories: fc.Arbitrary<History> = fc.record({
  world,
  startMinute: fc.integer({ min: 480, max: 300_000 }),
  steps: fc.array(fc.record({ afterMinutes, act }), { minLength: 1, maxLength: 14 }),
  restDays: fc.integer({ min: 1, max: 12 }),
  trouble: fc.constantFrom(0, 1, 1, 2, 2, 3),
  seed: fc.integer({ min: 0, max: 0x7fff_ffff }),
});
