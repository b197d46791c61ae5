import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

export const WAKE_INDEX = 'wake';
/** Attribute of claim rows, in epoch seconds. */
export const TIME_TO_LIVE_ATTRIBUTE = 'expiresAt';

export interface TableNames {
  readonly ledger: string;
  readonly views: string;
}

export function tableNames(prefix: string): TableNames {
  return { ledger: `${prefix}ledger`, views: `${prefix}views` };
}

/**
 * Creates both tables as the deployed ones are, for a local cloud or a test. Tables that exist stay as they are.
 * @param prefix e.g. `duban-`; letters, digits, `-`, `_` and `.` only
 */
export async function createTables(client: DynamoDBClient, prefix: string): Promise<TableNames> {
  const names = tableNames(prefix);
  const created = await Promise.all([
    create(client, ledgerTable(names.ledger)),
    create(client, viewsTable(names.views)),
  ]);
  if (created[0]) {
    const TimeToLiveSpecification = { AttributeName: TIME_TO_LIVE_ATTRIBUTE, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: names.ledger, TimeToLiveSpecification }));
  }
  return names;
}

/** The shape of the views' table, here and deployed. */
export function viewsTable(TableName: string): CreateTableCommandInput {
  return keyedTable(TableName);
}

function keyedTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  };
}

/** The shape of the ledger's table, here and deployed. */
export function ledgerTable(TableName: string): CreateTableCommandInput {
  const keyed = keyedTable(TableName);
  return {
    ...keyed,
    AttributeDefinitions: [
      ...(keyed.AttributeDefinitions ?? []),
      { AttributeName: 'wakeShard', AttributeType: 'S' },
      { AttributeName: 'nextWakeAt', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: WAKE_INDEX,
        KeySchema: [
          { AttributeName: 'wakeShard', KeyType: 'HASH' },
          { AttributeName: 'nextWakeAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  };
}

async function create(client: DynamoDBClient, input: CreateTableCommandInput): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    return false;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: input.TableName });
  return true;
}
