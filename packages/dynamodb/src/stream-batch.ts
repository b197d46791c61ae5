import type { Log } from '@duban/application';
import type { StreamHandler } from './stream-handler.ts';
import type { StreamRecord } from './stream-records.ts';

export interface StreamBatchResponse<T> {
  /** The first record that could not be handled: it and what follows it in its shard come again. */
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  readonly done: readonly T[];
}

/**
 * Handles a batch of a stream as a whole; when that fails, record by record up to the first that fails alone. What
 * handles them must not mind a record twice.
 */
export async function handleStreamBatch<T>(
  handle: StreamHandler<T>,
  records: readonly StreamRecord[],
  log: Log,
): Promise<StreamBatchResponse<T>> {
  try {
    return { batchItemFailures: [], done: [await handle(records)] };
  } catch (error) {
    log.warn('stream.batch_failed', { records: records.length, fault: faultOf(error) });
  }
  const done: T[] = [];
  for (const record of records) {
    try {
      done.push(await handle([record]));
    } catch (error) {
      const itemIdentifier = record.dynamodb?.SequenceNumber ?? '';
      log.error('stream.record_failed', { sequenceNumber: itemIdentifier, fault: faultOf(error) });
      return { batchItemFailures: [{ itemIdentifier }], done };
    }
  }
  return { batchItemFailures: [], done };
}

function faultOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
