import type { Dependencies } from './dependencies.ts';
import { StoredRowError } from './errors.ts';
import type { DueWake, Head } from './ports.ts';
import { refKey } from './ports.ts';

/** A wake that could not be carried out, with why; it stays due. */
export interface WakeFault {
  readonly wake: DueWake;
  readonly reason: string;
}

/** One wake a stream, however many messages speak of it. */
export function distinctWakes(wakes: readonly DueWake[]): DueWake[] {
  return [...new Map(wakes.map((wake) => [refKey(wake.ref), wake])).values()];
}

/** A head that cannot be read is the fault of its own wake and of no other. */
export async function headsOf(
  { store }: Pick<Dependencies, 'store'>,
  wakes: readonly DueWake[],
  faults: WakeFault[],
): Promise<ReadonlyMap<string, Head>> {
  try {
    return await store.loadMany(wakes.map((wake) => wake.ref));
  } catch (error) {
    if (!(error instanceof StoredRowError)) throw error;
  }
  const heads = new Map<string, Head>();
  for (const wake of wakes) {
    try {
      const head = await store.load(wake.ref);
      if (head !== null) heads.set(refKey(wake.ref), head);
    } catch (error) {
      if (!(error instanceof StoredRowError)) throw error;
      faults.push({ wake, reason: error.message });
    }
  }
  return heads;
}
