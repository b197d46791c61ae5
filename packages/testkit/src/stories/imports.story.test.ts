import {
  type Dependencies,
  finishImport,
  importBundle,
  rebuildViews,
  structureRef,
  taskRef,
  wakeBatch,
} from '@duban/application';
import type { NoticesJoined } from '@duban/domain';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { type CellValue, readXlsx, writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { ANQUAN, ANQUAN_OFFICE, DIRECTOR, ISSUED, SUPERVISION } from './county.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const NUMBER = '泸政办发〔2023〕5号';
const caller = {
  jurisdiction: '433122',
  actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
  correlationId: 'story',
};
const TASK = { documentNumber: NUMBER, list: '安全生产', text: '排查并整改', leadUnits: ['县住建局'] };
const tasks = (from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...TASK, seq: from + at, title: `第${from + at}处`, ...more }));

interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly suggestions?: readonly string[];
  readonly sheet?: string;
  readonly row?: number;
  readonly column?: string;
}
interface Result {
  readonly id: string | null;
  readonly state: string;
  readonly difference: Record<string, { added: string[]; changed: string[]; removed: string[]; unchanged: number }>;
  readonly clocks: { starts: number; moves: number; stops: number; overdueAtOnce: number; items: object[] };
  readonly errors: readonly Fault[];
  readonly code: string;
}
interface Detail {
  readonly state: string;
  readonly by: string;
  readonly at: string;
  readonly counts: Record<string, { added: number }>;
  readonly changes: readonly {
    kind: string;
    key: string;
    change: string;
    before: object | null;
    after: object | null;
  }[];
  readonly next: string | null;
}

let system: CloudTestSystem;
beforeAll(async () => {
  system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
});
afterAll(() => system.close());

async function request(method: string, path: string, body?: string | Uint8Array, type = 'application/json') {
  const headers = { authorization: `Bearer ${await system.adminToken()}`, 'content-type': type };
  return system.app.request(path, { method, headers, ...(body === undefined ? {} : { body: body as string }) });
}
async function get<T>(path: string): Promise<T> {
  return (await (await request('GET', path)).json()) as T;
}
async function post(path: string, body: object): Promise<Result & { status: number }> {
  const answer = await request('POST', path, JSON.stringify({ jurisdiction: '433122', ...body }));
  return { ...((await answer.json()) as Result), status: answer.status };
}
async function postWorkbook(bytes: Uint8Array, query = ''): Promise<Result & { status: number }> {
  const answer = await request('POST', `/v1/imports${query}`, bytes, XLSX);
  return { ...((await answer.json()) as Result), status: answer.status };
}
const workbook = (sheets: Readonly<Record<string, CellValue[][]>>) =>
  writeXlsx({ sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows })) });
const totalOf = async (plan = ANQUAN) => (await get<{ total: number }>(`/v1/dashboard?plan=${plan}`)).total;
const titlesOf = async (unit: string) => {
  const titles: string[] = [];
  for (let path: string | null = `/v1/tasks?unit=${encodeURIComponent(unit)}&limit=200`; path !== null; ) {
    const page: { items: { title: string }[]; next: string | null } = await get(path);
    titles.push(...page.items.map(({ title }) => title));
    path = page.next;
  }
  return titles;
};

/** The system's dependencies, whose store dies with the n-th commit of the import; nothing after it happens. */
function dyingAfter(commits: number): Dependencies {
  let left = commits;
  const { deps } = system;
  return {
    ...deps,
    store: {
      ...deps.store,
      commit: async (batch) => {
        if (left === 0) throw new Error('the process died');
        left -= 1;
        return deps.store.commit(batch);
      },
    },
  };
}

describe('an import of many tasks', () => {
  it('is seen whole or not at all, by lists, counts, single tasks and the office', async () => {
    const before = await totalOf();
    const seen: number[] = [];
    const lists: number[] = [];
    const singles: number[] = [];
    const phases: string[] = [];
    const looks: Promise<void>[] = [];
    const look = async () => {
      seen.push((await totalOf()) - before);
      lists.push((await titlesOf('县住建局')).filter((title) => title.startsWith('第1')).length);
      singles.push((await request('GET', `/v1/tasks/task_${ANQUAN}-1000`)).status);
    };
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(1000, 1100) };
    const result = await importBundle(system.deps, caller, bundle, {
      dryRun: false,
      idempotency: null,
      wait: true,
      onProgress: ({ phase }) => {
        phases.push(phase);
        looks.push(look());
      },
    });
    await Promise.all(looks);
    await look();
    expect(result.state).toBe('applied');
    expect(phases).toContain('writing');
    expect(phases).toContain('settling');
    expect([...new Set(seen)].sort((a, b) => a - b)).toEqual([0, 1100]);
    expect([...new Set(lists)].sort((a, b) => a - b)).toEqual([0, 1000]);
    expect([...new Set(singles)].sort()).toEqual([200, 404]);
    expect(seen.at(-1)).toBe(1100);
  });

  it('changes nothing when it is applied again', async () => {
    const head = await system.deps.store.load(structureRef('433122'));
    const again = await post('/v1/imports', { tasks: fullTasks(1000, 300) });
    expect(again).toMatchObject({ status: 200, id: null, state: 'applied' });
    expect(again.difference.tasks).toEqual({ added: [], changed: [], removed: [], unchanged: 300 });
    expect((await system.deps.store.load(structureRef('433122')))?.version).toBe(head?.version);
  });

  it('told each unit once', async () => {
    await system.advance(Date.parse('2023-05-15T08:40:00+08:00'));
    interface Digest {
      readonly count: number;
      readonly items: readonly { readonly itemId: string }[];
    }
    const told: string[] = [];
    for await (const { ref } of system.deps.store.scanHeads('433122')) {
      if (ref.type !== 'digest') continue;
      for (const { event } of await system.deps.store.read(ref)) {
        if (event.type !== 'NoticesJoined') continue;
        const { mailbox, notices } = event as unknown as NoticesJoined;
        told.push(...notices.map(({ itemId }) => `${mailbox} ${itemId}`));
      }
    }
    const imported = told.filter((line) => /-1\d{3}$/.test(line) || /-2\d{3}$/.test(line));
    expect(imported).toHaveLength(1100);
    expect(new Set(imported).size).toBe(1100);
    const authorization = `Bearer ${await system.token(SUPERVISION)}`;
    const inbox = await system.app.request('/v1/inbox?unit=zhujian-ju', { headers: { authorization } });
    const { items } = (await inbox.json()) as { items: Digest[] };
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(1100);
  });
});

