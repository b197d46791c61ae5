import { type CellValue, readXlsx, writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { zipOf } from './archive.fixture.ts';
import { type LedgerRow, ledgerWorkbook, readWorkbook, type TaskRowRead, templateWorkbook } from './index.ts';
import { SHEETS } from './sheets.ts';

const HERE = { jurisdiction: '433122', mode: 'merge' } as const;
const NUMBER = '泸政办发〔2023〕5号';

async function read(sheets: Readonly<Record<string, CellValue[][]>>) {
  const bytes = await writeXlsx({ sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows })) });
  return readWorkbook(bytes, HERE);
}

async function all(tasks: AsyncIterable<TaskRowRead> | null) {
  const rows: TaskRowRead[] = [];
  for await (const row of tasks ?? []) rows.push(row);
  return rows;
}

const tasksOf = async (rows: CellValue[][]) => {
  const workbook = await read({ 任务: rows });
  return { ...workbook, rows: await all(workbook.tasks) };
};
const HEADER = ['文号', '清单', '序号', '工作任务', '工作要求', '完成时限', '牵头单位', '责任单位'];
const faultsOf = (rows: readonly TaskRowRead[]) =>
  rows.flatMap((row) => ('faults' in row ? row.faults : [])).map(({ code, cell }) => [code, cell]);

describe('the template', () => {
  test('has a sheet for each kind with Chinese headers, and reads back as nothing', async () => {
    const bytes = await templateWorkbook();
    const { sheets } = await readXlsx(bytes);
    expect(sheets.map(({ name }) => name)).toEqual(['说明', '单位', '岗位', '任职', '文件', '机构', '方案', '任务']);
    for (const { name, columns } of SHEETS) {
      expect(sheets.find((sheet) => sheet.name === name)?.rows[0]).toEqual(columns.map(({ header }) => header));
    }
    const { structure, faults, tasks } = await readWorkbook(bytes, HERE);
    expect(faults).toEqual([]);
    expect(structure).toMatchObject({ units: [], posts: [], appointments: [], people: [], groups: [] });
    expect(await all(tasks)).toEqual([]);
  });
});

