import { createDynamoClient, createStreamsClient, createTables, type DynamoClientOptions } from '@duban/dynamodb';
import { testDynamoDb } from '../emulators.ts';

let count = 0;

/** Fresh tables on the run's DynamoDB Local, and clients for them. */
export async function testTables(options: DynamoClientOptions = {}) {
  const { endpoint, tablePrefix } = await testDynamoDb();
  const client = createDynamoClient({ ...options, endpoint });
  count += 1;
  const tables = await createTables(client, `${tablePrefix}${count}-`);
  return { client, streams: createStreamsClient({ endpoint }), endpoint, ...tables };
}
