import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded randomness: the same seed asks for the same at the same times. */
export interface Chance {
  /** From 0, less than 1. */
  next(): number;
  pick<T>(from: readonly T[]): T;
  /** @param weights of the choices; their sum is whatever it is */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T;
  /** Milliseconds until the next of arrivals that know nothing of each other (a Poisson process). */
  untilNextMs(perSecond: number): number;
}

export function createChance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const next = () => uniformFloat64(generator);
  // Small seeds begin with numbers that are all but the same.
  for (let drawn = 0; drawn < 32; drawn += 1) next();
  return {
    next,
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
    weighted: <T extends { readonly weight: number }>(choices: readonly T[]) => {
      let left = next() * choices.reduce((sum, { weight }) => sum + weight, 0);
      const chosen = choices.find(({ weight }) => {
        left -= weight;
        return left < 0;
      });
      return (chosen ?? choices.at(-1)) as T;
    },
    untilNextMs: (perSecond) => (-Math.log(1 - next()) / perSecond) * 1_000,
  };
}