describe('structure sheets', () => {
  test('become records', async () => {
    const { structure, faults } = await read({
      单位: [
        ['单位代码', '单位名称', '别名', '类别', '上级单位'],
        ['fagai-ju', '县发改局', '县发展和改革局、发改局', '局', ''],
        ['wuxi-zhen', '武溪镇', null, '乡镇', null],
      ],
      岗位: [
        ['岗位代码', '所属单位', '职务', '主要负责人'],
        ['fagai-ju.juzhang', '县发改局', '局长', '是'],
      ],
      任职: [
        ['岗位', '姓名', '人员代码', '任职日期', '免职日期'],
        ['县发改局局长', '李勇', 'li-yong', new Date('2023-04-23'), ''],
        ['县发改局局长', '张三', '', '2020-1-1', '2023-4-22'],
      ],
      机构: [
        ['机构代码', '机构名称', '类型', '文号', '办公室设在', '办公室主任', '副组长'],
        ['zhuanban', '经济专班', '工作专班', '泸政办发[2023]5号', '县发改局', '县发改局总经济师', 'a.b、c.d'],
        ['xiaozu', '领导小组', '领导小组', NUMBER, '', '', ''],
      ],
    });
    expect(faults).toEqual([]);
    expect(structure.units).toEqual([
      { code: 'fagai-ju', name: '县发改局', aliases: ['县发展和改革局', '发改局'], kind: 'bureau', parent: null },
      { code: 'wuxi-zhen', name: '武溪镇', aliases: [], kind: 'township', parent: null },
    ]);
    expect(structure.posts).toEqual([{ code: 'fagai-ju.juzhang', unit: '县发改局', title: '局长', head: true }]);
    expect(structure.people).toEqual([{ code: 'li-yong', name: '李勇' }]);
    expect(structure.appointments).toEqual([
      { post: '县发改局局长', person: 'li-yong', from: '2023-04-23', to: null },
      { post: '县发改局局长', person: '张三', from: '2020-01-01', to: '2023-04-22' },
    ]);
    expect(structure.groups?.map(({ documentNumber, office, deputies }) => [documentNumber, office, deputies])).toEqual(
      [
        [NUMBER, { hostUnit: '县发改局', director: '县发改局总经济师', deputyDirector: null }, ['a.b', 'c.d']],
        [NUMBER, null, []],
      ],
    );
  });

  test('name sheet, row and column of each fault', async () => {
    const { faults, locate } = await read({
      单位: [
        ['单位代码', '单位名称', '类别'],
        [null, null, null],
        ['FAGAI', '县发改局', '局'],
        ['ok', '', '衙门'],
      ],
    });
    expect(faults.map(({ code, cell }) => [code, cell])).toEqual([
      ['wrong_format', { sheet: '单位', row: 3, column: '单位代码' }],
      ['required', { sheet: '单位', row: 4, column: '单位名称' }],
      ['not_one_of', { sheet: '单位', row: 4, column: '类别' }],
    ]);
    expect(locate('/units/1/name')).toEqual({ sheet: '单位', row: 4, column: '单位名称' });
    expect(locate('/units')).toBeUndefined();
  });

  test('that nobody knows, columns that are missing, and columns too many are faults', async () => {
    const { faults } = await read({
      单位: [['单位代码', '单位名称', '类别', '电话']],
      岗位: [['岗位代码', '职务']],
      任务表: [HEADER],
    });
    expect(faults.map(({ code, cell }) => [code, cell?.sheet, cell?.column])).toEqual([
      ['unknown_sheet', '任务表', null],
      ['unknown_column', '单位', null],
      ['missing_column', '岗位', '所属单位'],
    ]);
  });
});

describe('the tasks', () => {
  test('state only what there are columns for', async () => {
    const { rows } = await tasksOf([
      ['文号', '清单', '序号', '完成时限'],
      [NUMBER, '安全生产', 3, '2023-09-30'],
    ]);
    expect(rows).toEqual([
      { task: { documentNumber: NUMBER, list: '安全生产', seq: 3, due: '2023-09-30', basis: null, asOf: null } },
    ]);
  });

  test('take deadlines as they are printed', async () => {
    const { rows } = await tasksOf([
      HEADER,
      [NUMBER, 'a', 1, '甲', '做甲', '2023年9月底并持续推进', '县发改局', '县财政局，县住建局；武溪镇'],
      [NUMBER, 'a', '2', '乙', '做乙', '', '县发改局', ''],
    ]);
    expect(rows[0]).toMatchObject({
      task: {
        ...{ due: '2023-09-30', dueText: '2023年9月底并持续推进', ongoing: true },
        responsibleUnits: ['县财政局', '县住建局', '武溪镇'],
      },
    });
    expect(rows[1]).toMatchObject({ task: { seq: 2, due: null, responsibleUnits: [] } });
    expect(rows[1]).not.toHaveProperty('task.dueText');
  });

  test.each(['=1+1', '+86', '-无', '@县发改局', '=HYPERLINK("http://a","b")', '𠮷家垴村𬭎矿'])(
    'keep %s as the text it is',
    async (text) => {
      const { rows } = await tasksOf([HEADER, [NUMBER, 'a', 1, text, text, null, '县发改局', '']]);
      expect(rows).toMatchObject([{ task: { title: text, text } }]);
    },
  );

  test('name row and column of what is wrong, and go on', async () => {
    const { rows } = await tasksOf([
      HEADER,
      [NUMBER, 'a', 'eins', '甲', '做甲', '2023-02-30', '县发改局', ''],
      ['5号', 'a', 2, '', '做乙', null, '县发改局', ''],
      [NUMBER, 'a', 3, '丙', '做丙', null, '县发改局', ''],
    ]);
    expect(faultsOf(rows)).toEqual([
      ['wrong_type', { sheet: '任务', row: 2, column: '序号' }],
      ['no_such_date', { sheet: '任务', row: 2, column: '完成时限' }],
      ['not_a_document_number', { sheet: '任务', row: 3, column: '文号' }],
    ]);
    expect(rows[2]).toHaveProperty('task.title', '丙');
  });

  test('marked secret are refused without their text', async () => {
    const { rows } = await tasksOf([HEADER, [NUMBER, 'a', 1, '甲', '机密★1年 部署', null, '县发改局', '']]);
    expect(faultsOf(rows)).toEqual([['state_secret', { sheet: '任务', row: 2, column: '工作要求' }]]);
    expect(JSON.stringify(rows)).not.toContain('部署');
  });

  test('are 50,000 at the most', async () => {
    const rows = Array.from({ length: 50_002 }, (_, at) => [NUMBER, 'a', at + 1, '甲', '做', null, '县发改局', '']);
    const { tasks } = await read({ 任务: [HEADER, ...rows] });
    let [good, bad] = [0, 0];
    for await (const row of tasks ?? []) {
      if ('task' in row) good += 1;
      else bad += 1;
    }
    expect([good, bad]).toEqual([50_000, 1]);
  });
});

