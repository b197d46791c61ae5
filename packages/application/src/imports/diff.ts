import type { RecordChange } from '../ports.ts';
import type { KindDifference } from './types.ts';

export interface Merged<T> {
  readonly records: readonly T[];
  readonly difference: KindDifference;
  readonly changes: readonly RecordChange[];
}

/** Lays records over those there are. `replace` removes what is not among them; a repeated key keeps the last. */
export function mergeKind<T>(
  kind: string,
  before: readonly T[],
  imported: readonly T[] | null,
  key: (record: T) => string,
  mode: 'merge' | 'replace',
): Merged<T> {
  const old = new Map(before.map((record) => [key(record), record]));
  const fresh = new Map((imported ?? []).map((record) => [key(record), record]));
  const changes: RecordChange[] = [];
  for (const [id, after] of fresh) {
    const was = old.get(id);
    if (was === undefined) changes.push({ kind, key: id, change: 'added', before: null, after });
    else if (!sameData(was, after)) changes.push({ kind, key: id, change: 'changed', before: was, after });
  }
  const replaced = imported !== null && mode === 'replace';
  const gone = replaced ? [...old.keys()].filter((id) => !fresh.has(id)) : [];
  for (const id of gone) changes.push({ kind, key: id, change: 'removed', before: old.get(id), after: null });
  const kept = [...old].filter(([id]) => !fresh.has(id) && !replaced).map(([, record]) => record);
  const records = [...kept, ...fresh.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { records, changes, difference: differenceOf(changes, fresh.size) };
}

export function differenceOf(changes: readonly RecordChange[], imported: number): KindDifference {
  const keys = (change: RecordChange['change']) => changes.filter((c) => c.change === change).map((c) => c.key);
  const [added, changed, removed] = [keys('added'), keys('changed'), keys('removed')];
  return { added, changed, removed, unchanged: imported - added.length - changed.length };
}

/** Equal as data, whatever the order of fields. */
export function sameData(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
