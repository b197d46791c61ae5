import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { StreamRef } from '@duban/application';
import { bytesValue, type Item, numberValue, textValue } from '@duban/dynamodb/attributes';
import { batchWrite } from '@duban/dynamodb/batch-write';
import { commitHash } from '@duban/dynamodb/hash-chain';
import { commitKey, HEAD_KEY, parseCommitKey, streamKey } from '@duban/dynamodb/keys';
import { unpackJson } from '@duban/dynamodb/packed-json';

/** A stream's rows as they lie in the table: its commits in order, its head, and what else is there. */
export interface StoredStream {
  readonly ref: StreamRef;
  readonly head: Item;
  readonly commits: readonly Item[];
  readonly others: readonly Item[];
}

/** What somebody with the table before him makes of a stream, and the version that must be named for it. */
export interface Tampered {
  readonly stream: StoredStream;
  readonly version: number;
}

/** @param key the stream's partition key */
async function rowsOf(client: DynamoDBClient, TableName: string, key: string): Promise<Item[]> {
  const rows: Item[] = [];
  const input = {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': textValue(key) },
  };
  for await (const page of paginateQuery({ client }, input)) rows.push(...(page.Items ?? []).map(withBytes));
  return rows;
}

export async function storedStream(client: DynamoDBClient, tableName: string, ref: StreamRef): Promise<StoredStream> {
  const rows = await rowsOf(client, tableName, streamKey(ref));
  const head = rows.find((row) => row.sk?.S === HEAD_KEY);
  if (head === undefined) throw new Error(`${ref.id} has no head`);
  const commits = rows.filter((row) => parseCommitKey(row.sk?.S ?? '') !== null);
  return { ref, head, commits, others: rows.filter((row) => row !== head && !commits.includes(row)) };
}

/** Makes the table hold the rows of `to` where it holds those of `from`. */
export async function putStream(
  client: DynamoDBClient,
  tableName: string,
  to: StoredStream,
  from: StoredStream = { ...to, head: NOTHING, commits: [], others: [] },
): Promise<void> {
  const [before, after] = [rowsByKey(from), rowsByKey(to)];
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, { pk, sk }]) => ({ pk, sk }) as Item);
  const written = [...after].filter(([key, row]) => before.get(key) !== row).map(([, row]) => row);
  await batchWrite(client, tableName, [
    ...gone.map((Key) => ({ DeleteRequest: { Key } })),
    ...written.map((row) => ({ PutRequest: { Item: row } })),
  ]);
}

function rowsByKey({ head, commits, others }: StoredStream): ReadonlyMap<string, Item> {
  const rows = [...(head === NOTHING ? [] : [head]), ...commits, ...others];
  return new Map(rows.map((row) => [row.sk?.S ?? '', row]));
}

/** In the place of a head: it was taken away. */
export const NOTHING: Item = {};

/** The lean client leaves bytes in base64 and wants them as bytes. */
function withBytes(row: Item): Item {
  const entries = Object.entries(row).map(([name, value]) => {
    const bytes: unknown = value.B;
    return [name, typeof bytes === 'string' ? bytesValue(Buffer.from(bytes, 'base64')) : value];
  });
  return Object.fromEntries(entries);
}

export const firstVersionOf = (commit: Item): number => parseCommitKey(commit.sk?.S ?? '') ?? 0;
export const lastVersionOf = ({ head }: StoredStream): number => Number(head.version?.N);

function textOf(row: Item, name: string): string {
  const value = row[name];
  const dictionary = row.dictionary?.N === undefined ? undefined : Number(row.dictionary.N);
  return unpackJson(value?.S ?? (value?.B as Uint8Array), dictionary);
}

function withText(row: Item, name: string, text: string): Item {
  const { dictionary: _, ...others } = row;
  return { ...others, [name]: textValue(text) };
}

/** A digit is another one: of a number, a date, a name, whatever stands last. */
function misprinted(text: string): string {
  return text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10 || 1));
}

