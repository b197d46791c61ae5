/** How much is carried out at once, and how long it may wait for its turn. */
export interface AdmissionLimits {
  /** Requests carried out at once; more than the store can use only wait there instead of here. */
  readonly places: number;
  /** As many are left when the process is behind with everything it does. */
  readonly leastPlaces: number;
  /** Of these, what one caller has at the most: the rest is for everybody else. */
  readonly placesEach: number;
  /** Requests one caller may have waiting. */
  readonly waitingEach: number;
  /** Requests that may wait in all. */
  readonly waiting: number;
  /** How long a request may wait while a burst passes (ms). */
  readonly patienceMs: number;
  /** How long, once no place has been free for {@link standsAfterMs}: whoever is served then is served soon (ms). */
  readonly shortPatienceMs: number;
  readonly standsAfterMs: number;
}

/** `too_many_requests`: the caller's own fault and nobody else's; `overloaded`: everybody's. */
export type Refusal = 'too_many_requests' | 'overloaded';

interface Waiting<T> {
  readonly ticket: T;
  readonly since: number;
}

interface CallerState<T> {
  running: number;
  readonly waiting: Waiting<T>[];
}

export interface Turn<T> {
  readonly go: readonly T[];
  readonly refused: readonly { readonly ticket: T; readonly why: Refusal }[];
}

/**
 * Who is served next, and who must be refused. Callers take turns, whatever each has waiting, so that one of them cannot
 * starve the others. How long anybody may wait follows "Fail at Scale" (ACM Queue 13(8), 2015), a simple form of CoDel: a
 * burst is waited for; a queue that stands is no burst, and letting it stand would make everybody late and nobody served
 * more. Instants are milliseconds of a clock that never goes back, handed in by the caller.
 */
export class FairQueue<T> {
  readonly #limits: AdmissionLimits;
  /** Callers with something in hand; those who wait are served in this order and go to its end. */
  readonly #callers = new Map<string, CallerState<T>>();
  #running = 0;
  #waiting = 0;
  #places: number;
  /** Since when no place has been free; null when one is. */
  #fullSince: number | null = null;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
    this.#places = limits.places;
  }

  get places(): number {
    return this.#places;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Nobody else may wait: there is no need to find out who asks. */
  get isFull(): boolean {
    return this.#waiting >= this.#limits.waiting;
  }

  /**
   * Halves the places of a process that is behind, and gives one back each time that it is not: quick to make room for
   * what must not wait, slow to fill it again. What is being carried out stays. Ask for {@link turn} next.
   */
  adapt(isBehind: boolean): void {
    const { places, leastPlaces } = this.#limits;
    this.#places = isBehind ? Math.max(leastPlaces, Math.floor(this.#places / 2)) : Math.min(places, this.#places + 1);
  }

  /** `go` and `wait` are in hand from now on; what goes must be followed by {@link leave}. */
  arrive(caller: string, ticket: T, now: number): 'go' | 'wait' | Refusal {
    const { placesEach, waitingEach } = this.#limits;
    const state = this.#callers.get(caller) ?? { running: 0, waiting: [] };
    if (this.#running < this.#places && state.running < placesEach && state.waiting.length === 0) {
      this.#callers.set(caller, state);
      this.#begin(state, now);
      return 'go';
    }
    if (state.waiting.length >= waitingEach) return 'too_many_requests';
    if (this.isFull) return 'overloaded';
    this.#callers.set(caller, state);
    state.waiting.push({ ticket, since: now });
    this.#waiting += 1;
    return 'wait';
  }

  /** A request that went has been answered: who may go now? */
  leave(caller: string, now: number): Turn<T> {
    const state = this.#callers.get(caller);
    if (state === undefined || state.running === 0) throw new Error('Nothing of this caller is being carried out.');
    state.running -= 1;
    this.#running -= 1;
    this.#forget(caller, state);
    return this.turn(now);
  }

  /** Who may go now, and who has waited for too long: to be asked now and then, places given back or not. */
  turn(now: number): Turn<T> {
    const refused = this.#expire(now);
    const go: T[] = [];
    while (this.#running < this.#places) {
      const served = this.#serveEachOnce(now);
      if (served.length === 0) break;
      go.push(...served);
    }
    this.#noteWhetherFull(now);
    return { go, refused };
  }

  #serveEachOnce(now: number): readonly T[] {
    const { placesEach } = this.#limits;
    const served: T[] = [];
    for (const [caller, state] of [...this.#callers]) {
      if (this.#running >= this.#places) break;
      const next = state.running < placesEach ? state.waiting.shift() : undefined;
      if (next === undefined) continue;
      this.#waiting -= 1;
      this.#callers.delete(caller);
      this.#callers.set(caller, state);
      this.#begin(state, now);
      served.push(next.ticket);
    }
    return served;
  }

  #begin(state: CallerState<T>, now: number): void {
    state.running += 1;
    this.#running += 1;
    this.#noteWhetherFull(now);
  }

  #noteWhetherFull(now: number): void {
    if (this.#running < this.#places) this.#fullSince = null;
    else this.#fullSince ??= now;
  }

  #expire(now: number): Turn<T>['refused'] {
    const { patienceMs, shortPatienceMs, standsAfterMs } = this.#limits;
    const stands = this.#fullSince !== null && now - this.#fullSince > standsAfterMs;
    const patience = stands ? shortPatienceMs : patienceMs;
    // While places are free, only their own share holds callers back.
    const why: Refusal = this.#fullSince === null ? 'too_many_requests' : 'overloaded';
    const refused: { readonly ticket: T; readonly why: Refusal }[] = [];
    for (const [caller, state] of [...this.#callers]) {
      const patient = state.waiting.findIndex(({ since }) => now - since <= patience);
      const gone = state.waiting.splice(0, patient === -1 ? state.waiting.length : patient);
      this.#waiting -= gone.length;
      refused.push(...gone.map(({ ticket }) => ({ ticket, why })));
      this.#forget(caller, state);
    }
    return refused;
  }

  #forget(caller: string, { running, waiting }: CallerState<T>): void {
    if (running === 0 && waiting.length === 0) this.#callers.delete(caller);
  }
}
