import { beforeAll, describe, expect, it } from 'vitest';
import { TASK, testApi } from './app.fixture.ts';
import { BODIES, type Expected, QUERIES, task } from './bad-input.cases.ts';

type Api = Awaited<ReturnType<typeof testApi>>;

describe('bad input', () => {
  let api: Api;
  let id: string;
  let before: number;
  beforeAll(async () => {
    api = await testApi();
    id = (await api.call('POST', '/v1/tasks', TASK)).body.id;
    before = api.commits();
  });

  const expectRefused = (answer: Awaited<ReturnType<Api['call']>>, status: number, faults: Expected) => {
    const found = (answer.body.errors ?? []) as readonly { pointer: string; code: string; message: string }[];
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Object.fromEntries(found.map(({ pointer, code }) => [pointer, code]))).toEqual(faults);
    expect(found.every(({ message }) => message.length > 0)).toBe(true);
    expect(api.commits()).toBe(before);
  };

  it.each(BODIES)('%s', async (_what, path, body, status, faults) => {
    expectRefused(await api.call('POST', path.replace('{id}', id), body), status, faults);
  });

  it.each(QUERIES)('%s', async (_what, path, status, faults) => {
    expectRefused(await api.call('GET', path), status, faults);
  });

  it('names the nearest known names', async () => {
    const { body } = await api.call('POST', '/v1/tasks', task({ leadUnits: ['县交通运局'] }));
    expect(body.errors[0].suggestions.slice(0, 2)).toEqual(['县交通运输局', '县交通局']);
  });

  it('never repeats or logs what is marked secret', async () => {
    const { text } = await api.call('POST', '/v1/tasks', task({ text: '机密★1年 甲乙丙丁' }));
    expect(text).toContain('线下');
    expect(text + api.logged.join()).not.toContain('甲乙丙丁');
  });

  it('takes the word 秘密 where it marks nothing', async () => {
    const sound = await testApi();
    const answer = await sound.call('POST', '/v1/tasks', task({ text: '保守商业秘密长期有效，做好保密工作' }));
    expect(answer.status).toBe(201);
  });

  it.each([
    ['another type', { 'content-type': 'text/plain' }, 415],
    ['compressed', { 'content-encoding': 'gzip' }, 415],
    ['a key of blanks', { 'idempotency-key': 'a b' }, 422],
    ['a key of 201 characters', { 'idempotency-key': 'k'.repeat(201) }, 422],
  ])('header: %s', async (_what, headers, status) => {
    const answer = await api.call('POST', '/v1/tasks', TASK, headers);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(api.commits()).toBe(before);
  });

  it.each(['5', 'W/"1"', '"x"', '"1", "2"', ''])('If-Match %s', async (given) => {
    const answer = await api.call(
      'POST',
      `/v1/tasks/${id}/suspension`,
      { reason: '汛', basis: '会', until: '2024-01-01' },
      { 'if-match': given },
    );
    expectRefused(answer, 422, { '/header/if-match': 'wrong_format' });
  });

  it('says which methods an address takes', async () => {
    const answer = await api.call('DELETE', '/v1/tasks');
    expectRefused(answer, 405, {});
    expect(answer.headers.get('allow')).toBe('POST, GET');
  });
});
