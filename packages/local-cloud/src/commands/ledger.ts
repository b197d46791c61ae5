import { createReadStream, createWriteStream, renameSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { rebuildViews } from '@duban/application';
import { BackupError, exportLedger, restoreLedger } from '@duban/dynamodb';
import type { Parts } from '../parts.ts';
import { auditVerify } from './audit.ts';
import { print } from './print.ts';
import type { RestoreMarks } from './reach.ts';

/** Writes every row of the ledger into a file; the file appears when it is whole. */
export async function exportToFile(
  { client, tables, deps }: Parts,
  file: string,
  tableName: string = tables.ledger,
): Promise<boolean> {
  const lines = exportLedger({ client, tableName }, { exportedAt: new Date().toISOString(), clock: deps.clock.now() });
  let rows = -2;
  const counted = async function* () {
    for await (const line of lines) {
      rows += 1;
      yield `${line}\n`;
    }
  };
  await pipeline(Readable.from(counted()), createGzip(), createWriteStream(`${file}.part`, { mode: 0o600 }));
  renameSync(`${file}.part`, file);
  print(`已导出 ${rows} 行到 ${file}。 ${rows} rows exported.`);
  return true;
}

/**
 * Writes a backup into an empty ledger, walks its hash chains and builds the views anew.
 * @param marks told when the first row is about to be written, and when all of them have been
 */
export async function restoreFromFile(
  parts: Parts,
  jurisdiction: string,
  file: string,
  marks: RestoreMarks,
): Promise<boolean> {
  const { client, tables, deps } = parts;
  try {
    const { rows, clock } = await restoreLedger({ client, tableName: tables.ledger }, () => linesOf(file), marks.begin);
    print(`已恢复 ${rows} 行。 ${rows} rows restored.`);
    marks.end(clock);
  } catch (error) {
    const explained = explain(error);
    if (explained === null) throw error;
    print(`未恢复，没有写入任何内容。 Nothing was restored, and nothing written: ${explained}`);
    return false;
  }
  const verified = await auditVerify(deps, jurisdiction);
  const { projected } = await rebuildViews(deps);
  print(`视图已重建：${projected} 项。 Views rebuilt: ${projected} items.`);
  return verified;
}

/** What a file may have, by the code of the system or of zlib. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  Z_DATA_ERROR: 'The file is no .gz archive, or it is damaged.',
  Z_BUF_ERROR: 'The file was cut short.',
};

function explain(error: unknown): string | null {
  if (error instanceof BackupError) return error.message;
  return FILE_FAULTS[(error as NodeJS.ErrnoException).code ?? ''] ?? null;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const source = createReadStream(file);
  source.once('error', (error) => unpacked.destroy(error));
  source.pipe(unpacked);
  const lines = createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
  let failed: Error | null = null;
  unpacked.once('error', (error) => {
    failed = error;
    lines.close();
  });
  for await (const line of lines) yield line;
  if (failed !== null) throw failed;
}
