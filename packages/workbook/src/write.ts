import type { TaskStatus } from '@duban/domain';
import { type CellValue, writeXlsx, writeXlsxStream } from 'hucre/xlsx';
import { type Column, GUIDE_SHEET, LEDGER_COLUMNS, LEDGER_SHEET, SHEETS, STATUS_NAMES } from './sheets.ts';

/** A task as a ledger prints it. Names, not codes. */
export interface LedgerRow {
  readonly seq: number | null;
  readonly title: string;
  readonly text: string;
  /** A date (its 24:00) or an instant with offset; null without a limit. */
  readonly due: string | null;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  /** What was last reported. */
  readonly progress: string | null;
  readonly status: TaskStatus;
  readonly documentNumber: string;
  readonly list: string;
  /** Null for a task that is to be assigned. */
  readonly version: number | null;
}

export const WRAPPED = { alignment: { wrapText: true, vertical: 'top' } } as const;
export const HEADER = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FFE8EEF7' } },
} as const;

/** Rows of the template that choices are offered for. */
const OFFERED_ROWS = 1_000;

/** An empty workbook with a sheet for each kind of record and one that explains them. */
export async function templateWorkbook(): Promise<Uint8Array> {
  return writeXlsx({
    sheets: [
      guideSheet(SHEETS.map(({ name, columns }) => ({ name, columns }))),
      ...SHEETS.map(({ name, columns }) => ({
        name,
        columns: columns.map(({ width }) => ({ width })),
        rows: [columns.map(({ header }) => header)],
        cells: new Map(columns.map(({ header }, index) => [`0,${index}`, { value: header, style: HEADER }])),
        freezePane: { rows: 1 },
        dataValidations: columns.flatMap((column, index) => {
          const values = choicesOf(column);
          const letter = String.fromCharCode('A'.charCodeAt(0) + index);
          const range = `${letter}2:${letter}${OFFERED_ROWS}`;
          return values === null ? [] : [{ type: 'list' as const, values: [...values], allowBlank: true, range }];
        }),
      })),
    ],
  });
}

function choicesOf({ cell }: Column): readonly string[] | null {
  if (cell.is === 'choice') return Object.keys(cell.of);
  return cell.is === 'yesNo' ? ['是', '否'] : null;
}

function guideSheet(sheets: readonly { readonly name: string; readonly columns: readonly Column[] }[]) {
  const rows = sheets.flatMap(({ name, columns }) =>
    columns.map(({ header, required, note }): CellValue[] => [name, header, required === true ? '必填' : '', note]),
  );
  return {
    name: GUIDE_SHEET,
    columns: [{ width: 10 }, { width: 16 }, { width: 8 }, { width: 80, style: WRAPPED }],
    rows: [['工作表', '列', '', '说明'], ...rows],
    freezePane: { rows: 1 },
  };
}

/** A ledger as a stream of bytes; rows are taken as they are needed. */
export function ledgerWorkbook(rows: AsyncIterable<LedgerRow>): ReadableStream<Uint8Array> {
  const columns = LEDGER_COLUMNS.map(({ header, width }) => ({ header, width, style: WRAPPED }));
  return writeXlsxStream(cellsOf(rows), { name: LEDGER_SHEET, columns, freezePane: { rows: 1 } });
}

async function* cellsOf(rows: AsyncIterable<LedgerRow>): AsyncGenerator<CellValue[]> {
  for await (const row of rows) {
    yield [
      ...[row.seq, row.title, row.text, row.due, row.leadUnits.join('、'), row.responsibleUnits.join('、')],
      ...[row.progress, STATUS_NAMES[row.status], row.documentNumber, row.list, null, row.version],
    ];
  }
}
