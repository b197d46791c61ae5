import { Draw } from '@duban/testkit/draw';

/** Seeded randomness: the same seed asks for the same at the same times. */
export class Chance extends Draw {
  /** @param choices each with a weight; their sum is whatever it is */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T {
    let left = this.next() * choices.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = choices.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return (chosen ?? choices.at(-1)) as T;
  }

  /** Milliseconds until the next of arrivals that know nothing of each other (a Poisson process). */
  untilNextMs(perSecond: number): number {
    return (-Math.log(1 - this.next()) / perSecond) * 1_000;
  }
}
