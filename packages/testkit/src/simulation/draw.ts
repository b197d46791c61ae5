import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded chance: the same seed, the same draws in the same order. */
export class Draw {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number, 0 to `below - 1`. */
  below(below: number): number {
    return Math.floor(((this.#generator.next() >>> 0) / 2 ** 32) * below);
  }

  /** True in so many of a thousand draws. */
  perMille(chance: number): boolean {
    return chance > 0 && this.below(1_000) < chance;
  }

  oneOf<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('There is nothing to draw from.');
    return value;
  }
}
