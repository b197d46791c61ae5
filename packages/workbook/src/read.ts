import type { BilingualFault } from '@duban/contracts/http/faults';
import { faultsOf } from '@duban/contracts/http/faults';
import { type ImportBundleBody, type ImportTaskRow, importRecords } from '@duban/contracts/http/imports';
import { bearsSecretMarking } from '@duban/contracts/http/state-secrets';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { fieldsOf, type RawCell, textOf } from './cells.ts';
import { inspectWorkbook, WorkbookError } from './guard.ts';
import { lay, nested, newPerson, recordOf } from './record.ts';
import { missingColumn, secretMarking, tooManyRows, unknownColumn, unknownSheet } from './sheet-faults.ts';
import { type Column, columnsOf, GUIDE_SHEET, SHEETS, type Sheet, sheetNamed } from './sheets.ts';

type Structure = Omit<ImportBundleBody, 'tasks' | 'jurisdictions' | 'policies'>;

/** A row of the tasks: what it says, or what is wrong with it. */
export type TaskRowRead =
  | { readonly task: ImportTaskRow }
  | {
      readonly faults: readonly BilingualFault[];
      /** The row without the fields at fault; null when its document, list or number is one of them. */
      readonly rest: ImportTaskRow | null;
    };

/** Where a pointer into the bundle lies in the workbook. */
export type Locator = (pointer: string) => BilingualFault['cell'];

export interface WorkbookRead {
  readonly structure: Structure;
  /** Faults of the structure's sheets and of the workbook as a whole. */
  readonly faults: readonly BilingualFault[];
  /** The rows of the tasks, read as they are asked for; null when the workbook has no such sheet. */
  readonly tasks: AsyncIterable<TaskRowRead> | null;
  readonly locate: Locator;
}

/**
 * Reads a workbook in the layout of the template or of an exported ledger. Structure is read at once, tasks row by row.
 * @throws WorkbookError when the file is none, or unfolds to more than any ledger
 */
export async function readWorkbook(
  bytes: Uint8Array,
  { jurisdiction, mode }: Pick<ImportBundleBody, 'jurisdiction' | 'mode'>,
): Promise<WorkbookRead> {
  const { secret } = await inspectWorkbook(bytes);
  const reading = new Reading(bytes);
  const sheets = await reading.sheets();
  // Wherever it stands, also where nothing is read from; of a cell its place is told beside it.
  if (secret) reading.faults.push(secretMarking(''));
  const structure: Record<string, unknown> = { jurisdiction, mode };
  for (const { sheet, name } of sheets.filter(({ sheet }) => sheet.kind !== 'tasks')) {
    const records: unknown[] = [];
    for await (const row of reading.rows(sheet, name)) if ('record' in row) records.push(row.record);
    structure[sheet.kind] = records;
    if (sheet.kind === 'appointments') structure.people = reading.people;
  }
  const tasks = sheets.find(({ sheet }) => sheet.kind === 'tasks');
  return {
    structure: structure as Structure,
    faults: reading.faults,
    tasks: tasks === undefined ? null : taskRows(reading, tasks.sheet, tasks.name),
    locate: (pointer) => reading.locate(pointer),
  };
}

async function* taskRows(reading: Reading, sheet: Sheet, name: string): AsyncGenerator<TaskRowRead> {
  for await (const row of reading.rows(sheet, name)) {
    yield 'record' in row
      ? { task: row.record as ImportTaskRow }
      : { faults: row.faults, rest: (row.rest ?? null) as ImportTaskRow | null };
  }
}

type RowRead = { readonly record: unknown } | { readonly faults: readonly BilingualFault[]; readonly rest?: unknown };

