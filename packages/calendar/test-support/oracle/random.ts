/** Seeded randomness, so that a failing run can be run again. */
export interface Random {
  /** A whole number of an inclusive range. */
  between(low: number, high: number): number;
  /** True once in that many times on average. */
  oneIn(times: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    oneIn: (times) => next() * times < 1,
    pick: <T>(from: readonly T[]) => from[between(0, from.length - 1)] as T,
  };
}
