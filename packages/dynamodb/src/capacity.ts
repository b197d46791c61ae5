import type { ConsumedCapacity, DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { itemBytes } from './attributes.ts';

/** Units of one call as the service reports them, summed over its tables. */
export interface CapacityUnits {
  readonly readUnits: number;
  /** Of the table alone. */
  readonly writeUnits: number;
  /**
   * What the published rule makes of a transaction's rows: 2 units for each begun kB of a row. DynamoDB Local 1.25
   * answers 4 for each begun kB, and counts rows of equal cost once, so that its own answer fits no bill.
   * Of other calls the same as `writeUnits`.
   */
  readonly writeUnitsBySize: number;
  readonly indexReadUnits: number;
  readonly indexWriteUnits: number;
}

/** `command` is the name of the SDK's command, e.g. `TransactWriteItemsCommand`. */
export type CapacityHook = (command: string, units: CapacityUnits) => void;

const WRITES = new Set(['TransactWriteItemsCommand', 'PutItemCommand', 'UpdateItemCommand', 'BatchWriteItemCommand']);
const READS = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand', 'ScanCommand']);

/** Asks the service for consumed capacity with every data call and hands it to the hook. */
export function meterCapacity(client: DynamoDBClient, hook: CapacityHook): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = context.commandName ?? '';
      const writes = WRITES.has(command);
      if (!writes && !READS.has(command)) return next(args);
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
      const consumed = (result.output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] }).ConsumedCapacity;
      const units = sumUnits(consumed === undefined ? [] : [consumed].flat(), writes);
      const rows = (args.input as { TransactItems?: readonly TransactWriteItem[] }).TransactItems;
      hook(command, rows ? { ...units, writeUnitsBySize: transactionUnits(rows) } : units);
      return result;
    },
    { step: 'initialize', name: 'meterCapacity' },
  );
}

function sumUnits(tables: readonly ConsumedCapacity[], writes: boolean): CapacityUnits {
  let table = 0;
  let indexes = 0;
  for (const consumed of tables) {
    const all = consumed.CapacityUnits ?? 0;
    const own = consumed.Table?.CapacityUnits ?? all;
    table += own;
    indexes += all - own;
  }
  return writes
    ? { readUnits: 0, writeUnits: table, writeUnitsBySize: table, indexReadUnits: 0, indexWriteUnits: indexes }
    : { readUnits: table, writeUnits: 0, writeUnitsBySize: 0, indexReadUnits: indexes, indexWriteUnits: 0 };
}

/** Rows that are changed in place or removed are taken for small: their size is known to the service alone. */
function transactionUnits(rows: readonly TransactWriteItem[]): number {
  return rows.reduce((sum, { Put }) => sum + 2 * Math.max(1, Math.ceil(itemBytes(Put?.Item ?? {}) / 1024)), 0);
}