/** One pass over a workbook, with what it remembers of where things stood. */
class Reading {
  readonly faults: BilingualFault[] = [];
  /** New people, named on the sheet of appointments. */
  readonly people: { code: string; name: string }[] = [];
  readonly #bytes: Uint8Array;
  /** For each kind: the sheet's name, its columns' headers by field, and the row of each record. */
  readonly #places = new Map<string, { sheet: string; headers: ReadonlyMap<string, string>; rows: number[] }>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The sheets there are to read. A sheet with another name is a fault: what stands on it would be lost unseen. */
  async sheets(): Promise<readonly { readonly sheet: Sheet; readonly name: string }[]> {
    const names: string[] = [];
    try {
      await readXlsx(this.#bytes, { sheets: ({ name }) => names.push(name) < 0 });
    } catch {
      throw new WorkbookError('not_a_workbook');
    }
    const found: { sheet: Sheet; name: string }[] = [];
    for (const name of names.filter((each) => each.trim() !== GUIDE_SHEET)) {
      const sheet = sheetNamed(name);
      if (sheet === null || found.some((other) => other.sheet === sheet))
        this.faults.push(bearsSecretMarking(name) ? secretMarking('') : unknownSheet(name, sheet !== null));
      else found.push({ sheet, name });
    }
    return SHEETS.flatMap((sheet) => found.filter((each) => each.sheet === sheet));
  }

  async *rows(sheet: Sheet, name: string): AsyncGenerator<RowRead> {
    let columns: readonly (Column | null)[] | null = null;
    const rows: number[] = [];
    try {
      for await (const { index, values } of streamXlsxRows(this.#bytes, { sheet: name })) {
        const cells = values as readonly RawCell[];
        if (cells.every((cell) => textOf(cell) === '')) continue;
        if (columns === null) {
          const header = this.#header(sheet, name, cells, index + 1);
          columns = header.columns;
          const headers = columns.flatMap((column) =>
            column === null ? [] : [[column.field, column.header] as const],
          );
          this.#places.set(sheet.kind, { sheet: name, headers: new Map(headers), rows });
          if (header.faults.length > 0) {
            yield this.#keep(sheet, header.faults);
            return;
          }
          continue;
        }
        if (rows.length === sheet.mostRows) {
          yield this.#keep(sheet, [tooManyRows(sheet, name, index + 1)]);
          return;
        }
        rows.push(index + 1);
        yield this.#record(sheet, columns, cells, rows.length - 1);
      }
    } catch (error) {
      // A damaged sheet is the file's fault; what it says may quote the file.
      throw error instanceof WorkbookError ? error : new WorkbookError('not_a_workbook');
    }
  }

  locate(pointer: string): BilingualFault['cell'] {
    const [, kind = '', at = '', ...path] = pointer.split('/');
    // New people stand on the sheet of appointments.
    const place = this.#places.get(kind === 'people' ? 'appointments' : kind);
    if (place === undefined) return undefined;
    const row = place.rows[Number(at)];
    if (at === '' || row === undefined) return undefined;
    const field = [path.join('.'), path.slice(0, 2).join('.'), path[0] ?? ''].find((each) => place.headers.has(each));
    return { sheet: place.sheet, row, column: field === undefined ? null : (place.headers.get(field) ?? null) };
  }

  #record(sheet: Sheet, columns: readonly (Column | null)[], cells: readonly RawCell[], at: number): RowRead {
    const prefix = `/${sheet.kind}/${at}`;
    const secret = columns.find((_, index) => bearsSecretMarking(textOf(cells[index])));
    if (secret !== undefined) {
      const pointer = secret === null ? prefix : `${prefix}/${secret.field}`;
      return this.#keep(sheet, [this.#located(secretMarking(pointer))]);
    }
    const stated: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) {
      if (column !== null) lay(stated, fieldsOf(column, cells[index]), columns);
    }
    const value = recordOf(sheet, nested(stated));
    const person = sheet.kind === 'appointments' ? newPerson(stated) : null;
    if (person !== null) this.people.push(person);
    const parsed = importRecords[sheet.kind].safeParse(value);
    if (parsed.success) return { record: parsed.data };
    const faults = faultsOf(parsed.error, value, prefix).map((fault) => this.#located(fault));
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
    const rest = Object.fromEntries(Object.entries(value).filter(([field]) => !wrong.has(field)));
    return { ...this.#keep(sheet, faults), rest: importRecords[sheet.kind].safeParse(rest).data };
  }

  /** Faults of tasks go with their row; all others are kept for the whole. */
  #keep(sheet: Sheet, faults: readonly BilingualFault[]): { readonly faults: readonly BilingualFault[] } {
    if (sheet.kind !== 'tasks') this.faults.push(...faults);
    return { faults };
  }

  #located(fault: BilingualFault): BilingualFault {
    const cell = this.locate(fault.pointer);
    return cell === undefined ? fault : { ...fault, cell };
  }

  #header(sheet: Sheet, name: string, cells: readonly RawCell[], row: number) {
    const faults: BilingualFault[] = [];
    const known = columnsOf(sheet);
    const seen = new Set<string>();
    const columns = cells.map((cell): Column | null => {
      const header = textOf(cell).replace(/\s+/g, '');
      const column = known.find((each) => each.header === header) ?? null;
      if (header === '') return null;
      if (bearsSecretMarking(textOf(cell))) faults.push(secretMarking(`/${sheet.kind}`));
      else if (column === null || seen.has(column.field))
        faults.push(unknownColumn(sheet, name, row, seen.has(column?.field ?? '')));
      if (column !== null) seen.add(column.field);
      return column;
    });
    for (const { header, field, required } of sheet.columns) {
      if (required === true && !seen.has(field)) faults.push(missingColumn(sheet, name, row, header));
    }
    return { columns, faults };
  }
}
