import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { pooled } from '@duban/application';
import { itemBytes } from './attributes.ts';
import { backOff } from './concurrency.ts';

const ROWS_PER_CALL = 25;
/** Half of what a call may carry: the service counts differently. */
const BYTES_PER_CALL = 8 * 1024 * 1024;
const CALLS_AT_ONCE = 4;
const ATTEMPTS = 8;

/**
 * Puts and deletes, 25 a call, in no order and not together: for rows that mean nothing until another names them.
 * @throws Error when rows stay unprocessed; some of the others may have been written
 */
export async function batchWrite(
  client: DynamoDBClient,
  tableName: string,
  requests: readonly WriteRequest[],
): Promise<void> {
  await pooled(callsOf(requests), CALLS_AT_ONCE, async (call) => {
    let waiting = call;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: waiting } }));
      waiting = answer.UnprocessedItems?.[tableName] ?? [];
      if (waiting.length === 0) return;
      await backOff(attempt);
    }
    throw new Error(`${tableName}: rows of a batch write stayed unprocessed`);
  });
}

function callsOf(requests: readonly WriteRequest[]): WriteRequest[][] {
  const calls: WriteRequest[][] = [];
  let call: WriteRequest[] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = itemBytes(request.PutRequest?.Item ?? {});
    if (call.length === ROWS_PER_CALL || (call.length > 0 && bytes + size > BYTES_PER_CALL)) {
      calls.push(call);
      [call, bytes] = [[], 0];
    }
    call.push(request);
    bytes += size;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