/** The commit with the hash that its content has now. */
function rehashed(ref: StreamRef, commit: Item): Item {
  const meta = {
    at: Number(commit.at?.N),
    actor: commit.actor?.S ?? '',
    correlationId: commit.correlationId?.S ?? '',
  };
  const hash = commitHash({
    ...{ ref, firstVersion: firstVersionOf(commit), schema: Number(commit.schema?.N), meta },
    ...{ eventsText: textOf(commit, 'events'), previousHash: commit.previousHash?.S ?? null },
  });
  return { ...commit, hash: textValue(hash) };
}

/** Everything from a commit on as if it had always been so; the head is the forger's to remember. */
export function forgedFrom(stream: StoredStream, place: number, forge: (commit: Item) => Item): StoredStream {
  const commits = [...stream.commits];
  for (let at = place; at < commits.length; at += 1) {
    const previousHash = commits[at - 1]?.hash;
    const commit = at === place ? forge(commits[at] as Item) : (commits[at] as Item);
    commits[at] = rehashed(stream.ref, { ...commit, ...(previousHash === undefined ? {} : { previousHash }) });
  }
  return { ...stream, commits };
}

const ANOTHER_HASH = textValue('A'.repeat(43));
export const byAnother = (commit: Item): Item => ({ ...commit, actor: textValue('somebody-else') });

/** What can be done to the commit at a place; null where it makes no sense. */
export const COMMIT_TAMPERINGS: Readonly<Record<string, (stream: StoredStream, place: number) => Tampered | null>> = {
  'its text changed': changed((commit) => withText(commit, 'events', misprinted(textOf(commit, 'events')))),
  'when it was changed': changed((commit) => ({ ...commit, at: numberValue(Number(commit.at?.N) + 1) })),
  'who it was changed': changed(byAnother),
  'its correlation changed': changed((commit) => ({ ...commit, correlationId: textValue('another') })),
  'its shape number changed': changed((commit) => ({ ...commit, schema: numberValue(Number(commit.schema?.N) + 1) })),
  'its hash changed': changed((commit) => ({ ...commit, hash: ANOTHER_HASH })),
  'its predecessor changed': changed((commit) => ({ ...commit, previousHash: ANOTHER_HASH })),
  'made unreadable': changed((commit) => withText(commit, 'events', '[{')),
  removed: (stream, place) => ({
    stream: { ...stream, commits: stream.commits.filter((_, at) => at !== place) },
    version: firstVersionOf(stream.commits[place] as Item),
  }),
  'exchanged with the next': (stream, place) => {
    const [one, other] = [stream.commits[place] as Item, stream.commits[place + 1]];
    if (other === undefined) return null;
    const commits = stream.commits.with(place, { ...other, sk: one.sk as Item[string] });
    return {
      stream: { ...stream, commits: commits.with(place + 1, { ...one, sk: other.sk as Item[string] }) },
      version: firstVersionOf(one),
    };
  },
  'copied to the end': (stream, place) => appended(stream, stream.commits[place] as Item),
  'copied to the end, with its hash made to fit': (stream, place) => {
    const copy = { ...(stream.commits[place] as Item), previousHash: stream.head.hash as Item[string] };
    return appended(stream, copy, (commit) => rehashed(stream.ref, commit));
  },
  // Between two versions there is none: only a key that the product would not write comes to lie there.
  'copied behind itself': (stream, place) => {
    const original = stream.commits[place] as Item;
    const next = stream.commits[place + 1];
    return {
      stream: {
        ...stream,
        commits: [...stream.commits, { ...original, sk: textValue(`${original.sk?.S}x`) }],
      },
      version: next === undefined ? lastVersionOf(stream) + 1 : firstVersionOf(next),
    };
  },
  'copied before the first': (stream, place) => ({
    stream: { ...stream, commits: [...stream.commits, { ...(stream.commits[place] as Item), sk: textValue('e#-1') }] },
    version: 1,
  }),
  'copied into a commit of several events': (stream, place) => {
    const several = stream.commits.find((commit) => (JSON.parse(textOf(commit, 'events')) as object[]).length > 1);
    if (several === undefined) return null;
    const version = firstVersionOf(several) + 1;
    const copy = { ...(stream.commits[place] as Item), sk: textValue(commitKey(version)) };
    return { stream: { ...stream, commits: [...stream.commits, rehashed(stream.ref, copy)] }, version };
  },
  'forged, with its hash made to fit': (stream, place) => {
    const forged = rehashed(stream.ref, byAnother(stream.commits[place] as Item));
    const next = stream.commits[place + 1];
    return {
      stream: { ...stream, commits: stream.commits.with(place, forged) },
      // What it follows from fits; what follows from it does not.
      version: next === undefined ? lastVersionOf(stream) : firstVersionOf(next),
    };
  },
  'forged, with all that follows made to fit': (stream, place) => ({
    stream: forgedFrom(stream, place, byAnother),
    version: lastVersionOf(stream),
  }),
};

