export type { Inspection } from './archive-text.ts';
export { inspectWorkbook, MOST_UNFOLDED_BYTES, WorkbookError, type WorkbookFault } from './guard.ts';
export { type Locator, readWorkbook, type TaskRowRead, type WorkbookRead } from './read.ts';
export { type TableSheet, tablesWorkbook } from './tables.ts';
export { type LedgerRow, ledgerWorkbook, templateWorkbook } from './write.ts';
