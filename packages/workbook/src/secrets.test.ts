import { type CellValue, type WriteOptions, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { TextInspection } from './archive-text.ts';
import { inspectWorkbook, readWorkbook, type TaskRowRead, templateWorkbook } from './index.ts';

const HERE = { jurisdiction: '433122', mode: 'merge' } as const;
const MARKED = '机密★1年 甲乙丙丁';
const TASKS: WriteSheet = {
  name: '任务',
  rows: [
    ['文号', '清单', '序号', '工作任务', '工作要求', '牵头单位'],
    ['泸政办发〔2023〕5号', '安全生产', 1, '甲', '做甲', '县发改局'],
  ],
};
const sheet = (differs: Partial<WriteSheet>): WriteSheet => ({ ...TASKS, ...differs });
const guide = (...rows: CellValue[][]): WriteSheet => ({ name: '说明', rows });

async function read(options: WriteOptions) {
  const workbook = await readWorkbook(await writeXlsx(options), HERE);
  const rows: TaskRowRead[] = [];
  for await (const row of workbook.tasks ?? []) rows.push(row);
  return [...workbook.faults, ...rows.flatMap((row) => ('faults' in row ? row.faults : []))];
}

describe('a marking is found', () => {
  const cell = (value: object) => new Map([['1,4', value]]);
  it.each<readonly [string, WriteOptions]>([
    ['in a cell', { sheets: [sheet({ cells: cell({ value: MARKED }) })] }],
    [
      'in a cell of several fonts',
      {
        sheets: [
          sheet({ cells: cell({ richText: [{ text: '机', font: { bold: true } }, { text: '密' }, { text: '★甲' }] }) }),
        ],
      },
    ],
    ['in a note on a cell', { sheets: [sheet({ cells: cell({ value: '做甲', comment: { text: MARKED } }) })] }],
    [
      'in a formula',
      { sheets: [sheet({ cells: cell({ value: null, formula: `"${MARKED}"&"x"`, formulaResult: 'x' }) })] },
    ],
    ['in a column’s header', { sheets: [sheet({ rows: [[...(TASKS.rows?.[0] ?? []), MARKED]] })] }],
    ['in a sheet’s name', { sheets: [TASKS, { name: '绝密★长期', rows: [] }] }],
    ['on a sheet that is not read', { sheets: [TASKS, { name: '名单', rows: [['人员', MARKED]] }] }],
    ['on the sheet of notes', { sheets: [TASKS, guide(['用法'], [MARKED])] }],
    ['in a page’s header', { sheets: [sheet({ headerFooter: { oddHeader: '&L&"黑体,Bold"&16机密&R第&P页' } })] }],
    ['in a page’s footer', { sheets: [sheet({ headerFooter: { firstFooter: `&C${MARKED}`, differentFirst: true } })] }],
    ['in a text box', { sheets: [sheet({ textBoxes: [{ text: MARKED, anchor: { from: { row: 0, col: 0 } } }] })] }],
    [
      'in a prompt',
      {
        sheets: [
          sheet({
            dataValidations: [
              { type: 'list', values: ['a'], range: 'A1', showInputMessage: true, inputMessage: MARKED },
            ],
          }),
        ],
      },
    ],
    ...(['title', 'subject', 'keywords', 'description', 'category', 'company'] as const).map(
      (name): readonly [string, WriteOptions] => [
        `in the property ${name}`,
        { sheets: [TASKS], properties: { [name]: MARKED } },
      ],
    ),
    ['in a property of one’s own', { sheets: [TASKS], properties: { custom: { 密级: '机密' } } }],
  ])('%s', async (_where, options) => {
    const faults = await read(options);
    expect(faults.map(({ code }) => code)).toContain('state_secret');
    expect(JSON.stringify(faults)).not.toMatch(/甲乙丙丁|★/);
  });

  it('in no workbook without one', async () => {
    for (const bytes of [await templateWorkbook(), await writeXlsx({ sheets: [TASKS] })]) {
      expect(await inspectWorkbook(bytes)).toEqual({ secret: false, tradeSecret: false });
    }
    expect(await read({ sheets: [TASKS] })).toEqual([]);
  });

  it('and of a cell its place is told', async () => {
    const [whole, placed] = await read({ sheets: [sheet({ cells: cell({ value: MARKED }) })] });
    expect(whole).not.toHaveProperty('cell');
    expect(placed?.cell).toEqual({ sheet: '任务', row: 2, column: '工作要求' });
  });
});

it.each<readonly [string, WriteOptions]>([
  ['a cell', { sheets: [sheet({ cells: new Map([['1,4', { value: '保护商业秘密' }]]) })] }],
  ['a property', { sheets: [TASKS], properties: { title: '工作秘密清单' } }],
])('trade secrets in %s are noticed and refused by nobody', async (_where, options) => {
  expect(await inspectWorkbook(await writeXlsx(options))).toEqual({ secret: false, tradeSecret: true });
  expect(await read(options)).toEqual([]);
});

describe('text as it unfolds', () => {
  const inspected = (xml: string | Uint8Array, size: number) => {
    const inspection = new TextInspection();
    const bytes = typeof xml === 'string' ? Buffer.from(xml) : xml;
    for (let at = 0; at < bytes.length; at += size) inspection.push(bytes.subarray(at, at + size));
    inspection.end();
    return inspection.secret;
  };
  const strings = (...each: string[]) => `<sst>${each.map((one) => `<si><t>${one}</t></si>`).join('')}</sst>`;
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

  it.each<readonly [string, string | Uint8Array]>([
    ['plain', strings('甲', '机密★1年', '乙')],
    ['in runs', '<x:si><x:r><x:rPr><x:b/></x:rPr><x:t>机</x:t></x:r><x:r><x:t>密★</x:t></x:r></x:si>'],
    ['in references', strings('&#26426;&#x5bc6;★')],
    ['in the workbook’s own writing', strings('_x673A_密★')],
    ['in CDATA', '<dc:title><![CDATA[机密★1年]]></dc:title>'],
    ['in a comment', '<a><!-- 机密★1年 --></a>'],
    ['in UTF-16', utf16(strings('机密★1年'))],
    ['alone', strings('机密')],
  ])('%s is found wherever it is cut', (_how, xml) => {
    for (let size = 2; size < 60; size += 1) expect(inspected(xml, size), String(size)).toBe(true);
  });

  it.each([
    ['words that go on', strings('机密要害部位', '密级管理')],
    ['neighbours', strings('他的手机', '密★', '机', '密')],
    ['a run that goes on', '<si><r><t>机密</t></r><r><rPr><b/></rPr><t>要害部位</t></r></si>'],
    ['a word before a run', '<si><r><t>商业</t></r><r><t>秘密 3年</t></r></si>'],
  ])('%s are no marking wherever they are cut', (_what, xml) => {
    for (let size = 2; size < 60; size += 1) expect(inspected(xml, size), String(size)).toBe(false);
  });

  it('takes time that grows with its size, whatever it is', () => {
    const started = performance.now();
    for (const part of [
      '<',
      '<t>',
      '<t ',
      '&',
      '&#',
      '<![CDATA[',
      '="',
      '= ',
      "='",
      '<a b="',
      'a:',
      '密',
      '_x',
      '<t>密',
    ]) {
      inspected(`密${part.repeat(4_000_000 / part.length)}`, 65_536);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
