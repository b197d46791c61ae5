import { createStructureSource, importBundle, structureRef, taskRef } from '@duban/application';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { type CellValue, readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, ANQUAN_OFFICE, DIRECTOR, ISSUED } from './county.ts';
import { type Detail, importDesk, NUMBER, type Result, tasks, workbook, XLSX } from './import-desk.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
});
afterAll(() => system.close());
const { request, get, post, postWorkbook, totalOf } = importDesk(() => system);

const CALLER = {
  jurisdiction: '433122',
  actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
  correlationId: 'story',
};

describe('four imports at once', () => {
  it('are one, and those that are refused leave nothing behind', async () => {
    const { deps } = system;
    const codes = ['yi', 'er', 'san', 'si'];
    const laidDown = new Set<string>();
    let waiting: (() => void)[] = [];
    // Nobody commits before all of them have compared.
    const store: typeof deps.store = {
      ...deps.store,
      commit: async (commits) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length < codes.length) return;
          for (const go of waiting) go();
          waiting = [];
        });
        return deps.store.commit(commits);
      },
      writeBlobs: async (ref, blobs) => {
        for (const { name } of blobs) laidDown.add(name);
        await deps.store.writeBlobs(ref, blobs);
      },
    };
    const answers = await Promise.allSettled(
      codes.map((code) => {
        const bundle = { jurisdiction: '433122', mode: 'merge' as const, people: [{ code, name: code }] };
        return importBundle({ ...deps, store }, CALLER, bundle, { dryRun: false, idempotency: null });
      }),
    );
    const [applied, ...others] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(others).toEqual([]);
    const left: string[] = [];
    for (const name of laidDown) {
      if ((await deps.store.readBlob(structureRef('433122'), name)) !== null) left.push(name);
    }
    expect(laidDown.size).toBeGreaterThan(codes.length);
    expect(left.filter((name) => !name.startsWith(`${applied?.id}/`))).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
  });
});

describe('an import whose answer is lost', () => {
  it('and that meets itself takes nothing away again', async () => {
    const { deps } = system;
    const commit: typeof deps.store.commit = async (commits) =>
      (await deps.store.commit(commits)).map(() => ({ status: 'conflict' }));
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, people: [{ code: 'yi-wei', name: '一位' }] };
    const twice = { ...deps, store: { ...deps.store, commit } };
    const result = await importBundle(twice, CALLER, bundle, { dryRun: false, idempotency: null });
    expect(result).toMatchObject({ state: 'applied', difference: { people: { added: ['yi-wei'] } } });
    // Unpacked anew, from what is there.
    const fresh = createStructureSource(deps.store, deps.snapshots);
    expect((await fresh.current('433122')).data.people).toContainEqual({ code: 'yi-wei', name: '一位' });
    expect(await get(`/v1/imports/${result.id}`)).toMatchObject({ state: 'done', counts: { people: { added: 1 } } });
  });
});

describe('removing', () => {
  it('a unit that open tasks name is refused with the list', async () => {
    const units = (await allUnits()).filter(({ name }) => name !== '县水利局');
    const answer = await post('/v1/imports', { mode: 'replace', units });
    expect(answer.status).toBe(422);
    const inUse = answer.errors.filter(({ code }) => code === 'in_use');
    expect(inUse).toHaveLength(1);
    expect(inUse[0]?.suggestions).toContain(`task_${ANQUAN}-15`);
    expect((await get<{ name: string }>('/v1/units/shuili-ju')).name).toBe('县水利局');
  });
});

async function allUnits() {
  interface Unit {
    readonly code: string;
    readonly name: string;
    readonly aliases: string[];
    readonly kind: string;
    readonly parent: { readonly code: string } | null;
  }
  const units: (Omit<Unit, 'parent'> & { parent: string | null })[] = [];
  for (let path: string | null = '/v1/units?limit=200'; path !== null; ) {
    const page: { items: Unit[]; next: string | null } = await get(path);
    units.push(...page.items.map(({ parent, ...unit }) => ({ ...unit, parent: parent?.code ?? null })));
    path = page.next;
  }
  return units;
}

