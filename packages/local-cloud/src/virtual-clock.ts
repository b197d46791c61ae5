import type { Clock } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { MovableClock } from './advance.ts';

/** Where the virtual clock stood at a moment of real time; enough to know where it stands at any later one. */
export interface ClockBase {
  readonly virtual: Instant;
  readonly real: Instant;
  /** Virtual seconds that pass in a real one; 0 stands still. */
  readonly speed: number;
}

/** Timers overflow beyond 2^31 ms; a long wait is taken in pieces. */
const LONGEST_TIMER_MS = 60_000;

/**
 * A clock that runs at a speed and can be moved. It goes on while the machine is off: what fell due meanwhile is late at
 * the next start, as it would be in an office.
 */
export class VirtualClock implements Clock, MovableClock {
  #base: ClockBase;
  readonly #keep: (base: ClockBase) => void;
  #moved = Promise.withResolvers<void>();

  /** @param keep called with every new base, to be kept across restarts */
  constructor(base: ClockBase, keep: (base: ClockBase) => void) {
    this.#base = base;
    this.#keep = keep;
    keep(base);
  }

  get speed(): number {
    return this.#base.speed;
  }

  now(): Instant {
    const { virtual, real, speed } = this.#base;
    return Math.floor(virtual + (Date.now() - real) * speed);
  }

  moveTo(at: Instant): void {
    this.set(at, this.#base.speed);
  }

  set(virtual: Instant, speed: number): void {
    this.#base = { virtual, real: Date.now(), speed };
    this.#keep(this.#base);
    const moved = this.#moved;
    this.#moved = Promise.withResolvers<void>();
    moved.resolve();
  }

  async until(at: Instant): Promise<void> {
    for (let left = at - this.now(); left > 0; left = at - this.now()) {
      const { speed } = this.#base;
      // Rounded up: a timer that ends early would only be set again.
      const pause = speed === 0 ? LONGEST_TIMER_MS : Math.min(LONGEST_TIMER_MS, Math.ceil(left / speed));
      let timer: NodeJS.Timeout | undefined;
      const passed = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, pause);
      });
      await Promise.race([passed, this.#moved.promise]);
      clearTimeout(timer);
    }
  }
}
