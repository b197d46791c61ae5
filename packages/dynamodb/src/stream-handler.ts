import {
  type CodecRegistry,
  type Dependencies,
  type Head,
  project,
  reactTo,
  refKey,
  StoredRowError,
} from '@duban/application';
import { HEAD_KEY } from './keys.ts';
import { type LedgerChange, parseStreamRecord, type StreamRecord } from './stream-records.ts';

export type StreamHandler<T = unknown> = (records: readonly StreamRecord[]) => Promise<T>;

/** Brings the views up to the heads in a batch of the ledger's stream. Throws when the batch must come again. */
export function createProjector(
  deps: Parameters<typeof project>[0] & Pick<Dependencies, 'log'>,
  codecs: CodecRegistry,
): StreamHandler {
  return async (records) => {
    const latest = new Map<string, Head>();
    for (const change of readable(deps, codecs, records.filter(isHead))) {
      if (change.kind === 'head') latest.set(refKey(change.head.ref), change.head);
    }
    await project(deps, [...latest.values()]);
  };
}

/**
 * Tells people of the events in a batch of the ledger's stream, and says how many notices joined a digest. Throws when
 * the batch must come again.
 */
export function createReactor(deps: Dependencies, codecs: CodecRegistry): StreamHandler<{ readonly joined: number }> {
  return async (records) => {
    const rows = records.filter((record) => !isHead(record));
    const events = readable(deps, codecs, rows).flatMap((change) => (change.kind === 'commit' ? change.events : []));
    return events.length === 0 ? { joined: 0 } : reactTo(deps, events);
  };
}

/** Told by the key, so that nobody unpacks and parses what is the other reader's. */
function isHead({ dynamodb }: StreamRecord): boolean {
  return dynamodb?.NewImage?.sk?.S === HEAD_KEY;
}

/** A row that does not parse will not parse next time either: it is named in the log and must not hold up the others. */
function readable(
  deps: Pick<Dependencies, 'log'>,
  codecs: CodecRegistry,
  records: readonly StreamRecord[],
): readonly LedgerChange[] {
  const changes: LedgerChange[] = [];
  for (const record of records) {
    try {
      const change = parseStreamRecord(record, codecs);
      if (change !== null) changes.push(change);
    } catch (error) {
      if (!(error instanceof StoredRowError)) throw error;
      deps.log.error('stream.unreadable_row', { fault: error.message });
    }
  }
  return changes;
}
