/** Small, seeded, good enough to shuffle: the same numbers in every run, each from 0 up to and excluding 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
