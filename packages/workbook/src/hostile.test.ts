import { readXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { archiveOf, workbookFiles } from './archive.fixture.ts';
import { type LedgerRow, ledgerWorkbook, readWorkbook, tablesWorkbook, templateWorkbook } from './index.ts';

const HERE = { jurisdiction: '433122', mode: 'merge' } as const;
const MEGABYTE = 1024 * 1024;
const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;
const HEADER = row(...['单位代码', '单位名称', '类别'].map(cell));

describe('an archive that would not end', () => {
  const sound = workbookFiles('单位', `${HEADER}${row(...['a', '甲局', '局'].map(cell))}`);
  test('the same, sound, is read', async () => {
    const { structure, faults } = await readWorkbook(archiveOf(sound), HERE);
    expect(faults).toEqual([]);
    expect(structure.units).toMatchObject([{ code: 'a', name: '甲局' }]);
  });

  const zeros = Buffer.alloc(10 * MEGABYTE);
  test.each([
    [
      'of thousands of files',
      archiveOf(Array.from({ length: 2_000 }, (_, nth) => ({ name: `a${nth}.xml`, content: '' }))),
    ],
    [
      'of forty files of ten megabytes',
      archiveOf(Array.from({ length: 40 }, (_, n) => ({ name: `${n}.png`, content: zeros }))),
    ],
    ['that names one file forty times', archiveOf([{ name: 'a.png', content: zeros }], 40)],
    ['that names a few files a thousand times', archiveOf(sound, 400)],
  ])('%s is refused', async (_what, bytes) => {
    await expect(readWorkbook(bytes, HERE)).rejects.toMatchObject({ code: 'too_large' });
  });

  test.each([
    ['less than it is', 10],
    ['more than it is', 20 * MEGABYTE],
  ])('that calls a file %s is refused', async (_what, declared) => {
    const lying = archiveOf([...sound, { name: 'xl/media/image1.png', content: zeros, declared }]);
    await expect(readWorkbook(lying, HERE)).rejects.toMatchObject({ code: 'not_a_workbook' });
  });

  test.each(['../../etc/passwd', '/etc/passwd', 'xl\\..\\..\\evil.xml', 'C:/evil.xml'])(
    'with a file at %s is refused',
    async (name) => {
      const climbing = archiveOf([...sound, { name, content: 'x' }]);
      await expect(readWorkbook(climbing, HERE)).rejects.toMatchObject({ code: 'not_a_workbook' });
    },
  );
});

describe('XML in a workbook', () => {
  const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 12 }, (_, nth) => {
    const [name, inner] = [String.fromCharCode(98 + nth), String.fromCharCode(97 + nth)];
    return `<!ENTITY ${name} "${`&${inner};`.repeat(10)}">`;
  }).join('')}]>`;
  const outside =
    '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>';
  test.each([
    ['entities that unfold to a million million', laughs, '&m;'],
    ['an entity that is a file of this machine', outside, '&out;'],
  ])('with %s means no more than it says', async (_what, prologue, reference) => {
    const bytes = archiveOf(workbookFiles('单位', `${HEADER}${row(cell('a'), cell(reference), cell('局'))}`, prologue));
    const read = await readWorkbook(bytes, HERE).catch((error: unknown) => error as { code: string });
    if ('code' in read) expect(read.code).toBe('not_a_workbook');
    else expect(read.structure.units?.map(({ name }) => name).join('') ?? '').toMatch(/^(?:|&\w+;)$/);
  });

  test('with columns and cells named like the parts of every object changes none', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString'];
    const bytes = archiveOf(
      workbookFiles('单位', `${row(...['单位代码', ...names].map(cell))}${row(...['a', ...names].map(cell))}`),
    );
    const { faults } = await readWorkbook(bytes, HERE);
    expect(faults.filter(({ code }) => code === 'unknown_column')).toHaveLength(names.length);
    expect(({} as { a?: unknown }).a).toBeUndefined();
    expect(Object.prototype.toString.call('')).toBe('[object String]');
  });

  test('with formulas gives their text or nothing, never what they would reckon', async () => {
    const formula = '<c t="str"><f>HYPERLINK("https://evil.example","x")</f><v>甲局</v></c>';
    const bytes = archiveOf(workbookFiles('单位', `${HEADER}${row(cell('a'), formula, cell('局'))}`));
    const { structure } = await readWorkbook(bytes, HERE);
    expect(structure.units).toMatchObject([{ name: '甲局' }]);
  });
});

/** What spreadsheet programs take for the beginning of a formula, and ways to hide it from those who look for one. */
const FORMULAS = [
  ...['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '\n=1+1', ' =1+1', '＝1+1', '＋1', '－1', '＠x'],
  ...[
    "'=1+1",
    '"=1+1"',
    ';=1+1',
    ',=1+1',
    '%0A=1+1',
    "=cmd|' /C calc'!A0",
    '{=1+1}',
    '=HYPERLINK("https://evil.example")',
  ],
];

/** The XML of every sheet of a workbook, and of its shared texts. */
async function xmlOf(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const archive = await yauzl.fromBufferPromise(Buffer.from(bytes));
  const found = new Map<string, string>();
  for await (const entry of archive.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    found.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
  }
  return found;
}

describe('text that begins like a formula', () => {
  const ledgerOf = async () => {
    const rows = FORMULAS.map(
      (text, nth): LedgerRow => ({
        ...{ seq: nth + 1, title: text, text, due: null, leadUnits: [text], responsibleUnits: [text], progress: text },
        ...{ status: 'assigned', documentNumber: text, list: text, version: 1 },
      }),
    );
    return new Uint8Array(await new Response(ledgerWorkbook(asyncOf(rows))).arrayBuffer());
  };
  const tablesOf = () =>
    tablesWorkbook([
      {
        name: '表',
        columns: [
          { header: '=1+1', width: 9 },
          { header: '乙', width: 9 },
        ],
        rows: FORMULAS.map((text) => [text, text]),
      },
    ]);

  test.each([
    ['a ledger', ledgerOf],
    ['a report', tablesOf],
    ['the template', templateWorkbook],
  ])('is text in %s: no formula, no link, nothing from outside', async (_what, make) => {
    const files = await xmlOf(await make());
    const sheets = [...files].filter(([name]) => name.startsWith('xl/worksheets/'));
    expect(sheets.length).toBeGreaterThan(0);
    for (const [name, xml] of sheets) {
      // Choices of the template stand in <formula1>, as texts in quotes.
      expect(xml.replace(/<formula1>"[^<]*<\/formula1>/g, ''), name).not.toMatch(
        /<f[ >]|<formula|<hyperlink|t="e"|r:id=/,
      );
    }
    expect([...files.keys()].filter((name) => /externalLink|vbaProject|connections/i.test(name))).toEqual([]);
  });

  test('comes out as it went in', async () => {
    const { sheets } = await readXlsx(await ledgerOf());
    expect(sheets[0]?.rows.slice(1).map((cells) => [cells[1], cells[4]])).toEqual(FORMULAS.map((text) => [text, text]));
    const tables = await readXlsx(await tablesOf());
    expect(tables.sheets[0]?.rows).toEqual([['=1+1', '乙'], ...FORMULAS.map((text) => [text, text])]);
  });
});

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
