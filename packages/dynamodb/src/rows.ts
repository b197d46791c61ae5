import { hash as sha256 } from 'node:crypto';
import { type AggregateCodec, type CodecRegistry, type Head, StoredRowError } from '@duban/application';
import { z } from 'zod';
import { flatten, type ReceivedItem } from './attributes.ts';
import { HEAD_KEY, parseCommitKey, parseStreamKey } from './keys.ts';
import { unpackJson } from './packed-json.ts';

const version = z.int().min(1);
const hash = z.string().length(43);
const packed = z.union([z.string(), z.instanceof(Uint8Array)]);
const dictionary = z.int().min(1).optional();

const headRow = z.object({
  pk: z.string(),
  sk: z.literal(HEAD_KEY),
  version,
  hash,
  nextWakeAt: z.int().optional(),
  state: packed,
  dictionary,
});

const commitRow = z.object({
  pk: z.string(),
  sk: z.string(),
  schema: z.int().min(1),
  at: z.int(),
  actor: z.string(),
  correlationId: z.string(),
  events: packed,
  dictionary,
  previousHash: hash.optional(),
  hash,
});

const claimRow = z.object({ value: z.string() });
const blobRow = z.object({ data: z.instanceof(Uint8Array) });
const wakeKeyRow = z.object({ pk: z.string(), nextWakeAt: z.int() });
const eventList = z.array(z.looseObject({ type: z.string() })).min(1);

/** A commit as it is stored: `eventsText` is what the hash covers. */
export interface StoredCommit {
  readonly firstVersion: number;
  readonly schema: number;
  readonly at: number;
  readonly actor: string;
  readonly correlationId: string;
  readonly eventsText: string;
  readonly events: readonly { readonly type: string }[];
  readonly previousHash: string | null;
  readonly hash: string;
}

export function parseRow<T>(schema: z.ZodType<T>, tableName: string, item: ReceivedItem): T {
  const flat = flatten(item);
  const parsed = schema.safeParse(flat);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StoredRowError(tableName, rowKey(flat), issue?.path.join('.') || 'row', issue?.code ?? 'invalid');
}

export function parseHead(tableName: string, codecs: CodecRegistry, item: ReceivedItem): Head {
  const row = parseRow(headRow, tableName, item);
  const key = `${row.pk} ${row.sk}`;
  const ref = parseStreamKey(row.pk);
  if (ref === null) throw new StoredRowError(tableName, key, 'pk', 'not a stream');
  const stored = parseJson(tableName, key, 'state', row.state, row.dictionary);
  const state = guarded(tableName, key, 'state', () => codecOf(codecs, ref.type).parseState(stored));
  return { ref, version: row.version, hash: row.hash, state, nextWakeAt: row.nextWakeAt ?? null };
}

export function parseCommit(tableName: string, item: ReceivedItem): StoredCommit {
  const row = parseRow(commitRow, tableName, item);
  const key = `${row.pk} ${row.sk}`;
  const firstVersion = parseCommitKey(row.sk);
  if (firstVersion === null || !Number.isSafeInteger(firstVersion) || firstVersion < 1) {
    throw new StoredRowError(tableName, key, 'sk', 'not a commit');
  }
  const eventsText = guarded(tableName, key, 'events', () => unpackJson(row.events, row.dictionary));
  const events = guarded(tableName, key, 'events', () => eventList.parse(JSON.parse(eventsText)));
  const { schema, at, actor, correlationId, hash } = row;
  return {
    firstVersion,
    schema,
    at,
    actor,
    correlationId,
    eventsText,
    events,
    previousHash: row.previousHash ?? null,
    hash,
  };
}

export function parseClaim(tableName: string, item: ReceivedItem): unknown {
  const row = parseRow(claimRow, tableName, item);
  return parseJson(tableName, rowKey(flatten(item)), 'value', row.value, undefined);
}

/** The name of a blob that an event names ends with the SHA-256 of its bytes: then they must be those. */
export function parseBlob(tableName: string, item: ReceivedItem, name: string): Uint8Array {
  const { data } = parseRow(blobRow, tableName, item);
  const [digest] = /[0-9a-f]{64}$/.exec(name) ?? [];
  if (digest !== undefined && digest !== sha256('sha256', data, 'hex')) {
    throw new StoredRowError(tableName, rowKey(flatten(item)), 'data', 'does not match its digest');
  }
  return data;
}

export function parseWakeKey(tableName: string, item: ReceivedItem) {
  const row = parseRow(wakeKeyRow, tableName, item);
  const ref = parseStreamKey(row.pk);
  if (ref === null) throw new StoredRowError(tableName, row.pk, 'pk', 'not a stream');
  return { ref, at: row.nextWakeAt };
}

export function codecOf(codecs: CodecRegistry, type: keyof CodecRegistry): AggregateCodec {
  return codecs[type];
}

/** Runs a parser of somebody else's and reports its failure as a fault of the row. */
export function guarded<T>(tableName: string, key: string, field: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new StoredRowError(tableName, key, field, faultOf(error));
  }
}

function parseJson(
  tableName: string,
  key: string,
  field: string,
  stored: string | Uint8Array,
  packedWith: number | undefined,
): unknown {
  return guarded(tableName, key, field, () => JSON.parse(unpackJson(stored, packedWith)));
}

/** Messages of JSON.parse quote the text, and a schema's may: their paths and codes leave this file. A codec's names the field. */
function faultOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return `${issue?.path.join('.') || 'value'} ${issue?.code ?? 'invalid'}`;
  }
  if (error instanceof SyntaxError) return 'not JSON';
  return error instanceof Error ? error.message : 'not of its shape';
}

function rowKey(flat: Readonly<Record<string, unknown>>): string {
  return `${String(flat.pk)} ${String(flat.sk)}`;
}
