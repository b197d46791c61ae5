import { type CellValue, readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSpreadsheetProgram, savedBy, shownBy } from '../spreadsheet-program.ts';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, countyOf, DIRECTOR, SUPERVISION } from './county.ts';
import { CIRCULAR, FORMULA, fileOf, HOSTILE, headOf, reportCounty, reportOf } from './report-county.ts';

const program = findSpreadsheetProgram();
const ROUTE = `/v1/ledgers/${ANQUAN}.xlsx`;
const PROGRESS = '已排查𠮷家垴村；=1+1，"三率"80%\n隐患3处';

describe('LibreOffice', () => {
  let system: TestSystem;
  let ledger: Uint8Array;

  beforeAll(async () => {
    if (program === null) return;
    system = await reportCounty(createTestSystem);
    const county = countyOf(system);
    const told = { text: PROGRESS, percent: 60 };
    const answer = await county.as(headOf('zhujian-ju')).post(`/v1/tasks/task_${ANQUAN}-9/progress`, told);
    expect(answer.status).toBe(200);
    await county.advance('2023-08-31T09:00:00+08:00');
    ledger = (await fileOf(system, DIRECTOR.person, ROUTE)).bytes;
  }, 120_000);
  afterAll(() => system?.close());

  const opens = it.skipIf(program === null);
  const name = (what: string) => (program === null ? `${what} (no soffice on this machine)` : what);

  opens(name('shows a ledger cell by cell as it was written, in the gazette’s layout'), async () => {
    const shown = await shownBy(program ?? '', ledger);
    expect(shown).toEqual(await written(ledger));
    const [header, ...rows] = shown.get('台账') ?? [];
    expect(header?.slice(0, 8)).toEqual([
      ...['序号', '工作任务', '工作要求', '完成时限', '牵头单位', '责任单位', '进展', '状态'],
    ]);
    const nine = rows.find(([seq]) => seq === '9') ?? [];
    expect([nine[1], nine[3], nine[4], nine[6], nine[7]]).toEqual([
      ...[HOSTILE, '2023-08-31', '县住建局', `60% ${PROGRESS}`, '待签收'],
    ]);
    expect(rows.find(([seq]) => seq === '11')?.[1]).toBe(FORMULA);
  });

  opens(name('saves a ledger that imports as nothing changed'), async () => {
    const saved = await savedBy(program ?? '', ledger);
    const send = async (bytes: Uint8Array<ArrayBuffer>) => {
      const answer = await system.app.request('/v1/imports?dryRun=true', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await system.adminToken()}`,
          'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        },
        body: bytes,
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await send(new Uint8Array(saved))).toMatchObject({
      status: 200,
      body: { difference: { tasks: { added: [], changed: [], unchanged: 17 } } },
    });
  });

  opens(name('shows a report sheet by sheet as it was written'), async () => {
    const { bytes } = await fileOf(system, SUPERVISION, `/v1/reports/${reportOf(CIRCULAR, '2023-08')}.xlsx`);
    const shown = await shownBy(program ?? '', bytes);
    expect(shown).toEqual(await written(bytes));
    expect([...shown.keys()].sort()).toEqual(
      ['说明', '时限完成情况', '牵头单位完成情况', '本期督办', '逾期未完成的任务', '列入通报的事项'].sort(),
    );
    expect(shown.get('逾期未完成的任务')?.[1]?.slice(0, 2)).toEqual(['14', '森林防灭火']);
  });
});

/** What our own reader finds, as text. */
async function written(bytes: Uint8Array): Promise<ReadonlyMap<string, readonly string[][]>> {
  const { sheets } = await readXlsx(bytes);
  const text = (cell: CellValue) => (cell === null ? '' : String(cell));
  return new Map(sheets.map(({ name, rows }) => [name, rows.map((row) => row.map(text))]));
}
