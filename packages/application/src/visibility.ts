import type { Structure } from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import type { ItemRow } from './views/rows.ts';
import type { TaskRow, TaskSummary } from './views/task.ts';

/**
 * Reads views so that an import is seen whole or not at all. If one was published while it read, what was read may
 * hold both sides of that instant: it reads again.
 */
export async function readWhole<T>(
  deps: Pick<Dependencies, 'structures'>,
  jurisdiction: string,
  read: (structure: Structure) => Promise<T>,
): Promise<T> {
  let structure = await deps.structures.current(jurisdiction);
  for (;;) {
    const found = await read(structure);
    const after = await deps.structures.current(jurisdiction);
    if (after.data === structure.data && after.unpublished === structure.unpublished) return found;
    structure = after;
  }
}

/** While an import is being written, rows that trail behind the ledger would show parts of it. */
export function readingFor({ unpublished }: Structure): { readonly consistent: boolean } {
  return { consistent: unpublished !== null };
}

/** What lists may show of a task's row: what was before an import that is not published. Null: nothing yet. */
export function shownRow(row: TaskRow, unpublished: string | null): TaskSummary | null {
  const { held } = row;
  return held != null && held.importId === unpublished ? held.before : row;
}

/** The same for a row of any kind of item; imports write tasks alone. */
export function shownItem(body: unknown, unpublished: string | null): ItemRow | null {
  const row = (body ?? null) as TaskRow | ItemRow | null;
  return row !== null && 'held' in row ? shownRow(row, unpublished) : row;
}

/** Buckets of what an import adds and takes away, kept apart until it is published and settled. */
export const ADDED_BY_IMPORT = 'import+/';
export const TAKEN_BY_IMPORT = 'import-/';

/** A scope's counts as readers may see them. */
export function shownCounts(
  buckets: Readonly<Record<string, number>>,
  unpublished: string | null,
): Readonly<Record<string, number>> {
  const shown: Record<string, number> = {};
  const add = (bucket: string, by: number) => {
    shown[bucket] = (shown[bucket] ?? 0) + by;
  };
  for (const [bucket, count] of Object.entries(buckets)) {
    if (bucket.startsWith(ADDED_BY_IMPORT)) {
      if (unpublished === null) add(bucket.slice(ADDED_BY_IMPORT.length), count);
    } else if (bucket.startsWith(TAKEN_BY_IMPORT)) {
      if (unpublished === null) add(bucket.slice(TAKEN_BY_IMPORT.length), -count);
    } else add(bucket, count);
  }
  return shown;
}
