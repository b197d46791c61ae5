import { type CellValue, writeXlsx } from 'hucre/xlsx';
import { HEADER, WRAPPED } from './write.ts';

/** A table on a sheet of its own. Text cells stay text, whatever they begin with: none becomes a formula. */
export interface TableSheet {
  /** At most 31 characters, none of them `: \ / ? * [ ]`. */
  readonly name: string;
  readonly columns: readonly { readonly header: string; readonly width: number }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Tables for people to read and to reckon with; nothing of them is imported. */
export async function tablesWorkbook(sheets: readonly TableSheet[]): Promise<Uint8Array> {
  return writeXlsx({
    sheets: sheets.map(({ name, columns, rows }) => ({
      name,
      columns: columns.map(({ width }) => ({ width, style: WRAPPED })),
      rows: [columns.map(({ header }): CellValue => header), ...rows.map((row): CellValue[] => [...row])],
      cells: new Map(columns.map(({ header }, index) => [`0,${index}`, { value: header, style: HEADER }])),
      freezePane: { rows: 1 },
    })),
  });
}
