import { type TableSheet, tablesWorkbook } from '@duban/workbook';
import type { ReportTable, ReportText } from './wording.ts';

/** The report as a workbook: what it is of, then a sheet a table. */
export function reportWorkbook(report: ReportText): Promise<Uint8Array> {
  const { title, facts, overview, outcomes, units, places, others } = report;
  const about: TableSheet = {
    name: '说明',
    columns: [
      { header: '项目', width: 14 },
      { header: '内容', width: 90 },
    ],
    rows: [
      ['标题', title],
      ...facts,
      ...overview.map((text) => ['概况', text]),
      ...places.map((text) => ['名次', text]),
    ],
  };
  return tablesWorkbook([about, ...[outcomes, units, ...others].map(sheetOf)]);
}

function sheetOf({ heading, columns, rows, none }: ReportTable): TableSheet {
  return { name: heading, columns, rows: rows.length === 0 ? [[none]] : rows };
}
