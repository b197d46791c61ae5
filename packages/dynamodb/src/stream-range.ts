import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from './stream-records.ts';

/** Records of one shard, first and last included; what a note of a failed batch names. */
export interface StreamRange {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/** Pages may come empty where records follow; as many in a row mean that none do. */
const EMPTY_PAGES = 200;

/**
 * Reads a stretch of a stream once more; null when the stream, whose memory is a day, no longer has it.
 * @throws Error when the stretch does not end where it should
 */
export async function readStreamRange(
  client: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamRange,
): Promise<readonly StreamRecord[] | null> {
  const last = BigInt(endSequenceNumber);
  const records: StreamRecord[] = [];
  try {
    const input = { StreamArn: streamArn, ShardId: shardId, SequenceNumber: startSequenceNumber };
    const start = new GetShardIteratorCommand({ ...input, ShardIteratorType: 'AT_SEQUENCE_NUMBER' });
    let { ShardIterator: iterator } = await client.send(start);
    for (let empty = 0; iterator !== undefined && empty < EMPTY_PAGES; ) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      empty = (page.Records ?? []).length === 0 ? empty + 1 : 0;
      for (const record of (page.Records ?? []) as readonly StreamRecord[]) {
        records.push(record);
        if (BigInt(record.dynamodb?.SequenceNumber ?? '0') >= last) return records;
      }
      iterator = page.NextShardIterator;
    }
    throw new Error(`${shardId} ends before ${endSequenceNumber}`);
  } catch (error) {
    if (error instanceof TrimmedDataAccessException) return null;
    throw error;
  }
}
