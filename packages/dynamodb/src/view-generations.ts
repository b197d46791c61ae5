import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { type Item, numberValue, textValue } from './attributes.ts';
import { parseRow } from './rows.ts';

/** Which set of rows readers see, and which one a rebuild is filling. */
export interface Generations {
  readonly active: number;
  readonly building: number | null;
}

const FIRST: Generations = { active: 1, building: null };
const KEY: Item = { pk: textValue('meta'), sk: textValue('generations') };
const row = z.object({ active: z.int().min(1), building: z.int().min(1).optional() });

/** Strongly consistent, so that no live projection overlooks a rebuild that was announced before it began. */
export async function readGenerations(client: DynamoDBClient, TableName: string): Promise<Generations> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }));
  if (!Item) return FIRST;
  const { active, building = null } = parseRow(row, TableName, Item);
  return { active, building };
}

/**
 * Replaces the generations, provided they are still what was read.
 * @throws ConditionalCheckFailedException when another rebuild has moved them
 */
export async function moveGenerations(
  client: DynamoDBClient,
  TableName: string,
  from: Generations,
  to: Generations,
): Promise<void> {
  const unchanged =
    from.building === null
      ? '(attribute_not_exists(pk) OR active = :active) AND attribute_not_exists(building)'
      : 'active = :active AND building = :building';
  await client.send(
    new PutItemCommand({
      TableName,
      Item: {
        ...KEY,
        active: numberValue(to.active),
        ...(to.building === null ? {} : { building: numberValue(to.building) }),
      },
      ConditionExpression: unchanged,
      ExpressionAttributeValues: {
        ':active': numberValue(from.active),
        ...(from.building === null ? {} : { ':building': numberValue(from.building) }),
      },
    }),
  );
}