describe('a dry run', () => {
  it('tells what would become of clocks, and writes nothing', async () => {
    const before = await totalOf();
    const answer = await post('/v1/imports?dryRun=true', {
      tasks: [...tasks(9100, 1, { due: '2023-09-30' }), ...tasks(9101, 1, { due: '2023-01-31' }), ...tasks(9102, 1)],
    });
    expect(answer).toMatchObject({ status: 200, id: null, state: 'compared' });
    expect(answer.clocks).toMatchObject({ starts: 2, moves: 0, stops: 0, overdueAtOnce: 1 });
    expect(answer.clocks.items[0]).toEqual({
      ...{ taskId: `task_${ANQUAN}-9100`, limitId: 'due', effect: 'starts', before: null },
      ...{ after: '2023-10-01T00:00:00+08:00', overdueAtOnce: false },
    });
    expect(await totalOf()).toBe(before);
  });
});

describe('a workbook', () => {
  const HEADER = ['文号', '清单', '序号', '工作任务', '工作要求', '完成时限', '牵头单位', '责任单位'];

  it('with one bad row imports nothing and names it, with the nearest names', async () => {
    const rows = Array.from({ length: 700 }, (_, at) => [
      ...[
        NUMBER,
        '安全生产',
        20_000 + at,
        `新${at}`,
        '做',
        '2023年10月底前',
        at === 650 ? '县消防救援大大队' : '县住建局',
      ],
      '各乡镇',
    ]);
    const good = rows.map((row) => [...row.slice(0, 7), '武溪镇、浦市镇']);
    const answer = await postWorkbook(await workbook({ 任务: [HEADER, ...good] }));
    expect(answer.status).toBe(422);
    expect(answer.errors).toMatchObject([
      { code: 'unknown_reference', sheet: '任务', row: 652, column: '牵头单位', pointer: '/tasks/650/leadUnits/0' },
    ]);
    expect(answer.errors[0]?.suggestions?.[0]).toBe('县消防救援大队');
    expect((await request('GET', `/v1/tasks/task_${ANQUAN}-20000`)).status).toBe(404);
    // The same file, mended.
    const mended = good.map((row, at) => (at === 650 ? [...row.slice(0, 6), '县消防大队', '武溪镇'] : row));
    expect(await postWorkbook(await workbook({ 任务: [HEADER, ...mended] }))).toMatchObject({ status: 201 });
    expect(await get(`/v1/tasks/task_${ANQUAN}-20650`)).toMatchObject({
      due: '2023-11-01T00:00:00+08:00',
      leadUnits: [{ name: '县消防救援大队' }],
    });
  });

  it('is told every fault of a row at once', async () => {
    const answer = await postWorkbook(
      await workbook({
        任务: [HEADER, [NUMBER, '安全生产', 20_000, '甲', '做', '2023年13月底', '县消防大大队', '武溪']],
      }),
    );
    expect(answer.errors.map(({ code, column }) => [code, column])).toEqual([
      ['no_such_date', '完成时限'],
      ['unknown_reference', '牵头单位'],
      ['unknown_reference', '责任单位'],
    ]);
  });

  it('brings structure and tasks together, or neither', async () => {
    const sheets = {
      单位: [
        ['单位代码', '单位名称', '别名', '类别'],
        ['xinban', '县新办', '新办', '办公室'],
      ],
      岗位: [
        ['岗位代码', '所属单位', '职务', '主要负责人'],
        ['xinban.zhuren', '县新办', '主任', '是'],
      ],
      任职: [
        ['岗位', '姓名', '人员代码', '任职日期'],
        ['县新办主任', '新任者', 'xin-renzhe', '2023-05-01'],
      ],
      任务: [HEADER, [NUMBER, '安全生产', 21_000, '新任务', '做', null, '新办', null]],
    };
    const broken = { ...sheets, 任务: [HEADER, [NUMBER, '没有的清单', 21_000, '新任务', '做', null, '新办', null]] };
    const refused = await postWorkbook(await workbook(broken));
    expect(refused.errors).toMatchObject([{ code: 'unknown_reference', sheet: '任务', row: 2, column: '清单' }]);
    expect((await request('GET', '/v1/units/xinban')).status).toBe(404);
    const imported = await postWorkbook(await workbook(sheets));
    expect(imported).toMatchObject({ status: 201, state: 'applied' });
    const detail = await get<Detail>(`/v1/imports/${imported.id}`);
    expect(detail).toMatchObject({
      by: LOCAL_ADMIN,
      state: 'done',
      counts: { units: { added: 1 }, tasks: { added: 1 } },
    });
    expect(detail.changes.map(({ kind, key, change, before }) => [kind, key, change, before])).toEqual([
      ['units', 'xinban', 'added', null],
      ['posts', 'xinban.zhuren', 'added', null],
      ['people', 'xin-renzhe', 'added', null],
      ['appointments', expect.stringContaining('xinban.zhuren/xin-renzhe'), 'added', null],
      ['tasks', `task_${ANQUAN}-21000`, 'added', null],
    ]);
    expect(await postWorkbook(await workbook(sheets))).toMatchObject({ status: 200, id: null });
  });

  it('that is none, is refused and says so', async () => {
    const answer = await postWorkbook(new TextEncoder().encode('not a workbook'));
    expect([answer.status, answer.code]).toEqual([400, 'not_a_workbook']);
  });

  it('marked secret is refused, and its text is told nobody', async () => {
    const answer = await postWorkbook(
      await workbook({
        任务: [HEADER, [NUMBER, '安全生产', 22_000, '甲', '机密★三年 演习安排', null, '县住建局', null]],
      }),
    );
    expect([answer.status, answer.code]).toEqual([422, 'state_secret']);
    expect(JSON.stringify(answer)).not.toContain('演习');
    expect(system.logged.join()).not.toContain('演习');
  });

  it('can be taken as an empty template', async () => {
    const answer = await request('GET', '/v1/imports/template.xlsx');
    expect(answer.headers.get('content-type')).toBe(XLSX);
    const { sheets } = await readXlsx(new Uint8Array(await answer.arrayBuffer()));
    expect(sheets.map(({ name }) => name)).toContain('任务');
  });
});