function changed(change: (commit: Item) => Item) {
  return (stream: StoredStream, place: number): Tampered => {
    const commit = stream.commits[place] as Item;
    return {
      stream: { ...stream, commits: stream.commits.with(place, change(commit)) },
      version: firstVersionOf(commit),
    };
  };
}

function appended(stream: StoredStream, commit: Item, made: (commit: Item) => Item = (given) => given): Tampered {
  const version = lastVersionOf(stream) + 1;
  const added = made({ ...commit, sk: textValue(commitKey(version)) });
  return { stream: { ...stream, commits: [...stream.commits, added] }, version };
}

/** What can be done to a head; null where it makes no sense. */
export const HEAD_TAMPERINGS: Readonly<Record<string, (stream: StoredStream) => Tampered | null>> = {
  'its state changed': head((row) => withText(row, 'state', misprinted(textOf(row, 'state')))),
  'its state made unreadable': head((row) => withText(row, 'state', '{')),
  'its hash changed': head((row) => ({ ...row, hash: ANOTHER_HASH })),
  'its version raised': (stream) => ({
    ...head((row) => ({ ...row, version: numberValue(Number(row.version?.N) + 1) }))(stream),
    version: lastVersionOf(stream) + 1,
  }),
  'its version lowered': (stream) =>
    lastVersionOf(stream) < 2
      ? null
      : head((row) => ({ ...row, version: numberValue(Number(row.version?.N) - 1) }))(stream),
  'its instant moved': (stream) =>
    stream.head.nextWakeAt === undefined
      ? null
      : head((row) => ({ ...row, nextWakeAt: numberValue(Number(row.nextWakeAt?.N) + 1) }))(stream),
  'silenced for ever': (stream) =>
    stream.head.nextWakeAt === undefined ? null : head(({ nextWakeAt: _, wakeShard: __, ...row }) => row)(stream),
  'put where no clock looks': (stream) =>
    stream.head.nextWakeAt === undefined ? null : head((row) => ({ ...row, wakeShard: textValue('w#99') }))(stream),
  'given an instant': (stream) =>
    stream.head.nextWakeAt === undefined
      ? head((row) => ({ ...row, nextWakeAt: numberValue(1), wakeShard: textValue('w#00') }))(stream)
      : null,
  removed: head(() => NOTHING),
};

/** What can be done to a blob that the head names; null where there is none. */
export const BLOB_TAMPERINGS: Readonly<Record<string, (stream: StoredStream) => Tampered | null>> = {
  'of other bytes': blob((row) => [{ ...row, data: bytesValue(new Uint8Array(3)) }]),
  removed: blob(() => []),
};

function blob(change: (row: Item) => readonly Item[]) {
  return (stream: StoredStream): Tampered | null => {
    const state = textOf(stream.head, 'state');
    const named = stream.others.find(({ sk }) => state.includes(sk?.S?.slice('blob#'.length) ?? '-'));
    if (named === undefined) return null;
    const others = stream.others.flatMap((row) => (row === named ? change(row) : [row]));
    return { stream: { ...stream, others }, version: lastVersionOf(stream) };
  };
}

function head(change: (row: Item) => Item) {
  return (stream: StoredStream): Tampered => ({
    stream: { ...stream, head: change(stream.head) },
    version: lastVersionOf(stream),
  });
}
