import { type Structure, seatsOf } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { OVERRIDES, scopes } from './views/names.ts';
import type { Caller } from './write-item.ts';

/** What one requester asked of a unit in a week. */
export interface BurdenShare {
  readonly requester: string;
  /** Reports and other duties that fell or fall due in that week. */
  readonly requests: number;
  /** Demands made with less notice than is due. */
  readonly overrides: number;
}

export interface UnitBurden {
  readonly unit: string;
  readonly requests: number;
  readonly overrides: number;
  /** Most first. */
  readonly byRequester: readonly BurdenShare[];
}

/**
 * How much is asked of units in a week, and by whom; from counters, however many duties there are. Supervision and
 * administrators see all units, others their own and what their own units ask.
 *
 * @param week ISO week, `2023-W20`
 */
export async function burdenOf(
  deps: Dependencies,
  caller: Caller,
  week: string,
  unit: string | null,
): Promise<{ readonly structure: Structure; readonly units: readonly UnitBurden[] }> {
  const structure = await deps.structures.current(caller.jurisdiction);
  const seats = seatsOf(structure, caller.actor, deps.clock.now());
  const seesAll = seats.admin || seats.supervision;
  if (unit !== null && !seesAll && !seats.units.has(unit)) throw notFound();
  const prefix = scopes.burdenOfWeek(week);
  const found =
    unit === null
      ? await deps.views.countersBelow(caller.jurisdiction, prefix)
      : { [scopes.burden(week, unit)]: await deps.views.counters(caller.jurisdiction, scopes.burden(week, unit)) };
  const units = Object.entries(found)
    .map(([scope, buckets]) => burdenFrom(scope.slice(prefix.length), buckets))
    .map((burden) => (seesAll || seats.units.has(burden.unit) ? burden : ownShare(burden, seats.units)))
    .filter(({ byRequester }) => byRequester.length > 0)
    .sort((a, b) => b.requests - a.requests || (a.unit < b.unit ? -1 : 1));
  return { structure, units };
}

function burdenFrom(unit: string, buckets: Readonly<Record<string, number>>): UnitBurden {
  const shares = new Map<string, { requests: number; overrides: number }>();
  for (const [bucket, count] of Object.entries(buckets)) {
    const isOverride = bucket.startsWith(OVERRIDES);
    const requester = isOverride ? bucket.slice(OVERRIDES.length) : bucket;
    const share = shares.get(requester) ?? { requests: 0, overrides: 0 };
    shares.set(requester, share);
    if (isOverride) share.overrides += count;
    else share.requests += count;
  }
  const byRequester = [...shares]
    .map(([requester, share]) => ({ requester, ...share }))
    .filter(({ requests, overrides }) => requests + overrides > 0)
    .sort((a, b) => b.requests - a.requests || (a.requester < b.requester ? -1 : 1));
  return { unit, ...summed(byRequester), byRequester };
}

function ownShare({ unit, byRequester }: UnitBurden, own: ReadonlySet<string>): UnitBurden {
  const kept = byRequester.filter(({ requester }) => own.has(requester));
  return { unit, ...summed(kept), byRequester: kept };
}

function summed(shares: readonly BurdenShare[]): Pick<UnitBurden, 'requests' | 'overrides'> {
  return {
    requests: shares.reduce((sum, { requests }) => sum + requests, 0),
    overrides: shares.reduce((sum, { overrides }) => sum + overrides, 0),
  };
}
