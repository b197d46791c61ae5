import { type Dependencies, type Head, project, reactTo, refKey } from '@duban/application';
import type { LedgerChange, LedgerStream } from './ledger.ts';

/** Changes handled together, as of a stream's batch. */
const BATCH = 100;

/** Brings the views up to the heads of these changes, each stream once. */
export async function projectChanges(
  deps: Pick<Dependencies, 'views' | 'structures' | 'log'>,
  changes: readonly LedgerChange[],
): Promise<void> {
  const latest = new Map<string, Head>(changes.map(({ head }) => [refKey(head.ref), head]));
  await project(deps, [...latest.values()]);
}

/** Tells people of what these changes brought. */
export async function reactToChanges(deps: Dependencies, changes: readonly LedgerChange[]): Promise<void> {
  await reactTo(
    deps,
    changes.flatMap(({ events }) => events),
  );
}

/** Follows the ledger as the stream's readers do: in order, and nothing is passed over. */
export class LedgerFollower {
  readonly #stream: LedgerStream;
  readonly #handle: (changes: readonly LedgerChange[]) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #at = 0;
  #running: Promise<void> | null = null;

  constructor(
    stream: LedgerStream,
    handle: (changes: readonly LedgerChange[]) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#stream = stream;
    this.#handle = handle;
    this.#onError = onError;
    stream.onCommit(() => void this.drained());
  }

  /** Resolves when everything there is has been handled, or could not be. */
  drained(): Promise<void> {
    this.#running ??= this.#follow().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #follow(): Promise<void> {
    // The commit that called this has not been answered yet.
    await Promise.resolve();
    while (this.#at < this.#stream.length) {
      const changes = this.#stream.changes(this.#at, BATCH);
      try {
        await this.#handle(changes);
        this.#at += changes.length;
      } catch (error) {
        this.#onError(error);
        return;
      }
    }
  }
}
