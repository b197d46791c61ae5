import type { Instant } from '@duban/calendar';
import type { Draw } from '../draw.ts';

/** Something that runs and can die. What it still awaits when it dies is never answered. */
export interface Process {
  readonly name: string;
  /** How far its own clock is off (ms). */
  readonly skewMs: number;
  alive: boolean;
}

interface Waiting {
  readonly process: Process;
  readonly resume: () => void;
}

interface Timer {
  readonly at: Instant;
  readonly order: number;
  readonly run: () => void;
}

/** A turn takes less than that (ms), unless something is slow. */
export const QUICK_TURN_MS = 4;

/**
 * Runs processes one turn at a time, in an order that chance decides, on a clock that goes on only here. A turn is what
 * a process does between two calls of the world outside it: so every interleaving of their calls can come up, and the
 * same seed brings the same one again.
 */
export class Machine {
  readonly #draw: Draw;
  #now: Instant;
  #turns = 0;
  #order = 0;
  #waiting: Waiting[] = [];
  #timers: Timer[] = [];
  /** How long the next turn takes (ms). */
  turnMs: () => number = () => this.#draw.below(QUICK_TURN_MS);
  #failure: { readonly error: unknown } | null = null;

  constructor(now: Instant, draw: Draw) {
    this.#now = now;
    this.#draw = draw;
  }

  /** True time; what a process sees of it is off by its skew. */
  get now(): Instant {
    return this.#now;
  }

  /** How many turns there have been. */
  get turns(): number {
    return this.#turns;
  }

  /** The process's next turn. Never comes when it is dead by then. */
  turn(process: Process): Promise<void> {
    return new Promise((resume) => {
      this.#waiting.push({ process, resume });
    });
  }

  /** Runs something when its time has come; earlier ones first, of one instant in the order they were asked for. */
  at(at: Instant, run: () => void): void {
    const timer = { at: Math.max(at, this.#now), order: this.#order++, run };
    let place = this.#timers.length;
    while (place > 0 && isAfter(this.#timers[place - 1] as Timer, timer)) place -= 1;
    this.#timers.splice(place, 0, timer);
  }

  /** Starts something that runs by itself. What it throws ends the simulation: nobody else would hear of it. */
  start(work: () => Promise<void>): void {
    void Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
  }

  /**
   * Runs until nothing is left to do at or before an instant, and leaves the clock there.
   * @param nextOf when something outside the timers wants to be done; asked anew each time
   */
  async runUntil(until: Instant, nextOf: () => Promise<Timer['at'] | null>, whenReached: (at: Instant) => void) {
    for (;;) {
      await this.#settled();
      if (this.#failure !== null) throw this.#failure.error;
      // What became due while others had their turns begins beside them.
      if (this.#runDueTimer()) continue;
      const next = this.#takeWaiting();
      if (next !== null) {
        this.#turns += 1;
        this.#now += this.turnMs();
        next.resume();
        continue;
      }
      const outside = await nextOf();
      const at = Math.min(this.#timers[0]?.at ?? Number.POSITIVE_INFINITY, outside ?? Number.POSITIVE_INFINITY);
      if (at > until) break;
      this.#now = Math.max(this.#now, at);
      if (!this.#runDueTimer()) whenReached(this.#now);
    }
    this.#now = Math.max(this.#now, until);
  }

  #runDueTimer(): boolean {
    const timer = this.#timers[0];
    if (timer === undefined || timer.at > this.#now) return false;
    this.#timers.shift();
    timer.run();
    return true;
  }

  #takeWaiting(): Waiting | null {
    this.#waiting = this.#waiting.filter(({ process }) => process.alive);
    if (this.#waiting.length === 0) return null;
    return this.#waiting.splice(this.#draw.below(this.#waiting.length), 1)[0] ?? null;
  }

  /** Everything that needs no turn has been done. */
  #settled(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

function isAfter(one: Timer, other: Timer): boolean {
  return one.at > other.at || (one.at === other.at && one.order > other.order);
}
