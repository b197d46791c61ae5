import { hash } from 'node:crypto';
import type { IndexEntry, Projection } from '@duban/application';
import type { CountCell, EntryMark, ViewDocument } from './view-rows.ts';

/** Rows one transaction may touch. */
export const MAX_ACTIONS = 100;
const HASH_LENGTH = 8;

export type EntryAction =
  | { readonly kind: 'put'; readonly entry: IndexEntry; readonly dataText: string | undefined }
  | { readonly kind: 'delete'; readonly partition: string; readonly sort: string };

/** Counter movements: scope, bucket, by how much. */
export type Deltas = Map<string, Map<string, number>>;

/** One transaction's share of a change: the document as it stands afterwards, its entries, its counters. */
export interface ViewStep {
  readonly document: ViewDocument;
  readonly entries: readonly EntryAction[];
  readonly deltas: Deltas;
}

interface MarkedAction {
  readonly key: string;
  readonly action: EntryAction;
  /** The mark the document bears afterwards; null after a delete. */
  readonly mark: EntryMark | null;
}

/**
 * What turns the stored document into the projection: one step, unless it touches more rows than a transaction holds.
 * Then the first steps move entries and some of the counters and leave version and body as they were; the document row
 * tells after each step which entries exist and where it is counted, so that a crash in between is mended by the next
 * change.
 */
export function stepsTo(stored: ViewDocument | null, projection: Projection): readonly ViewStep[] {
  const walk = new Walk(stored, projection);
  let entries = entryActions(stored?.entries ?? [], projection.entries);
  let scopes = [...walk.movedScopes];
  while (1 + entries.length + scopes.length > MAX_ACTIONS) {
    const share = entries.slice(0, MAX_ACTIONS - 1);
    entries = entries.slice(share.length);
    const moved = scopes.slice(0, share.length === MAX_ACTIONS - 1 ? 0 : MAX_ACTIONS - 1 - share.length);
    scopes = scopes.slice(moved.length);
    walk.step(share, moved, { version: stored?.version ?? 0, body: stored?.body ?? null });
  }
  walk.step(entries, scopes, { version: projection.version, body: projection.body });
  return walk.steps;
}

/** The document on its way from what is stored to what is projected. */
class Walk {
  readonly steps: ViewStep[] = [];
  readonly #deltas: Deltas;
  readonly #marks: Map<string, EntryMark>;
  readonly #after: readonly CountCell[];
  #counts: readonly CountCell[];
  #revision: number;

  constructor(stored: ViewDocument | null, projection: Projection) {
    this.#counts = stored?.counts ?? [];
    this.#after = projection.counts.map(({ scope, bucket }): CountCell => [scope, bucket]);
    this.#deltas = sumCounts(this.#counts, this.#after);
    this.#marks = new Map((stored?.entries ?? []).map((mark) => [entryKey(mark[0], mark[1]), mark]));
    this.#revision = stored?.revision ?? 0;
  }

  get movedScopes(): Iterable<string> {
    return this.#deltas.keys();
  }

  step(
    entries: readonly MarkedAction[],
    scopes: readonly string[],
    shown: Pick<ViewDocument, 'version' | 'body'>,
  ): void {
    for (const { key, mark } of entries) {
      if (mark === null) this.#marks.delete(key);
      else this.#marks.set(key, mark);
    }
    const moved = new Set(scopes);
    const isMoved = ([scope]: CountCell) => moved.has(scope);
    this.#counts = [...this.#counts.filter((cell) => !isMoved(cell)), ...this.#after.filter(isMoved)];
    this.#revision += 1;
    this.steps.push({
      document: {
        ...shown,
        revision: this.#revision,
        entries: [...this.#marks.values()].sort(byPlace),
        counts: [...this.#counts].sort(byPlace),
      },
      entries: entries.map(({ action }) => action),
      deltas: new Map(scopes.map((scope) => [scope, this.#deltas.get(scope) ?? new Map()])),
    });
  }
}

/** Adds the second to the first. */
export function addDeltas(sum: Deltas, deltas: Deltas): void {
  for (const [scope, buckets] of deltas) {
    for (const [bucket, by] of buckets) move(sum, scope, bucket, by);
  }
}

function entryActions(stored: readonly EntryMark[], wanted: readonly IndexEntry[]): MarkedAction[] {
  const old = new Map(stored.map((mark) => [entryKey(mark[0], mark[1]), mark]));
  const actions = new Map<string, MarkedAction>();
  for (const entry of wanted) {
    const key = entryKey(entry.partition, entry.sort);
    const dataText = entry.data === undefined ? undefined : JSON.stringify(entry.data);
    const mark: EntryMark = [entry.partition, entry.sort, shortHash(dataText)];
    if (old.get(key)?.[2] === mark[2]) actions.delete(key);
    else actions.set(key, { key, action: { kind: 'put', entry, dataText }, mark });
  }
  const kept = new Set(wanted.map((entry) => entryKey(entry.partition, entry.sort)));
  for (const [key, [partition, sort]] of old) {
    if (!kept.has(key)) actions.set(key, { key, action: { kind: 'delete', partition, sort }, mark: null });
  }
  return [...actions.values()];
}

function sumCounts(before: readonly CountCell[], after: readonly CountCell[]): Deltas {
  const deltas: Deltas = new Map();
  for (const [scope, bucket] of before) move(deltas, scope, bucket, -1);
  for (const [scope, bucket] of after) move(deltas, scope, bucket, 1);
  return deltas;
}

function move(deltas: Deltas, scope: string, bucket: string, by: number): void {
  const buckets = deltas.get(scope) ?? new Map<string, number>();
  const sum = (buckets.get(bucket) ?? 0) + by;
  if (sum === 0) buckets.delete(bucket);
  else buckets.set(bucket, sum);
  if (buckets.size === 0) deltas.delete(scope);
  else deltas.set(scope, buckets);
}

function entryKey(partition: string, sort: string): string {
  return `${partition}\u0000${sort}`;
}

function byPlace(a: EntryMark | CountCell, b: EntryMark | CountCell): number {
  const [left, right] = [entryKey(a[0], a[1]), entryKey(b[0], b[1])];
  return left < right ? -1 : left > right ? 1 : 0;
}

function shortHash(text: string | undefined): string {
  return text === undefined ? '' : hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}
