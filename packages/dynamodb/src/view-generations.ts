import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
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
/** `move` is new with each move: two rebuilds that begin together would write the same numbers. */
const row = z.object({ active: z.int().min(1), building: z.int().min(1).optional(), move: z.string().optional() });

/** Strongly consistent, so that no live projection overlooks a rebuild that was announced before it began. */
export async function readGenerations(client: DynamoDBClient, TableName: string): Promise<Generations> {
  const { active, building = null } = (await readRow(client, TableName)) ?? FIRST;
  return { active, building };
}

async function readRow(client: DynamoDBClient, TableName: string): Promise<z.infer<typeof row> | null> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }));
  return Item ? parseRow(row, TableName, Item) : null;
}

/**
 * Replaces the generations, provided they are still what was read. The SDK writes again when an answer was lost, and is
 * refused then by what it wrote itself: that is no other rebuild.
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
  const move = randomUUID();
  const input = {
    TableName,
    Item: {
      ...KEY,
      active: numberValue(to.active),
      ...(to.building === null ? {} : { building: numberValue(to.building) }),
      move: textValue(move),
    },
    ConditionExpression: unchanged,
    ExpressionAttributeValues: {
      ':active': numberValue(from.active),
      ...(from.building === null ? {} : { ':building': numberValue(from.building) }),
    },
  };
  try {
    await client.send(new PutItemCommand(input));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if ((await readRow(client, TableName))?.move !== move) throw error;
  }
}
