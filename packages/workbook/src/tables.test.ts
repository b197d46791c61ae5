import { readXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { tablesWorkbook } from './index.ts';

test('tables read back as they are, and no text of theirs is a formula', async () => {
  const texts = ['=1+1', `=cmd|' /C calc'!A0`, '+86', '@甲', '<b>&"\'', '𠮷家垴村𬭎矿', '一\n二', ''];
  const columns = [
    { header: '甲', width: 10 },
    { header: '乙', width: 20 },
  ];
  const bytes = await tablesWorkbook([
    { name: '表一', columns, rows: texts.map((text, index) => [index, text]) },
    { name: '表二', columns, rows: [] },
  ]);
  const { sheets } = await readXlsx(bytes);
  expect(sheets.map(({ name }) => name)).toEqual(['表一', '表二']);
  expect(sheets[0]?.rows).toEqual([['甲', '乙'], ...texts.map((text, index) => [index, text])]);
  expect(sheets[1]?.rows).toEqual([['甲', '乙']]);
  expect([...(sheets[0]?.cells?.values() ?? [])].filter(({ formula }) => formula !== undefined)).toEqual([]);
});
