import fc from 'fast-check';
import type { Sabotage } from './cloud.ts';
import type { Violation } from './findings.ts';
import { type History, histories } from './history.ts';
import { run } from './run.ts';

/** What some histories have come to. */
export interface Simulated {
  readonly seed: number;
  readonly histories: number;
  readonly events: number;
  readonly wakes: number;
  /** Of how many histories something did not hold; shrinking looks at more and is not counted. */
  readonly violations: number;
  /** What went wrong on the way, by kind: how hard the days were. */
  readonly troubles: Readonly<Record<string, number>>;
  /** The first that failed, shrunk to what still fails. */
  readonly failed: Failure | null;
}

export interface Failure {
  /** Runs it again: `npm run sim -- --seed … --path …`. */
  readonly path: string;
  readonly history: History;
  readonly violations: readonly Violation[];
}

class Violated extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violations.map(({ rule, where, what }) => `${rule}: ${where}: ${what}`).join('\n'));
    this.violations = violations;
  }
}

export interface SimulateOptions {
  readonly seed: number;
  readonly histories: number;
  /** As a failure names it: that history alone. */
  readonly path?: string;
  readonly sabotage?: Sabotage;
  /** Look for the fewest steps that still fail; default true. Takes many times as long as finding it. */
  readonly shrink?: boolean;
}

/** Runs so many histories drawn from a seed, up to the first in which something does not hold; that one is shrunk. */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const troubles: Record<string, number> = {};
  let [events, wakes, done] = [0, 0, 0];
  let isShrinking = false;
  let violations: readonly Violation[] = [];
  const property = fc.asyncProperty(histories, async (history) => {
    const outcome = await run(history, options.sabotage);
    if (!isShrinking) {
      done += 1;
      events += outcome.events;
      wakes += outcome.wakes;
      for (const [kind, count] of Object.entries(outcome.noted)) troubles[kind] = (troubles[kind] ?? 0) + count;
    }
    if (outcome.violations.length === 0) return;
    isShrinking = true;
    violations = outcome.violations;
    throw new Violated(outcome.violations);
  });
  const { seed, path } = options;
  const result = await fc.check(property, {
    seed,
    numRuns: options.histories,
    endOnFailure: options.shrink === false,
    ...(path === undefined ? {} : { path }),
  });
  const [history] = result.counterexample ?? [];
  // Whatever it throws that is no violation, a history must not throw.
  if (history !== undefined && !(result.errorInstance instanceof Violated)) throw result.errorInstance;
  const failed =
    history === undefined
      ? null
      : { path: result.counterexamplePath ?? '', history, violations: (result.errorInstance as Violated).violations };
  return { seed, histories: done, events, wakes, violations: violations.length === 0 ? 0 : 1, troubles, failed };
}
