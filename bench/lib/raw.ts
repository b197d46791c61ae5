import { BatchWriteItemCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '@duban/dynamodb/attributes';
import { startDynamoDbLocal } from '@duban/local-cloud/emulators/index';

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
 * What DynamoDB Local commits when nobody has to think: the very rows of a storm, written over the heads they replaced
 * by transactions of a hundred rows, with the plain SDK, on the data the storm left and into the same table, whose
 * pollers have stopped. Not into a second table: each stream of DynamoDB Local slows down the writes to every other,
 * and the raw rate would come out several times too low.
 * @returns commits a second
 */
export async function rawCommitRate(
  dataDir: string,
  tableName: string,
  commits: readonly CommitRows[],
): Promise<number> {
  const dynamoDb = await startDynamoDbLocal({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: dynamoDb.endpoint, region: 'local', credentials });
  try {
    const heads = commits.map(({ before }) => ({ PutRequest: { Item: underNewKey(before) } }));
    await inTurn(batchesOf(heads, 25), async (batch) => {
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: batch } }));
    });
    const transactions = batchesOf(commits, COMMITS_PER_TRANSACTION);
    const start = performance.now();
    await inTurn(transactions, async (batch) => {
      const rows = batch.flatMap(({ head, event }) => [event, head].map(underNewKey));
      const TransactItems = rows.map((Item) => ({ Put: { TableName: tableName, Item } }));
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
    });
    return commits.length / ((performance.now() - start) / 1_000);
  } finally {
    client.destroy();
    await dynamoDb.stop();
  }
}

/** Another county's rows of the same size. */
function underNewKey(row: Item): Item {
  return { ...row, pk: { S: `999999${row.pk?.S?.slice(6)}` } };
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
