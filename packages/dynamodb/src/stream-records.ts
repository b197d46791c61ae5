import type { CodecRegistry, Head, RecordedEvent, StreamRef } from '@duban/application';
import type { ReceivedItem } from './attributes.ts';
import { HEAD_KEY, parseCommitKey, parseStreamKey } from './keys.ts';
import { codecOf, guarded, parseCommit, parseHead, type StoredCommit } from './rows.ts';

/** A change of the ledger table, as Lambda hands it over and as the streams client does. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly NewImage?: ReceivedItem | undefined;
        readonly SequenceNumber?: string | undefined;
      }
    | undefined;
}

export type LedgerChange =
  | { readonly kind: 'commit'; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'head'; readonly head: Head };

/**
 * What a stream record says; null for rows that are neither commit nor head, and for removals.
 * @throws StoredRowError when the row is not of its shape
 */
export function parseStreamRecord(record: StreamRecord, codecs: CodecRegistry): LedgerChange | null {
  const image = record.dynamodb?.NewImage;
  if (image === undefined || record.eventName === 'REMOVE') return null;
  const ref = parseStreamKey(String(image.pk?.S));
  const sortKey = String(image.sk?.S);
  if (ref === null) return null;
  if (sortKey === HEAD_KEY) return { kind: 'head', head: parseHead('stream', codecs, image) };
  if (parseCommitKey(sortKey) === null) return null;
  return { kind: 'commit', events: recordedEvents(codecs, 'stream', ref, parseCommit('stream', image)) };
}

/** The events of a commit, parsed and upcast. */
export function recordedEvents(
  codecs: CodecRegistry,
  tableName: string,
  ref: StreamRef,
  commit: StoredCommit,
): readonly RecordedEvent[] {
  const codec = codecOf(codecs, ref.type);
  const { at, actor, correlationId, hash: commitHash, previousHash, firstVersion } = commit;
  return commit.events.map((stored, index) => {
    const version = firstVersion + index;
    const key = `${ref.jurisdiction}#${ref.type}#${ref.id} version ${version}`;
    const event = guarded(tableName, key, 'events', () => codec.parseEvent(stored, commit.schema));
    return { ref, version, event, meta: { at, actor, correlationId }, commitHash, previousHash };
  });
}
