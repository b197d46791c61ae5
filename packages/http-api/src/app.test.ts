import { importBundle } from '@duban/contracts/http/imports';
import { EVENT_TYPES } from '@duban/contracts/http/webhook-events';
import { generateKeyPair } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TASK, testApi } from './app.fixture.ts';
import { openApiDocument } from './openapi.ts';
import { languageOf } from './problems.ts';
import { ROUTES } from './routes.ts';

type Api = Awaited<ReturnType<typeof testApi>>;
let api: Api;
beforeAll(async () => {
  api = await testApi();
});

describe('tokens', () => {
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = () => Math.floor(Date.now() / 1_000);
  const claims = () => ({ iss: 'https://login.example', aud: 'duban', sub: 'zhang-jinying', exp: seconds() + 600 });
  const cases: readonly (readonly [string, () => Promise<string> | string])[] = [
    ['none at all', () => ''],
    ['another scheme', () => 'Basic eDp5'],
    ['garbage', () => 'Bearer a.b.c'],
    ['alg=none', () => `Bearer ${b64({ alg: 'none' })}.${b64(claims())}.`],
    ['alg=none with a signature', () => `Bearer ${b64({ alg: 'none', kid: 'k1' })}.${b64(claims())}.c2ln`],
    ['alg=HS256', () => `Bearer ${b64({ alg: 'HS256', kid: 'k1' })}.${b64(claims())}.c2ln`],
    ['expired', async () => `Bearer ${await api.sign({ exp: seconds() - 60 })}`],
    ['without end', async () => `Bearer ${await api.sign({ exp: undefined })}`],
    ['not yet valid', async () => `Bearer ${await api.sign({ nbf: seconds() + 600 })}`],
    ['another issuer', async () => `Bearer ${await api.sign({ iss: 'https://evil.example' })}`],
    ['another audience', async () => `Bearer ${await api.sign({ aud: 'other' })}`],
    ['forged', async () => `Bearer ${await api.sign({}, (await generateKeyPair('ES256')).privateKey)}`],
    ['nobody', async () => `Bearer ${await api.sign({ sub: '' })}`],
    ['the system', async () => `Bearer ${await api.sign({ sub: 'system:wake' })}`],
    ['another’s keys', async () => `Bearer ${await api.sign({ sub: 'zhang-jinying/x' })}`],
    ['no jurisdiction', async () => `Bearer ${await api.sign({ jurisdiction: '../1' })}`],
  ];

  it.each(cases)('refused: %s', async (_what, token) => {
    const answer = await api.call('POST', '/v1/tasks', TASK, { authorization: await token() });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(api.commits()).toBe(0);
  });

  it('of another jurisdiction see nothing of this one', async () => {
    const authorization = `Bearer ${await api.sign({ jurisdiction: '433123' })}`;
    expect((await api.call('GET', '/v1/units', undefined, { authorization })).body.items).toEqual([]);
  });
});

describe('a task through HTTP', () => {
  it('is created once for a key, carries its version and refuses a stale one', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await api.call('POST', '/v1/tasks', TASK, key);
    expect(first).toMatchObject({ status: 201, body: { due: '2023-11-11T00:00:00+08:00', dueDate: '2023-11-10' } });
    expect(first.headers.get('location')).toBe(`/v1/tasks/${first.body.id}`);
    const again = await api.call('POST', '/v1/tasks', Object.fromEntries(Object.entries(TASK).reverse()), key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    const other = await api.call('POST', '/v1/tasks', { ...TASK, title: '另一项' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
    const path = `/v1/tasks/${first.body.id}`;
    const etag = (await api.call('GET', path)).headers.get('etag') ?? '';
    const body = { reason: '汛期', basis: '调度会', until: '2023-07-01' };
    expect(await api.call('POST', `${path}/suspension`, body, { 'if-match': '"9"' })).toMatchObject({ status: 412 });
    expect(await api.call('POST', `${path}/suspension`, body, { 'if-match': etag })).toMatchObject({
      status: 200,
      body: { status: 'suspended', suspendedUntil: '2023-07-02T00:00:00+08:00' },
    });
    const { body: events } = await api.call('GET', `${path}/events?limit=1`);
    expect(events.items).toMatchObject([
      { version: 1, type: 'TaskAssigned', data: { definition: { dueAt: '2023-11-11T00:00:00+08:00' } } },
    ]);
    const rest = await api.call('GET', events.next);
    expect(rest.body).toMatchObject({ items: [{ version: 2, type: 'TaskSuspended' }], next: null });
    expect((await api.call('GET', `${path}/clock`)).body.limits[0]).toMatchObject({ id: 'due', running: false });
  });

  it('is hidden from strangers in the same words as what does not exist', async () => {
    const { body } = await api.call('POST', '/v1/tasks', TASK);
    const authorization = `Bearer ${await api.sign({ sub: 'yang-hongyu' })}`;
    const hidden = await api.call('GET', `/v1/tasks/${body.id}`, undefined, { authorization });
    const absent = await api.call('GET', '/v1/tasks/task_none', undefined, { authorization });
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, instance: '' }).toEqual({ ...absent.body, instance: '' });
    const probed = await api.call('POST', `/v1/tasks/${body.id}/acceptance`, { unit: '没有的局' }, { authorization });
    expect(probed.status).toBe(404);
  });

  it('cites its authority when a township takes part, however the number is bracketed', async () => {
    const answer = await api.call('POST', '/v1/tasks', {
      ...TASK,
      leadUnits: ['武溪镇'],
      authority: '泸政办发[2023]第05号',
    });
    expect(answer).toMatchObject({ status: 201, body: { documentNumber: '泸政办发〔2023〕5号' } });
  });
});

