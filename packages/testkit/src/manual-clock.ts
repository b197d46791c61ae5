import type { Clock } from '@duban/application';

/** Stands still until it is moved; whoever waits for an instant goes on when it is reached. */
export class ManualClock implements Clock {
  #now: number;
  #waiting: { readonly at: number; readonly resolve: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  until(at: number): Promise<void> {
    if (at <= this.#now) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ at, resolve }));
  }

  moveTo(at: number): void {
    this.#now = at;
    const reached = this.#waiting.filter((waiting) => waiting.at <= at);
    this.#waiting = this.#waiting.filter((waiting) => waiting.at > at);
    for (const { resolve } of reached) resolve();
  }
}
