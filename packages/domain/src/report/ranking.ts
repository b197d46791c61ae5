import type { Called, Outcomes, UnitResult } from './data.ts';

/** Of each end so many are named at the most, and never more than half of all. */
const NAMED = 3;

type Result = Pick<UnitResult, 'toDate' | 'meanLateMs'>;

/** Deadlines whose outcome is known: what waits for the office is nobody's merit or fault yet. */
export function decidedCount({ onTime, late, overdue }: Outcomes): number {
  return onTime + late + overdue;
}

/**
 * Units by outcome and deadline alone: first the share of the deadlines to date that were met in time, then by how much
 * the others were late. What a unit did beside that, reporting and logging in, is nobody's business here (为基层减负).
 * Units of which nothing is decided come last, without a place.
 */
export function ranked<T extends Result>(units: readonly T[]): readonly (T & Pick<UnitResult, 'rank'>)[] {
  const decided = units.filter(({ toDate }) => decidedCount(toDate) > 0).sort(better);
  const others = units.filter(({ toDate }) => decidedCount(toDate) === 0);
  let rank = 0;
  const placed = decided.map((unit, index) => {
    const former = decided[index - 1];
    if (former === undefined || better(former, unit) !== 0) rank = index + 1;
    return { ...unit, rank };
  });
  return [...placed, ...others.map((unit) => ({ ...unit, rank: null }))];
}

/** Shares are compared as fractions: a division would round. */
function better(a: Result, b: Result): number {
  const share = b.toDate.onTime * decidedCount(a.toDate) - a.toDate.onTime * decidedCount(b.toDate);
  return share !== 0 ? share : a.meanLateMs - b.meanLateMs;
}

/**
 * The best and the worst: from each end three units, of fewer than six half of them, and whoever shares the last one's
 * place. Nobody is among the best who has met no deadline, among the worst who has missed none, or among both.
 * @param units as {@link ranked} puts them
 */
export function bestAndWorst(units: readonly UnitResult[]): {
  readonly best: readonly Called[];
  readonly worst: readonly Called[];
} {
  const placed = units.filter(({ rank }) => rank !== null);
  const most = Math.max(1, Math.min(NAMED, Math.floor(placed.length / 2)));
  const met = placed.filter(({ toDate }) => toDate.onTime > 0);
  const best = wholePlaces(met, most);
  const named = new Set(best.map(({ unit }) => unit.code));
  const missed = placed.filter(({ toDate, unit }) => toDate.late + toDate.overdue > 0 && !named.has(unit.code));
  // The last place first; equals keep their order.
  const fromTheEnd = missed.toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
  const worst = wholePlaces(fromTheEnd, most);
  return { best: best.map(({ unit }) => unit), worst: worst.map(({ unit }) => unit) };
}

/** Equal results are named together: a list that ends within a place would be a draw of lots. */
function wholePlaces(units: readonly UnitResult[], most: number): readonly UnitResult[] {
  const last = units[most - 1] ?? units.at(-1);
  const upTo = units.findLastIndex(({ rank }) => rank === last?.rank);
  return units.slice(0, upTo + 1);
}
