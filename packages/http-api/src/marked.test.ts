import { beforeAll, describe, expect, it } from 'vitest';
import { PLAN, TASK, testApi } from './app.fixture.ts';
import { openApiDocument } from './openapi.ts';

type Api = Awaited<ReturnType<typeof testApi>>;
const MARKED = '机密★1年甲乙丙丁';
const percent = encodeURIComponent(MARKED);
/** 机密★1年 in GB18030, as an older client escapes it. */
const GB = '%BB%FA%C3%DC%A1%EF1%C4%EA';
/** Header values are bytes. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

let api: Api;
let commits: number;
beforeAll(async () => {
  api = await testApi();
  await api.call('POST', '/v1/tasks', TASK);
  commits = api.commits();
});

async function expectRefused(answer: Awaited<ReturnType<Api['call']>>, pointers: readonly string[]): Promise<void> {
  expect(answer).toMatchObject({ status: 422, body: { code: 'state_secret' } });
  expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  expect(answer.body.detail).toContain('线下');
  expect(decodeURIComponent(answer.text) + api.logged.join()).not.toMatch(/甲乙丙丁|机密/);
  expect(api.commits()).toBe(commits);
}

describe('an address that is marked is refused', () => {
  it.each([
    [`/v1/units?q=${percent}`, '/query/q'],
    [`/v1/units?${percent}=1`, '/query'],
    [`/v1/units?${encodeURIComponent('甲乙丙丁')}=${encodeURIComponent('秘密 3年')}`, '/query'],
    [`/v1/units?q=%E6%9C%BA+%E5%AF%86+%E2%98%85`, '/query/q'],
    [`/v1/units?q=${GB}`, '/query/q'],
    [`/v1/tasks?unit=${percent}`, '/query/unit'],
    [`/v1/tasks/${percent}`, '/path'],
    [`/v1/tasks/${GB}/clock`, '/path'],
    [`/v1/units/${encodeURIComponent('【绝密】')}`, '/path'],
    [`/v1/ledgers/${encodeURIComponent('秘密')}.xlsx`, '/path'],
    [`/v1/plans/${PLAN}?x=${percent}`, '/query/x'],
  ])('%s', async (path, pointer) => {
    await expectRefused(await api.call('GET', path), [pointer]);
  });

  it('also of a command', async () => {
    await expectRefused(await api.call('POST', `/v1/tasks/${percent}/progress`, { percent: 1 }), ['/path']);
  });
});

describe('a file’s name that is marked is refused', () => {
  it.each([
    ['content-disposition', bytes('attachment; filename="机密★1年甲乙丙丁.json"')],
    ['content-disposition', bytes('attachment; filename=机密.xlsx')],
    ['content-disposition', `attachment; filename="a.json"; filename*=UTF-8''${percent}.json`],
    ['content-disposition', `attachment; filename*=gb18030''${GB}.json`],
    ['content-disposition', `attachment; filename*0*=UTF-8''${percent.slice(0, 9)}; filename*1*=${percent.slice(9)}`],
    ['content-disposition', `attachment; filename="=?UTF-8?B?${Buffer.from(MARKED).toString('base64')}?="`],
    ['content-disposition', `attachment; filename="=?gb2312?Q?${GB.replaceAll('%', '=')}?="`],
    ['x-file-name', percent],
    ['x-file-name', bytes('C:\\报表\\绝密_名单.xlsx')],
    ['x-file-name', Buffer.from('bbfac3dca1ef', 'hex').toString('latin1')],
    ['content-type', `application/json; name="${bytes(MARKED)}"`],
    ['idempotency-key', percent],
  ])('%s: %s', async (name, value) => {
    const answer = await api.call('POST', '/v1/imports', { jurisdiction: '433122' }, { [name]: value });
    await expectRefused(answer, [`/header/${name}`]);
  });

  it.each([
    ['content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent('保密工作台账.json')}`],
    ['x-file-name', bytes('隧道100%排查.json')],
    ['idempotency-key', 'k%E6%9C'],
  ])('and no other: %s', async (name, value) => {
    const sound = await testApi();
    expect(await sound.call('POST', '/v1/tasks', TASK, { [name]: value })).toMatchObject({ status: 201 });
  });
});

describe('a body that is marked is refused', () => {
  it.each([
    ['a field nobody knows', { ...TASK, 甲乙丙丁: { x: '机密★1年' } }, '/x'],
    ['the name of a field', { ...TASK, '机密★甲乙丙丁': 1 }, ''],
    ['a list', { ...TASK, responsibleUnits: ['县林业局', MARKED] }, '/responsibleUnits/1'],
    ['a field given twice', `{"title":"${MARKED}","title":"a"}`, ''],
    ['what is no JSON', `{"title":"${MARKED}",`, ''],
  ])('in %s', async (_where, body, pointer) => {
    await expectRefused(await api.call('POST', '/v1/tasks', body), [pointer]);
  });

  it.each([
    ['a value', `jurisdiction: "433122"\nunits:\n  - name: ${MARKED}\n`, '/units/0/name'],
    ['a comment', '# 机密★1年\njurisdiction: "433122"\n', ''],
    ['a line of its own', '# 绝密\njurisdiction: "433122"\n', ''],
    ['what is no YAML', `units: [ { code: ${MARKED}`, ''],
  ])('in YAML, in %s', async (_where, body, pointer) => {
    const answer = await api.call('POST', '/v1/imports', body, { 'content-type': 'application/yaml' });
    await expectRefused(answer, [pointer]);
  });
});

describe('trade secrets', () => {
  const warningOf = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await (await testApi()).call('POST', '/v1/tasks', { ...TASK, ...body }, headers);
    return [answer.status, answer.headers.get('x-duban-warnings')];
  };

  it.each(['涉及商业秘密', '涉及商業祕密', '工作秘密清单'])('%s: is carried out with a warning', async (text) => {
    expect(await warningOf({ text })).toEqual([201, 'trade-secret']);
  });

  it('are told of in a file’s name too, and of nothing else', async () => {
    expect(await warningOf({}, { 'x-file-name': encodeURIComponent('商业秘密.json') })).toEqual([201, 'trade-secret']);
    expect(await warningOf({ text: '做好保密工作' })).toEqual([201, null]);
  });

  it('marked as state secrets are refused', async () => {
    await expectRefused(await api.call('POST', '/v1/tasks', { ...TASK, text: '商业秘密★3年甲乙丙丁' }), ['/text']);
  });

  it('have a header that is described', async () => {
    const { paths, components } = (await openApiDocument('1')) as {
      paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>;
      components: { headers: Record<string, { schema: object }> };
    };
    expect(paths['/v1/tasks']?.post?.responses[201]?.headers).toMatchObject({
      'x-duban-warnings': { $ref: '#/components/headers/Warnings' },
    });
    expect(paths['/v1/tasks']?.get?.responses[200]?.headers).toEqual({});
    expect(components.headers.Warnings?.schema).toEqual({ type: 'string', enum: ['trade-secret'] });
  });
});