describe('a bundle in YAML', () => {
  it('is taken like JSON', async () => {
    const yaml = 'jurisdiction: "433122"\nunits:\n  - { code: yaml-ban, name: 县亚办, kind: office }\n';
    const answer = await request('POST', '/v1/imports', yaml, 'application/yaml');
    expect(answer.status).toBe(201);
    const broken = await request('POST', '/v1/imports', 'units: [ { code: a', 'application/yaml');
    expect([broken.status, ((await broken.json()) as Result).code]).toEqual([400, 'malformed_yaml']);
  });
});

describe('a ledger', () => {
  const path = `/v1/ledgers/${ANQUAN}.xlsx`;
  type Rows = CellValue[][];
  const exported = async (): Promise<Rows> => {
    const answer = await request('GET', path);
    expect(answer.status).toBe(200);
    const { sheets } = await readXlsx(new Uint8Array(await answer.arrayBuffer()));
    return sheets[0]?.rows ?? [];
  };
  const edited = (rows: Rows, seq: number, edit: Readonly<Record<string, CellValue>>): Rows =>
    rows.map((row, at) =>
      at === 0 || row[0] !== seq ? row : row.map((cell, column) => edit[String(rows[0]?.[column])] ?? cell),
    );
  const send = async (rows: Rows, query = '') => postWorkbook(await workbook({ 台账: rows }), query);

  it('comes back unchanged', async () => {
    const rows = await exported();
    expect(rows[0]?.slice(0, 8)).toEqual([
      ...['序号', '工作任务', '工作要求', '完成时限', '牵头单位', '责任单位', '进展', '状态'],
    ]);
    expect(rows[1]?.slice(0, 4)).toEqual([1, '高层建筑', expect.stringContaining('扎实开展高层建筑'), '2023-10-31']);
    const answer = await send(rows);
    expect(answer).toMatchObject({ status: 200, id: null });
    expect(answer.difference.tasks).toMatchObject({ added: [], changed: [], unchanged: rows.length - 1 });
  });

  it('changes the edited cell alone', async () => {
    const rows = edited(await exported(), 2, { 工作任务: '=居民自建房（修订）' });
    const answer = await send(rows);
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.difference.tasks?.changed).toEqual([`task_${ANQUAN}-2`]);
    const [recorded] = (await system.deps.store.read(taskRef('433122', `task_${ANQUAN}-2`))).slice(-1);
    expect(recorded?.event).toMatchObject({ type: 'TaskCorrected', changed: ['title'], limits: [], basis: null });
    expect(await get(`/v1/tasks/task_${ANQUAN}-2`)).toMatchObject({ title: '=居民自建房（修订）' });
  });

  it('moves a running deadline only with a basis', async () => {
    const rows = await exported();
    const moved = edited(rows, 3, { 完成时限: '2023-12-31' });
    const refused = await send(moved);
    const line = rows.findIndex((row) => row[0] === 3) + 1;
    expect(refused.errors).toMatchObject([{ code: 'missing_basis', sheet: '台账', row: line, column: '完成时限' }]);
    const based = edited(moved, 3, { 调整依据: '县政府第12次常务会议纪要' });
    const trial = await send(based, '?dryRun=true');
    expect(trial.clocks).toMatchObject({ starts: 0, moves: 1, stops: 0 });
    expect(trial.clocks.items).toEqual([
      {
        ...{ taskId: `task_${ANQUAN}-3`, limitId: 'due', effect: 'moves', overdueAtOnce: false },
        ...{ before: '2023-10-01T00:00:00+08:00', after: '2024-01-01T00:00:00+08:00' },
      },
    ]);
    expect(await send(based)).toMatchObject({ status: 201 });
    expect(await get(`/v1/tasks/task_${ANQUAN}-3`)).toMatchObject({ due: '2024-01-01T00:00:00+08:00' });
    // The same file once more changes nothing.
    expect(await send(based)).toMatchObject({ status: 200, id: null });
  });

  it('overwrites nobody: a cell changed in the system since is refused', async () => {
    const rows = await exported();
    await send(edited(rows, 4, { 工作任务: '甲的改动' }));
    const late = await send(edited(rows, 4, { 工作任务: '乙的改动' }));
    expect(late.errors).toMatchObject([{ code: 'changed_since_export', sheet: '台账', column: '工作任务' }]);
    const other = await send(edited(rows, 4, { 工作要求: '乙改别处' }));
    expect(other).toMatchObject({ status: 201 });
    expect(await get(`/v1/tasks/task_${ANQUAN}-4`)).toMatchObject({ title: '甲的改动', text: '乙改别处' });
  });

  it('closes no task: its status column is to look at', async () => {
    const answer = await send(edited(await exported(), 5, { 状态: '已销号' }));
    expect(answer.errors).toMatchObject([{ code: 'read_only', sheet: '台账', column: '状态' }]);
  });

  it('is for those who may see its tasks', async () => {
    const token = await system.token(DIRECTOR.person);
    const mine = await system.app.request(path, { headers: { authorization: `Bearer ${token}` } });
    expect(mine.status).toBe(200);
    const stranger = await system.app.request(path, {
      headers: { authorization: `Bearer ${await system.token('nobody')}` },
    });
    const { sheets } = await readXlsx(new Uint8Array(await stranger.arrayBuffer()));
    expect(sheets[0]?.rows).toHaveLength(1);
    expect((await request('GET', '/v1/ledgers/no-such-plan.xlsx')).status).toBe(404);
    expect(ANQUAN_OFFICE).toContain('anquan');
  });
});
