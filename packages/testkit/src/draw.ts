import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Small seeds begin with numbers that are all but the same (draws). */
const WARM_UP = 32;

/** Seeded chance: the same seed, the same draws in the same order. */
export class Draw {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
    for (let drawn = 0; drawn < WARM_UP; drawn += 1) this.next();
  }

  /** From 0, less than 1. */
  next(): number {
    return uniformFloat64(this.#generator);
  }

  /** A whole number, 0 to `below - 1`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** True in so many of a thousand draws. */
  perMille(chance: number): boolean {
    return chance > 0 && this.below(1_000) < chance;
  }

  /** @throws RangeError when there is nothing to draw from */
  oneOf<T>(values: readonly T[]): T {
    if (values.length === 0) throw new RangeError('There is nothing to draw from.');
    return values[this.below(values.length)] as T;
  }
}
