/** What kill -9 falls on. */
export type Struck = 'worker' | 'store' | 'both';

/** What the store holds of items whose deadline has passed. */
export interface Effects {
  /** Items without their event, their notice or their next deadline. */
  readonly lost: number;
  /** Items with more than one event or notice of the one step. */
  readonly doubled: number;
}

/** One way to keep deadlines, with a store and a worker in processes of their own that may be killed. */
export interface Contender {
  readonly name: string;
  /** Resolves when the store answers and the worker works. */
  start(): Promise<void>;
  /**
   * Puts items in place, each with a deadline.
   * @param offsets of the deadlines from the first one (ms)
   * @returns due instants by id, on the contender's clock; the first is still some seconds away
   */
  plant(offsets: readonly number[]): Promise<ReadonlyMap<string, number>>;
  /** The clock that due instants stand on (ms). */
  now(): number;
  /** When the worker was told that an item's transaction is committed, by id; of a worker that is killed, not all. */
  readonly committed: ReadonlyMap<string, number>;
  /** Process ids, each with its children but the other one. */
  processes(): { readonly worker: number; readonly store: number };
  /** How many deadlines due at or before an instant are not handled, asked of the store. */
  remaining(at: number): Promise<number>;
  /** Resolves when what follows from handled deadlines is done as well; null when nothing follows. */
  readonly settle: (() => Promise<void>) | null;
  /** kill -9, then a new start of what was killed. */
  strike(what: Struck): Promise<void>;
  /** Deadlines that a worker met again after they had been handled and left alone; null where that is not told. */
  readonly refused: number | null;
  effects(due: ReadonlyMap<string, number>): Promise<Effects>;
  /** Ends every process and removes the data. */
  stop(): Promise<void>;
}