describe('a ledger', () => {
  const row: LedgerRow = {
    ...{ seq: 7, title: '烟花爆竹', text: '=重点排查\n零售网点', due: '2023-10-31', leadUnits: ['县应急管理局'] },
    ...{ responsibleUnits: ['县公安局', '武溪镇'], progress: '60% 已排查', status: 'in_progress' },
    ...{ documentNumber: NUMBER, list: '安全生产', version: 12 },
  };

  test('reads back as what it shows, at the version it was exported at', async () => {
    const stream = ledgerWorkbook(
      (async function* () {
        yield row;
      })(),
    );
    const bytes = new Uint8Array(await new Response(stream as ConstructorParameters<typeof Response>[0]).arrayBuffer());
    const { sheets } = await readXlsx(bytes);
    expect(sheets[0]?.rows[0]?.slice(0, 8)).toEqual([
      ...['序号', '工作任务', '工作要求', '完成时限', '牵头单位', '责任单位', '进展', '状态'],
    ]);
    const { faults, tasks } = await readWorkbook(bytes, HERE);
    expect(faults).toEqual([]);
    expect(await all(tasks)).toEqual([
      {
        task: {
          ...{ documentNumber: NUMBER, list: '安全生产', seq: 7, title: '烟花爆竹', text: '=重点排查\n零售网点' },
          ...{ due: '2023-10-31', leadUnits: ['县应急管理局'], responsibleUnits: ['县公安局', '武溪镇'] },
          ...{ basis: null, asOf: 12, shownStatus: 'in_progress' },
        },
      },
    ]);
  });
});

describe('what is no workbook', () => {
  test.each([
    ['an empty file', new Uint8Array()],
    ['text', new TextEncoder().encode('文号,清单,序号')],
    ['an archive of something else', zipOf('readme.txt', Buffer.from('hello'))],
  ])('%s is refused', async (_what, bytes) => {
    await expect(readWorkbook(bytes, HERE)).rejects.toMatchObject({ code: 'not_a_workbook' });
  });

  test('an archive that unfolds to a gigabyte is refused, also when it lies about it', async () => {
    const zeros = Buffer.alloc(300 * 1024 * 1024);
    await expect(readWorkbook(zipOf('xl/worksheets/sheet1.xml', zeros), HERE)).rejects.toMatchObject({
      code: 'too_large',
    });
    const lying = zipOf('xl/worksheets/sheet1.xml', zeros, 1_000);
    await expect(readWorkbook(lying, HERE)).rejects.toMatchObject({ name: 'WorkbookError' });
  });
});
