import { BatchWriteItemCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '@duban/dynamodb';
import type { Item } from '@duban/dynamodb/attributes';

/** The rows of one commit, and the head row it replaced. */
export interface CommitRows {
  readonly before: Item;
  readonly head: Item;
  readonly event: Item;
}

const COMMITS_PER_TRANSACTION = 50;
/** As many as one call of the event store keeps in flight. */
const IN_FLIGHT = 3;

/**
 * What the same DynamoDB Local commits when nobody has to think: the very rows of a storm, written over the heads they
 * replaced in a table like the ledger, by transactions of a hundred rows, with the plain SDK.
 * @returns commits a second
 */
export async function rawCommitRate(endpoint: string, commits: readonly CommitRows[]): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  try {
    const { ledger } = await createTables(client, 'raw-');
    const heads = commits.map(({ before }) => ({ PutRequest: { Item: before } }));
    await inTurn(batchesOf(heads, 25), async (batch) => {
      await client.send(new BatchWriteItemCommand({ RequestItems: { [ledger]: batch } }));
    });
    const transactions = batchesOf(commits, COMMITS_PER_TRANSACTION);
    const start = performance.now();
    await inTurn(transactions, async (batch) => {
      const TransactItems = batch.flatMap(({ head, event }) =>
        [event, head].map((Item) => ({ Put: { TableName: ledger, Item } })),
      );
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
    });
    return commits.length / ((performance.now() - start) / 1_000);
  } finally {
    client.destroy();
  }
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
