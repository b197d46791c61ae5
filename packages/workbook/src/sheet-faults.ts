import type { BilingualFault } from '@duban/contracts/http/faults';
import { OFFLINE } from '@duban/contracts/http/state-secrets';
import { GUIDE_SHEET, SHEETS, type Sheet } from './sheets.ts';

export function unknownColumn(sheet: Sheet, name: string, row: number, doubled: boolean): BilingualFault {
  const expected = sheet.columns.map(({ header }) => header).join('、');
  return {
    pointer: `/${sheet.kind}`,
    code: doubled ? 'repeated_column' : 'unknown_column',
    message: {
      zh: doubled ? '同一列出现两次。' : `表头有无法识别的列，可用的列为：${expected}。`,
      en: doubled ? 'A column stands twice.' : `The header has an unknown column. Known: ${expected}.`,
    },
    cell: { sheet: name, row, column: null },
  };
}

export function missingColumn(sheet: Sheet, name: string, row: number, header: string): BilingualFault {
  return {
    pointer: `/${sheet.kind}`,
    code: 'missing_column',
    message: { zh: `缺少“${header}”列。`, en: `The column “${header}” is missing.` },
    cell: { sheet: name, row, column: header },
  };
}

export function tooManyRows({ kind, mostRows }: Sheet, name: string, row: number): BilingualFault {
  return {
    pointer: `/${kind}`,
    code: 'too_big',
    message: { zh: `至多 ${mostRows} 行，请分批导入。`, en: `At most ${mostRows} rows; split the file.` },
    cell: { sheet: name, row, column: null },
  };
}

export function unknownSheet(name: string, doubled: boolean): BilingualFault {
  const expected = SHEETS.map((sheet) => sheet.name).join('、');
  return {
    pointer: '',
    code: doubled ? 'repeated_sheet' : 'unknown_sheet',
    message: {
      zh: doubled
        ? '同一类工作表只能有一张。'
        : `没有这种工作表，请使用：${expected}；不导入的内容请放在“${GUIDE_SHEET}”中。`,
      en: doubled
        ? 'One sheet of a kind is enough.'
        : `No such sheet. Known: ${expected}; put notes on “${GUIDE_SHEET}”.`,
    },
    cell: { sheet: name, row: 1, column: null },
  };
}

export function secretMarking(pointer: string): BilingualFault {
  return { pointer, code: 'state_secret', message: OFFLINE };
}