describe('a stopwatch', () => {
  afterEach(() => void vi.useRealTimers());

  it('learns nothing of a 404: it leaves on a beat, whatever there was to load', async () => {
    const timed = await testApi({ notFoundBeatMs: 1_000 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    const left: string[] = [];
    const ask = (path: string) => timed.call('GET', path).then(({ status }) => left.push(`${path} ${status}`));
    const absent = ask('/v1/tasks/task_none');
    await ask('/v1/units');
    await vi.advanceTimersByTimeAsync(999);
    expect(left).toEqual(['/v1/units 200']);
    await vi.advanceTimersByTimeAsync(1);
    await absent;
    expect(left).toEqual(['/v1/units 200', '/v1/tasks/task_none 404']);
  });
});

describe('lists', () => {
  it('are walked by cursors, which belong to list, filter and person', async () => {
    const first = await api.call('GET', '/v1/units?limit=3');
    expect(first.body.items).toHaveLength(3);
    const second = await api.call('GET', first.body.next);
    expect(second.body).toMatchObject({ items: [{ code: 'wuxi-zhen' }], next: null });
    const cursor = new URL(first.body.next, 'http://x').searchParams.get('cursor');
    const authorization = `Bearer ${await api.sign({ sub: 'yang-hongyu' })}`;
    for (const [path, headers] of [
      [`/v1/posts?cursor=${cursor}`, {}],
      [`/v1/units?name=a&cursor=${cursor}`, {}],
      [`/v1/units?cursor=${cursor}`, { authorization }],
    ] as const) {
      expect(await api.call('GET', path, undefined, headers)).toMatchObject({ status: 422 });
    }
  });

  it('find units by alias, part of a name and pinyin', async () => {
    const codes = async (query: string) =>
      (await api.call('GET', `/v1/units?${query}`)).body.items.map(({ code }: { code: string }) => code);
    expect(await codes('name=县应急局')).toEqual(['yingji-guanli-ju']);
    expect(await codes('name=林业')).toEqual(['linye-ju']);
    expect(await codes('q=xjtj')).toEqual(['jiaotong-ju']);
    expect(await codes('q=wuxi')).toEqual(['wuxi-zhen']);
  });
});

describe('problems', () => {
  it('are told in Chinese unless English is preferred, with the correlation id', async () => {
    const headers = { 'x-correlation-id': 'abcdefgh-1' };
    const zh = await api.call('GET', '/v1/tasks/task_none', undefined, headers);
    expect(zh.body).toMatchObject({ title: '没有此内容', instance: 'abcdefgh-1' });
    expect(zh.headers.get('x-correlation-id')).toBe('abcdefgh-1');
    const en = await api.call('GET', '/v1/tasks/task_none', undefined, { 'accept-language': 'en-GB,zh;q=0.5' });
    expect(en.body.title).toBe('Nothing here');
    expect(en.headers.get('content-language')).toBe('en');
    const faults = await api.call('POST', '/v1/tasks', { ...TASK, title: 7 }, { 'accept-language': 'en' });
    expect(faults.body.errors[0].message).toBe('It must be text.');
  });

  it('weigh languages', () => {
    expect([null, 'fr', 'en', 'zh-CN,en;q=0.9', 'en;q=0.2,zh;q=0.1', 'en;q=0'].map(languageOf)).toEqual([
      ...['zh', 'zh', 'en', 'zh', 'en', 'zh'],
    ]);
  });

  it('of our own making are bare, and logged without content', async () => {
    const { body: task } = await api.call('POST', '/v1/tasks', TASK);
    const authorization = `Bearer ${await api.sign({ sub: 'root-admin' })}`;
    // The fixture's ledger cannot verify chains, which no caller can help.
    const path = `/v1/audit/verification?aggregate=${task.id}`;
    const answer = await api.call('GET', path, undefined, { authorization, 'x-correlation-id': 'abcdefgh-2' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal', instance: 'abcdefgh-2' } });
    expect(answer.text).not.toContain('verify');
    expect(api.logged.some((line) => line.startsWith('request failed') && line.includes('abcdefgh-2'))).toBe(true);
    expect(api.logged.join()).not.toMatch(new RegExp(`${TASK.title}|${task.id}|root-admin`));
  });
});

describe('the description', () => {
  it('covers every address and resolves every reference', async () => {
    const document = (await openApiDocument('1')) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[] }>>;
      components: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const operations = ROUTES.map(({ method, path }) => document.paths[path]?.[method.toLowerCase()]);
    expect(operations.every((operation) => operation !== undefined)).toBe(true);
    expect(new Set(operations.map((operation) => operation?.operationId)).size).toBe(ROUTES.length);
    for (const [index, { path }] of ROUTES.entries()) {
      const declared = operations[index]?.parameters?.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(declared, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(60);
    for (const [, kind = '', name = ''] of references) expect(document.components[kind]?.[name], name).toBeDefined();
    expect(JSON.stringify(document)).not.toContain('#/$defs/');
    for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
      expect(schema, name).not.toHaveProperty('$ref');
    }
  });

  it('says of every operation that it may be refused for a while, and how long', async () => {
    const { paths, components } = (await openApiDocument('1')) as {
      paths: Record<string, Record<string, { responses: Record<string, { $ref: string }> }>>;
      components: { responses: Record<string, { headers: object; content: object }> };
    };
    for (const { method, path } of ROUTES) {
      for (const status of ['429', '503']) {
        const { $ref = '' } = paths[path]?.[method.toLowerCase()]?.responses[status] ?? {};
        const response = components.responses[$ref.replace('#/components/responses/', '')];
        expect(Object.keys(response?.headers ?? {}), `${method} ${path}`).toEqual(['Retry-After']);
        expect(Object.keys(response?.content ?? {})).toEqual(['application/problem+json']);
      }
    }
  });

  it('lists what is posted to webhooks, by the event’s type', async () => {
    const { webhooks } = (await openApiDocument('1')) as {
      webhooks: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>;
    };
    expect(Object.keys(webhooks)).toEqual([...EVENT_TYPES]);
    for (const { post } of Object.values(webhooks)) {
      const { schema } = post.requestBody.content['application/cloudevents+json'] ?? {};
      expect(schema).toMatchObject({ $ref: expect.stringMatching(/Event$/) });
    }
  });

  it('is shown by a page that loads nothing from elsewhere', async () => {
    const page = await (await api.app.request('/docs')).text();
    for (const [, file = ''] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await api.app.request(file)).status, file).toBe(200);
    }
    expect(page).not.toContain('http');
    expect((await api.app.request('/docs/package.json')).status).toBe(404);
  });
});

describe('bundles', () => {
  it('get their defaults', () => {
    const parsed = importBundle.parse({
      jurisdiction: '433122',
      units: [{ code: 'a', name: '甲', kind: 'bureau' }],
      plans: [{ code: 'p', documentNumber: '泸政办发（2023）5号', list: 'l', title: 't', group: 'g' }],
    });
    expect(parsed).toEqual({
      jurisdiction: '433122',
      mode: 'merge',
      units: [{ code: 'a', name: '甲', kind: 'bureau', aliases: [], parent: null }],
      plans: [
        { code: 'p', documentNumber: '泸政办发〔2023〕5号', list: 'l', title: 't', group: 'g', policy: 'default-task' },
      ],
    });
  });
});
