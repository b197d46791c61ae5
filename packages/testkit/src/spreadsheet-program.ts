import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Every sheet as UTF-8, with cells as they are shown: 44 a comma, 34 the quote, 76 UTF-8, -1 all sheets. */
const ALL_SHEETS_AS_SHOWN = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';

/** LibreOffice, where this machine has it: what people open our files with. */
export function findSpreadsheetProgram(): string | null {
  for (const program of ['soffice', 'libreoffice']) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return program;
    } catch {
      // Not under this name.
    }
  }
  return null;
}

/** The rows of each sheet, cells as a person sees them. */
export async function shownBy(
  program: string,
  workbook: Uint8Array,
): Promise<ReadonlyMap<string, readonly string[][]>> {
  return converted(program, workbook, ALL_SHEETS_AS_SHOWN, (folder) => {
    const files = readdirSync(folder).filter((name) => name.startsWith('out-') && name.endsWith('.csv'));
    return new Map(
      files.map((name) => [
        name.slice('out-'.length, -'.csv'.length),
        parseCsv(readFileSync(join(folder, name), 'utf8')),
      ]),
    );
  });
}

/** The same workbook, opened and saved. */
export async function savedBy(program: string, workbook: Uint8Array): Promise<Uint8Array> {
  return converted(
    program,
    workbook,
    'xlsx:Calc MS Excel 2007 XML',
    (folder) => new Uint8Array(readFileSync(join(folder, 'saved', 'out.xlsx'))),
  );
}

async function converted<T>(
  program: string,
  workbook: Uint8Array,
  to: string,
  read: (folder: string) => T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'duban-sheets-'));
  try {
    writeFileSync(join(folder, 'out.xlsx'), workbook);
    // A profile of its own: two of them at once would share a lock.
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    const outdir = to.startsWith('csv') ? folder : join(folder, 'saved');
    const words = [profile, '--headless', '--convert-to', to, '--outdir', outdir, join(folder, 'out.xlsx')];
    await run(program, words, { timeout: 120_000 });
    return read(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',' && end !== '') rows.push([]);
    if (end === '') break;
  }
  // The line end after the last row has begun one more.
  if (rows.at(-1)?.join('') === '') rows.pop();
  return rows;
}
