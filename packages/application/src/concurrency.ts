/**
 * Runs `work` over the items, at most `width` at a time. Waits for all that was begun; then throws the first error, if
 * any.
 * @returns what came of each, in the order of the items
 */
export async function pooled<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && errors.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** A list in pieces of a size; the last may be shorter. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** So many places. Who finds too few free waits, and nobody passes whoever came before. */
export class Places {
  #free: number;
  readonly #waiting: { readonly wanted: number; readonly go: () => void }[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** @param wanted at most as many as there are in all */
  take(wanted = 1): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ wanted, go });
      this.#serve();
    });
  }

  giveBack(places = 1): void {
    this.#free += places;
    this.#serve();
  }

  #serve(): void {
    for (let [next] = this.#waiting; next !== undefined && next.wanted <= this.#free; [next] = this.#waiting) {
      this.#free -= next.wanted;
      this.#waiting.shift();
      next.go();
    }
  }
}
