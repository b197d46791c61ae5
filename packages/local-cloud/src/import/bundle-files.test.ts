import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportedRow } from '@duban/application';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundleFiles } from './bundle-files.ts';
import { faultLine, tradeSecretLine } from './report.ts';

const HERE = { jurisdiction: '433122', mode: 'merge' } as const;
const HEADER = ['文号', '清单', '序号', '工作任务', '工作要求', '完成时限', '牵头单位'];
const row = (seq: number) => ['泸政办发〔2023〕5号', '安全生产', seq, `任务${seq}`, '做', null, '县新办'];

let folder: string;
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duban-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('files named together', () => {
  it('are one bundle, and each pointer finds its file and place again', async () => {
    const units = write(
      'units.yaml',
      'jurisdiction: "433122"\nunits:\n  - { code: xinban, name: 县新办, kind: office }\n',
    );
    const more = write('more.json', '{"jurisdiction":"433122","units":[{"code":"b","name":"县乙办","kind":"office"}]}');
    const first = write('one.xlsx', await writeXlsx({ sheets: [{ name: '任务', rows: [HEADER, row(1), row(2)] }] }));
    const second = write('two.xlsx', await writeXlsx({ sheets: [{ name: '任务', rows: [HEADER, row(3)] }] }));
    const read = await readBundleFiles([units, more, first, second], HERE);
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    expect(read.bundle.units?.map(({ code }) => code)).toEqual(['xinban', 'b']);
    const tasks: ImportedRow[] = [];
    for await (const task of read.bundle.tasks ?? []) tasks.push(task);
    expect(tasks.map((task) => ('seq' in task ? task.seq : null))).toEqual([1, 2, 3]);
    expect(read.placeOf('/units/1/name')).toMatchObject({ file: 'more.json', pointer: '/units/0/name' });
    const place = read.placeOf('/tasks/2/leadUnits/0');
    expect(place).toMatchObject({ file: 'two.xlsx', pointer: '/tasks/0/leadUnits/0' });
    expect(place.locate?.(place.pointer)).toEqual({ sheet: '任务', row: 2, column: '牵头单位' });
  });

  it.each([
    ['gone.json', null, 'no_such_file'],
    ['empty.json', '', 'malformed_json'],
    ['broken.yaml', 'units: [ { code: a', 'malformed_yaml'],
    ['empty.xlsx', '', 'not_a_workbook'],
    ['field.json', '{"jurisdiction":"433122","unit":[]}', 'unknown_field'],
    [
      'secret.json',
      '{"jurisdiction":"433122","units":[{"code":"a","name":"绝密★长期","kind":"office"}]}',
      'state_secret',
    ],
  ])('%s is refused', async (name, content, code) => {
    const path = content === null ? join(folder, name) : write(name, content);
    const read = await readBundleFiles([path], HERE);
    expect('faults' in read && read.faults.map(({ file, fault }) => [file, fault.code])).toEqual([[name, code]]);
  });

  it.each(['机密★1年甲乙丙丁.json', '绝密_甲乙丙丁.xlsx', '【秘密】甲乙丙丁/list.yaml'])(
    '%s is refused by its name, which is told nobody',
    async (name) => {
      const sound = write('sound.json', '{"jurisdiction":"433122"}');
      const read = await readBundleFiles([sound, join(folder, name)], HERE);
      if (!('faults' in read)) throw new Error('It was read.');
      expect(read.faults.map(({ file, fault }) => [file, fault.code])).toEqual([['第 2 个文件', 'state_secret']]);
      expect(read.faults.map(({ file, fault }) => faultLine(file, fault)).join()).toMatch(/^(?!.*甲乙丙丁).*线下/);
    },
  );

  it('of which one is a marked workbook are told nothing else of it', async () => {
    const rows = [HEADER, [...row(1).slice(0, 6), '甲乙丙丁'], [...row(2).slice(0, 4), '机密★1年', null, '县新办']];
    const path = write(
      'marked.xlsx',
      await writeXlsx({
        sheets: [
          { name: '任务', rows },
          { name: '名单', rows },
        ],
      }),
    );
    const read = await readBundleFiles([path], HERE);
    if (!('faults' in read)) throw new Error('It was read.');
    expect(read.faults.map(({ fault }) => [fault.code, fault.cell?.row])).toEqual([
      ['state_secret', undefined],
      ['state_secret', 3],
    ]);
  });

  it('that speak of trade secrets are named', async () => {
    const rows = [HEADER, [...row(1).slice(0, 4), '保护商业秘密', null, '县新办']];
    const paths = [
      write('trade.xlsx', await writeXlsx({ sheets: [{ name: '任务', rows }] })),
      write('none.json', '{"jurisdiction":"433122"}'),
      write('work.yaml', 'jurisdiction: "433122"\nunits:\n  - { code: a, name: 工作秘密办, kind: office }\n'),
      write('商业秘密.json', '{"jurisdiction":"433122"}'),
    ];
    const read = await readBundleFiles(paths, HERE);
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    expect(read.tradeSecrets).toEqual(['trade.xlsx', 'work.yaml', '商业秘密.json']);
    expect(tradeSecretLine(read.tradeSecrets)).toMatch(/^提示：trade.xlsx、work.yaml、商业秘密.json 提及商业秘密/);
  });

  it('must be of one jurisdiction', async () => {
    const a = write('a.json', '{"jurisdiction":"433122"}');
    const b = write('b.json', '{"jurisdiction":"433123"}');
    const read = await readBundleFiles([a, b], HERE);
    expect('faults' in read && read.faults).toMatchObject([{ file: 'b.json', fault: { code: 'other_jurisdiction' } }]);
  });
});

it('a fault is told with its place and the nearest names', () => {
  const fault = {
    ...{ pointer: '/tasks/0/leadUnits/0', code: 'unknown_reference', suggestions: ['县住建局'] },
    ...{ message: { zh: '未知单位“县住建”。', en: 'Unknown.' }, cell: { sheet: '任务', row: 7, column: '牵头单位' } },
  };
  expect(faultLine('a.xlsx', fault)).toBe(
    'a.xlsx 工作表“任务”第 7 行“牵头单位”列：未知单位“县住建”。（县住建局） Unknown.',
  );
});
