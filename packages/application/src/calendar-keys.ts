import { seatsOf } from '@duban/domain';
import { requireReaderOfDeadlines } from './calendar-feed.ts';
import type { Dependencies } from './dependencies.ts';
import type { Caller } from './write-item.ts';

interface Held {
  readonly person: string;
  readonly unit: string;
}

const keyOf = (digest: string) => `calendar/${digest}`;

/**
 * Keeps the digest of a key by which a calendar program reads a unit's deadlines in the name of the caller.
 * @throws ApplicationError `not_found` for whoever may not read them
 */
export async function createCalendarKey(
  deps: Dependencies,
  caller: Caller,
  unit: string,
  digest: string,
): Promise<void> {
  const structure = await deps.structures.current(caller.jurisdiction);
  // A key stands for a person's posts and not for what a configuration allows them: it would open nothing.
  const seats = seatsOf(structure, { ...caller.actor, bootstrapAdmin: false }, deps.clock.now());
  requireReaderOfDeadlines(seats, unit);
  const value: Held = { person: caller.actor.person, unit };
  await deps.store.keep(caller.jurisdiction, { key: keyOf(digest), value, expiresAt: null });
}

/** Whom a key stands for, and which unit it was made for; null when there is no such key. */
export async function holderOfCalendarKey(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  digest: string,
): Promise<Held | null> {
  const stored = (await store.claim(jurisdiction, keyOf(digest))) as Partial<Held> | null;
  if (stored === null || typeof stored.person !== 'string' || typeof stored.unit !== 'string') return null;
  return { person: stored.person, unit: stored.unit };
}