describe('an import that dies half-way', () => {
  it.each([
    ['before it promised anything', 0, 'nothing'],
    ['after its promise', 1, 'all'],
    ['between two parts', 3, 'all'],
    ['after it was published', 5, 'all'],
  ])('%s', async (_when, commits, outcome) => {
    const first = 3000 + commits * 1000;
    const before = await totalOf();
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(first, 620) };
    const options = { dryRun: false, idempotency: null, wait: true };
    await expect(importBundle(dyingAfter(commits), caller, bundle, options)).rejects.toThrow('died');
    expect([0, 620]).toContain((await totalOf()) - before);
    // What is left is found by the alarm clock, like any other wake.
    const due = [];
    for await (const page of system.deps.wakes.due(system.clock.now())) due.push(...page);
    for (let round = 0; round < 10; round += 1) {
      await wakeBatch(
        system.deps,
        due.filter(({ ref }) => ref.type === 'structure'),
      );
    }
    await system.settle();
    expect((await totalOf()) - before).toBe(outcome === 'all' ? 620 : 0);
    expect((await system.deps.store.load(structureRef('433122')))?.state).toMatchObject({ underWay: null });
  });

  it('is carried on by three at once, and each task is written once', async () => {
    const before = await totalOf();
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(12_000, 620) };
    const options = { dryRun: false, idempotency: null, wait: true };
    await expect(importBundle(dyingAfter(1), caller, bundle, options)).rejects.toThrow('died');
    await Promise.all(Array.from({ length: 3 }, () => finishImport(system.deps, '433122')));
    await system.settle();
    expect((await totalOf()) - before).toBe(620);
    for (const seq of [12_000, 12_499, 12_500, 12_619]) {
      expect(await system.deps.store.read(taskRef('433122', `task_${ANQUAN}-${seq}`))).toHaveLength(1);
    }
  });

  it('leaves whole hash chains, and views that equal rebuilt ones', async () => {
    for await (const { ref } of system.deps.store.scanHeads('433122')) {
      expect(await system.deps.store.verify(ref), ref.id).toMatchObject({ ok: true });
    }
    await system.settle();
    const followed = await system.dumpViews();
    await rebuildViews(system.deps);
    expect(await system.dumpViews()).toEqual(followed);
  }, 120_000);
});

describe('while an import is being written', () => {
  it('tasks it corrects stand as they were, and are nobody’s to change; another import waits', async () => {
    const corrected = fullTasks(1000, 2).map((task) => ({ ...task, title: '改了', leadUnits: ['县水利局'] }));
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: corrected };
    // Dies after the tasks are written, before that is noted: nothing is published.
    await expect(
      importBundle(dyingAfter(2), caller, bundle, { dryRun: false, idempotency: null, wait: true }),
    ).rejects.toThrow('died');
    const task = await get<{ title: string; version: number }>(`/v1/tasks/task_${ANQUAN}-1000`);
    expect(task).toMatchObject({ title: '第1000处', version: 1 });
    const events = await get<{ items: object[] }>(`/v1/tasks/task_${ANQUAN}-1000/events`);
    expect(events.items).toHaveLength(1);
    expect(await titlesOf('县水利局')).not.toContain('改了');
    expect(await titlesOf('县住建局')).toContain('第1000处');
    const authorization = `Bearer ${await system.token(DIRECTOR.person)}`;
    const cancelled = await system.app.request(`/v1/tasks/task_${ANQUAN}-1000/cancellation`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: '重复', basis: '会议纪要' }),
    });
    expect([cancelled.status, ((await cancelled.json()) as Result).code]).toEqual([409, 'import_under_way']);
    expect(await post('/v1/imports', { tasks: tasks(9000, 1) })).toMatchObject({
      status: 409,
      code: 'import_under_way',
    });
    await system.advance(system.clock.now() + 1000);
    expect(await get(`/v1/tasks/task_${ANQUAN}-1000`)).toMatchObject({ title: '改了', version: 2 });
    expect((await titlesOf('县水利局')).filter((title) => title === '改了')).toHaveLength(2);
    expect(await titlesOf('县住建局')).not.toContain('第1000处');
  });
});

describe('removing', () => {
  it('a unit that open tasks name is refused with the list', async () => {
    const units = (await allUnits()).filter(({ name }) => name !== '县水利局');
    const answer = await post('/v1/imports', { mode: 'replace', units });
    expect(answer.status).toBe(422);
    const inUse = answer.errors.filter(({ code }) => code === 'in_use');
    expect(inUse).toHaveLength(1);
    expect(inUse[0]?.suggestions).toContain(`task_${ANQUAN}-1000`);
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

function fullTasks(from: number, count: number) {
  return tasks(from, count).map((task) => ({
    ...task,
    ...{ responsibleUnits: ['武溪镇'], leaders: [], due: '2023-11-30', dueText: null, ongoing: false },
    ...{ milestones: [], targets: [], sourceLines: null, notes: [], asOf: null, basis: null },
  }));
}
