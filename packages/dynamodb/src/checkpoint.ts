import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { textValue } from './attributes.ts';
import { guarded, parseRow } from './rows.ts';

/** Where a reader of a stream stands, by shard: the last sequence number it is done with, or null at the shard's end. */
export interface StreamPosition {
  readonly streamArn: string;
  readonly shards: Readonly<Record<string, string | null>>;
}

/** Keeps a position across restarts. */
export interface Checkpoint {
  load(): Promise<StreamPosition | null>;
  save(position: StreamPosition): Promise<void>;
}

const row = z.object({ pk: z.string(), position: z.string() });
const position = z.strictObject({ streamArn: z.string(), shards: z.record(z.string(), z.string().nullable()) });

/** A checkpoint in the views table, outside its generations: a rebuild leaves it alone. One for each reader's name. */
export function createCheckpoint(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly name: string;
}): Checkpoint {
  const { client, tableName: TableName, name } = options;
  const Key = { pk: textValue(`checkpoint#${name}`), sk: textValue('position') };
  return {
    async load() {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      if (!Item) return null;
      const stored = parseRow(row, TableName, Item);
      return guarded(TableName, stored.pk, 'position', () => position.parse(JSON.parse(stored.position)));
    },
    async save(reached) {
      const Item = { ...Key, position: textValue(JSON.stringify(reached)) };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
