import { createHash } from 'node:crypto';
import { type DynamoDBClient, paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { bytesValue, type Item, textValue } from './attributes.ts';
import { batchWrite } from './batch-write.ts';

/** Rows put back together; each call of the service takes 25. */
const ROWS_AT_ONCE = 500;

const header = z.strictObject({
  duban: z.literal('ledger'),
  version: z.literal(1),
  exportedAt: z.string(),
  /** What the ledger's clock said; differs from real time where it is virtual. */
  clock: z.int(),
});
const value = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string().regex(/^-?\d+(\.\d+)?$/) }),
  z.strictObject({ B: z.base64() }),
]);
const row = z
  .record(z.string(), value)
  .refine((item) => 'pk' in item && 'sk' in item, { error: 'a row has a pk and an sk' });
const footer = z.strictObject({ end: z.literal(true), rows: z.int(), sha256: z.string() });

/** A backup that cannot be taken back, and why; nothing was written. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export interface BackupOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/**
 * The lines of a backup: a header, every row as the service has it, and a footer that tells whether all of it is there.
 * Nothing may write meanwhile, or what belongs together may be torn: a point-in-time copy is exported, or a copy that
 * has been stopped.
 */
export async function* exportLedger(
  { client, tableName }: BackupOptions,
  { exportedAt, clock }: { readonly exportedAt: string; readonly clock: number },
): AsyncGenerator<string> {
  yield JSON.stringify({ duban: 'ledger', version: 1, exportedAt, clock } satisfies z.input<typeof header>);
  const hash = createHash('sha256');
  let rows = 0;
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const line = JSON.stringify(item);
      hash.update(line).update('\n');
      rows += 1;
      yield line;
    }
  }
  yield JSON.stringify({ end: true, rows, sha256: hash.digest('hex') } satisfies z.input<typeof footer>);
}

export interface RestoredLedger {
  readonly rows: number;
  readonly clock: number;
}

/**
 * Writes a backup into a ledger that is empty, or into which the same backup was being restored when something died.
 * The file is read whole, and checked, before anything is written.
 * @param lines reads the backup from its beginning; called twice
 * @param onBegin called when everything has been checked, before the first row is written
 * @throws BackupError when the backup is torn or altered, or the ledger holds anything else
 */
export async function restoreLedger(
  options: BackupOptions,
  lines: () => AsyncIterable<string>,
  onBegin: () => void = () => undefined,
): Promise<RestoredLedger> {
  const { client, tableName } = options;
  const checked = await checkBackup(lines());
  await refuseOthers(options, checked.digests);
  onBegin();
  let waiting: Item[] = [];
  const write = async () => {
    await batchWrite(
      client,
      tableName,
      waiting.map((item) => ({ PutRequest: { Item: item } })),
    );
    waiting = [];
  };
  let number = 0;
  for await (const line of lines()) {
    number += 1;
    if (number === 1 || number > checked.rows + 1) continue;
    waiting.push(itemOf(line));
    if (waiting.length === ROWS_AT_ONCE) await write();
  }
  await write();
  return { rows: checked.rows, clock: checked.clock };
}

interface CheckedBackup extends RestoredLedger {
  /** Of each row's content, by its key. */
  readonly digests: ReadonlyMap<string, string>;
}

async function checkBackup(lines: AsyncIterable<string>): Promise<CheckedBackup> {
  const digests = new Map<string, string>();
  const hash = createHash('sha256');
  let head: z.output<typeof header> | null = null;
  let foot: z.output<typeof footer> | null = null;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (foot !== null) throw new BackupError(`Line ${number}: the backup goes on after its end.`);
    const parsed = parseLine(line, number);
    if (head === null) {
      const read = header.safeParse(parsed);
      if (!read.success) throw new BackupError('Line 1 is not the beginning of a backup of a ledger.');
      head = read.data;
    } else if (parsed !== null && typeof parsed === 'object' && 'end' in parsed) {
      const read = footer.safeParse(parsed);
      if (!read.success) throw new BackupError(`Line ${number} is not the end of a backup.`);
      foot = read.data;
    } else {
      const read = row.safeParse(parsed);
      if (!read.success) throw new BackupError(`Line ${number} is not a row of a ledger.`);
      hash.update(line).update('\n');
      digests.set(keyOf(read.data), digestOf(line));
    }
  }
  if (head === null) throw new BackupError('The file is empty.');
  if (foot === null) throw new BackupError('The backup ends in the middle: it was cut short.');
  if (foot.rows !== digests.size || foot.sha256 !== hash.digest('hex')) {
    throw new BackupError('The backup is not what was exported: rows are missing or altered.');
  }
  return { rows: foot.rows, clock: head.clock, digests };
}

async function refuseOthers({ client, tableName }: BackupOptions, digests: ReadonlyMap<string, string>): Promise<void> {
  const { Items: [first] = [] } = await client.send(new ScanCommand({ TableName: tableName, Limit: 1 }));
  if (first === undefined) return;
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const key = keyOf(item as unknown as z.output<typeof row>);
      if (digests.get(key) !== digestOf(JSON.stringify(item))) {
        throw new BackupError(`${tableName} holds ${key}, which the backup does not: restore into an empty ledger.`);
      }
    }
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BackupError(`Line ${number} cannot be read.`);
  }
}

function itemOf(line: string): Item {
  const stored = row.parse(JSON.parse(line));
  return Object.fromEntries(
    Object.entries(stored).map(([name, given]) => [
      name,
      'S' in given ? textValue(given.S) : 'N' in given ? { N: given.N } : bytesValue(Buffer.from(given.B, 'base64')),
    ]),
  );
}

function keyOf({ pk, sk }: z.output<typeof row>): string {
  return [pk, sk].map((part) => (part !== undefined && 'S' in part ? part.S : '')).join(' ');
}

/** Attributes come in an order of the service's own. */
function digestOf(line: string): string {
  const sorted = Object.entries(JSON.parse(line) as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64');
}
