import { z } from 'zod';
import { type Item, numberValue, type ReceivedItem, textValue } from './attributes.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { guarded, parseRow } from './rows.ts';

/** A place in a list: partition, sort key, and a short hash of what the entry carries. */
export type EntryMark = readonly [partition: string, sort: string, dataHash: string];
/** A counter cell the document is counted in. */
export type CountCell = readonly [scope: string, bucket: string];

/** A document row as it is stored. It tells exactly which entries exist for it, whatever its version. */
export interface ViewDocument {
  /** Of the aggregate; 0 while the first entries of a large document are being written. */
  readonly version: number;
  /** Grows with every write of the row. */
  readonly revision: number;
  readonly body: unknown;
  readonly entries: readonly EntryMark[];
  readonly counts: readonly CountCell[];
}

const DOCUMENT_KEY = 'document';
/** Counter attributes bear a mark of their own, so that no bucket is mistaken for a key. */
const BUCKET_MARK = 'n:';
const CONTENT_ROOM = 700;

const documentRow = z.object({
  pk: z.string(),
  version: z.int().min(0),
  revision: z.int().min(1),
  content: z.union([z.string(), z.instanceof(Uint8Array)]),
  dictionary: z.int().min(1).optional(),
});
const content = z.strictObject({
  body: z.unknown(),
  entries: z.array(z.tuple([z.string(), z.string(), z.string()])),
  counts: z.array(z.tuple([z.string(), z.string()])),
});
const entryRow = z.object({ sk: z.string(), data: z.string().optional() });
const counterRow = z.record(z.string(), z.union([z.string(), z.int()]));

/** Keys of the views table: the generation leads, the jurisdiction follows. */
export function generationPrefix(generation: number): string {
  return `g${generation}#`;
}

export function parseGeneration(pk: string): number | null {
  const found = /^g(\d+)#/.exec(pk);
  return found ? Number(found[1]) : null;
}

export function documentKey(generation: number, jurisdiction: string, id: string): Item {
  return { pk: textValue(`${generationPrefix(generation)}${jurisdiction}#doc#${id}`), sk: textValue(DOCUMENT_KEY) };
}

export function listPartition(generation: number, jurisdiction: string, partition: string): string {
  return `${generationPrefix(generation)}${jurisdiction}#list#${partition}`;
}

export function counterPartition(generation: number, jurisdiction: string): string {
  return `${generationPrefix(generation)}${jurisdiction}#count`;
}

export function documentItem(key: Item, document: ViewDocument): Item {
  const { version, revision, body, entries, counts } = document;
  return {
    ...key,
    version: numberValue(version),
    revision: numberValue(revision),
    ...packJson('content', JSON.stringify({ body, entries, counts }), CONTENT_ROOM),
  };
}

export function parseDocument(
  tableName: string,
  item: ReceivedItem,
): { readonly key: string; readonly document: ViewDocument } {
  const row = parseRow(documentRow, tableName, item);
  const parsed = guarded(tableName, row.pk, 'content', () =>
    content.parse(JSON.parse(unpackJson(row.content, row.dictionary))),
  );
  return { key: row.pk, document: { version: row.version, revision: row.revision, ...parsed } };
}

export function parseEntry(tableName: string, item: ReceivedItem): { readonly sort: string; readonly data?: unknown } {
  const { sk: sort, data } = parseRow(entryRow, tableName, item);
  return data === undefined ? { sort } : { sort, data: guarded(tableName, sort, 'data', () => JSON.parse(data)) };
}

export function bucketAttribute(bucket: string): string {
  return BUCKET_MARK + bucket;
}

/** Scope and its buckets; those that came back to zero are left out. */
export function parseCounters(tableName: string, item: ReceivedItem) {
  const row = parseRow(counterRow, tableName, item);
  const buckets: Record<string, number> = {};
  for (const name in row) {
    const value = row[name];
    if (name.startsWith(BUCKET_MARK) && typeof value === 'number' && value !== 0) {
      buckets[name.slice(BUCKET_MARK.length)] = value;
    }
  }
  return { scope: String(row.sk), buckets };
}
