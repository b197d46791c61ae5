import type { Instant } from '@duban/calendar';
import { Draw } from '../draw.ts';
import { type Sabotage, SimulatedCloud } from './cloud.ts';
import type { Violation } from './findings.ts';
import type { History } from './history.ts';
import { check } from './invariants.ts';
import { Machine } from './machine.ts';
import { People } from './people.ts';
import { CALM, LEVELS } from './trouble.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEGINS = Date.parse('2023-05-15T00:00:00+08:00');
/** Once nothing goes wrong any more, all that is left over is done within so long. */
const SETTLING_MS = 2 * 60 * MINUTE_MS;

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly events: number;
  /** Wakes carried out, of items, digests and deliveries. */
  readonly wakes: number;
  /** What went wrong on the way, by kind. */
  readonly noted: Readonly<Record<string, number>>;
}

/**
 * Runs one history and looks whether everything held: the real application code, over stores in memory, in the weather
 * that the history asks for. The same history always ends the same.
 */
export async function run(history: History, sabotage: Sabotage = (deps) => deps): Promise<Outcome> {
  const draw = new Draw(history.seed);
  const machine = new Machine(BEGINS + history.startMinute * MINUTE_MS, draw);
  const cloud = new SimulatedCloud(machine, draw, sabotage);
  const people = new People(cloud, history.world);
  const passTo = (until: Instant) =>
    machine.runUntil(
      until,
      () => cloud.nextTick(),
      (at) => cloud.tick(at),
    );
  people.begin();
  await passTo(machine.now + MINUTE_MS);
  cloud.setTrouble(LEVELS[history.trouble] ?? CALM);
  for (const { afterMinutes, act } of history.steps) {
    await passTo(machine.now + afterMinutes * MINUTE_MS);
    await people.act(act);
  }
  await passTo(machine.now + history.restDays * DAY_MS);
  cloud.setTrouble(CALM);
  await passTo(cloud.upAgainAt + SETTLING_MS);
  // What has happened or come due a moment ago is still under way.
  for (let more = 0; more < 120 && (await cloud.isAtWork(MINUTE_MS)); more += 1) await passTo(machine.now + MINUTE_MS);
  const violations = await check(cloud, people);
  const { events } = await countEvents(cloud);
  return { violations, events, wakes: cloud.wakes, noted: cloud.noted };
}

async function countEvents({ ledger }: SimulatedCloud): Promise<{ readonly events: number }> {
  let events = 0;
  for await (const { version } of ledger.store.scanHeads(null)) events += version;
  return { events };
}
