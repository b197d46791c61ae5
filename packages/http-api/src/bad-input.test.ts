import { beforeAll, describe, expect, it } from 'vitest';
import { TASK, testApi } from './app.fixture.ts';

type Api = Awaited<ReturnType<typeof testApi>>;
type Expected = Readonly<Record<string, string>>;

const task = (differs: object) => ({ ...TASK, ...differs });
const without = (field: keyof typeof TASK) =>
  Object.fromEntries(Object.entries(TASK).filter(([name]) => name !== field));
const NUL = '\u0000';
const RTL = '\u202e';

/** What is wrong · where to · body · status · faults by pointer. */
const BODIES: readonly (readonly [string, string, unknown, number, Expected])[] = [
  [
    'no body at all',
    '/v1/tasks',
    undefined,
    422,
    { '/plan': 'required', '/title': 'required', '/text': 'required', '/leadUnits': 'required', '/due': 'required' },
  ],
  ['an array', '/v1/tasks', [], 422, { '': 'wrong_type' }],
  ['null', '/v1/tasks', null, 422, { '': 'wrong_type' }],
  ['a number', '/v1/tasks', 7, 422, { '': 'wrong_type' }],
  ['a numeric title', '/v1/tasks', task({ title: 7 }), 422, { '/title': 'wrong_type' }],
  ['no title', '/v1/tasks', without('title'), 422, { '/title': 'required' }],
  ['a null title', '/v1/tasks', task({ title: null }), 422, { '/title': 'wrong_type' }],
  ['a blank title', '/v1/tasks', task({ title: '  \n ' }), 422, { '/title': 'blank' }],
  ['an 11 kB title', '/v1/tasks', task({ title: '长'.repeat(3_700) }), 422, { '/title': 'too_big' }],
  ['a text of 4,001 characters', '/v1/tasks', task({ text: 'x'.repeat(4_001) }), 422, { '/text': 'too_big' }],
  ['an unknown field', '/v1/tasks', task({ colour: 'red' }), 422, { '/colour': 'unknown_field' }],
  ['two unknown fields', '/v1/tasks', task({ a: 1, b: 2 }), 422, { '/a': 'unknown_field', '/b': 'unknown_field' }],
  [
    'a prototype in disguise',
    '/v1/tasks',
    `{"__proto__":{"x":1},${JSON.stringify(TASK).slice(1)}`,
    422,
    { '/__proto__': 'unknown_field' },
  ],
  [
    'three faults at once',
    '/v1/tasks',
    task({ title: 7, due: '2023-02-30', ongoing: 'yes' }),
    422,
    { '/title': 'wrong_type', '/due': 'no_such_date', '/ongoing': 'wrong_type' },
  ],
  ['2023-02-30', '/v1/tasks', task({ due: '2023-02-30' }), 422, { '/due': 'no_such_date' }],
  ['2023-02-29', '/v1/tasks', task({ due: '2023-02-29' }), 422, { '/due': 'no_such_date' }],
  ['2023-13-01', '/v1/tasks', task({ due: '2023-13-01' }), 422, { '/due': 'no_such_date' }],
  ['2023-9-1', '/v1/tasks', task({ due: '2023-9-1' }), 422, { '/due': 'no_such_date' }],
  ['an instant without offset', '/v1/tasks', task({ due: '2023-09-01T00:00:00' }), 422, { '/due': 'no_such_date' }],
  ['25 o’clock', '/v1/tasks', task({ due: '2023-09-01T25:00:00+08:00' }), 422, { '/due': 'no_such_date' }],
  ['the year 9999', '/v1/tasks', task({ due: '9999-12-31' }), 422, { '/due': 'implausible_year' }],
  ['the year 1023', '/v1/tasks', task({ due: '1023-09-01' }), 422, { '/due': 'implausible_year' }],
  ['a numeric date', '/v1/tasks', task({ due: 20230901 }), 422, { '/due': 'wrong_type' }],
  ['no due at all', '/v1/tasks', without('due'), 422, { '/due': 'required' }],
  ['NUL', '/v1/tasks', task({ title: `照明${NUL}` }), 422, { '/title': 'forbidden_characters' }],
  ['right-to-left override', '/v1/tasks', task({ text: `排${RTL}查` }), 422, { '/text': 'forbidden_characters' }],
  ['bidi isolate', '/v1/tasks', task({ text: '排\u2066查' }), 422, { '/text': 'forbidden_characters' }],
  ['DEL', '/v1/tasks', task({ text: '排\u007f查' }), 422, { '/text': 'forbidden_characters' }],
  [
    'half a surrogate pair',
    '/v1/tasks',
    `{"title":"\\ud800",${JSON.stringify(without('title')).slice(1)}`,
    422,
    { '/title': 'forbidden_characters' },
  ],
  ['no lead unit', '/v1/tasks', task({ leadUnits: [] }), 422, { '/leadUnits': 'too_small' }],
  ['a unit that is no list', '/v1/tasks', task({ leadUnits: '县交通局' }), 422, { '/leadUnits': 'wrong_type' }],
  ['51 lead units', '/v1/tasks', task({ leadUnits: Array(51).fill('县交通局') }), 422, { '/leadUnits': 'too_big' }],
  ['an unknown unit', '/v1/tasks', task({ leadUnits: ['县交通运局'] }), 422, { '/leadUnits/0': 'unknown_reference' }],
  [
    'two unknown units and a post',
    '/v1/tasks',
    task({ leadUnits: ['甲局'], responsibleUnits: ['县林业局', '乙局'], leaders: ['县林业局副长'] }),
    422,
    {
      '/leadUnits/0': 'unknown_reference',
      '/responsibleUnits/1': 'unknown_reference',
      '/leaders/0': 'unknown_reference',
    },
  ],
  ['an unknown plan', '/v1/tasks', task({ plan: 'luxi-2023-anquann' }), 422, { '/plan': 'unknown_reference' }],
  ['a plan that is no code', '/v1/tasks', task({ plan: 'Not A Code' }), 422, { '/plan': 'wrong_format' }],
  [
    'a township without authority',
    '/v1/tasks',
    task({ leadUnits: ['武溪镇'] }),
    422,
    { '/authority': 'missing_authority' },
  ],
  [
    'an authority that is none',
    '/v1/tasks',
    task({ authority: '县长说的' }),
    422,
    { '/authority': 'not_a_document_number' },
  ],
  [
    'an unknown authority',
    '/v1/tasks',
    task({ authority: '泸政办发〔2022〕99号' }),
    422,
    { '/authority': 'unknown_reference' },
  ],
  ['seq 0', '/v1/tasks', task({ seq: 0 }), 422, { '/seq': 'too_small' }],
  ['seq 1.5', '/v1/tasks', task({ seq: 1.5 }), 422, { '/seq': 'wrong_type' }],
  [
    'a milestone without date',
    '/v1/tasks',
    task({ milestones: [{ code: 'Q1', title: '一', text: '一' }] }),
    422,
    { '/milestones/0/due': 'required' },
  ],
  [
    'two milestones of one code',
    '/v1/tasks',
    task({ milestones: Array(2).fill({ code: 'Q1', title: '一', text: '一', due: '2023-06-30' }) }),
    422,
    { '/milestones': 'repeated_code' },
  ],
  [
    'an infinite target',
    '/v1/tasks',
    `{"targets":[{"indicator":"率","value":1e999}],${JSON.stringify(TASK).slice(1)}`,
    422,
    { '/targets/0/value': 'wrong_type' },
  ],
  ['机密★1年', '/v1/tasks', task({ text: '机密★1年 部署' }), 422, { '/text': 'state_secret' }],
  ['绝密 30年', '/v1/tasks', task({ title: '密级：绝密 30年' }), 422, { '/title': 'state_secret' }],
  ['秘密 alone', '/v1/tasks', task({ dueText: '秘密' }), 422, { '/dueText': 'state_secret' }],
  ['秘密 with a hidden joint', '/v1/tasks', task({ title: '秘\u200b密★长期' }), 422, { '/title': 'state_secret' }],
  ['percent 101', '/v1/tasks/{id}/progress', { percent: 101 }, 422, { '/percent': 'too_big' }],
  ['percent as text', '/v1/tasks/{id}/progress', { percent: '40' }, 422, { '/percent': 'wrong_type' }],
  ['a report of nothing', '/v1/tasks/{id}/progress', {}, 422, { '': 'nothing_reported' }],
  [
    'an extension without reason',
    '/v1/tasks/{id}/extensions',
    { newDue: '2024-01-01' },
    422,
    { '/reason': 'required' },
  ],
  [
    'an extension to 2024-02-30',
    '/v1/tasks/{id}/extensions',
    { newDue: '2024-02-30', reason: '雨' },
    422,
    { '/newDue': 'no_such_date' },
  ],
  [
    'a decision that is a word',
    '/v1/tasks/{id}/extensions/1/decision',
    { approved: 'yes' },
    422,
    { '/approved': 'wrong_type' },
  ],
  ['a return without reason', '/v1/tasks/{id}/return', {}, 422, { '/reason': 'required' }],
  [
    'a suspension without end',
    '/v1/tasks/{id}/suspension',
    { reason: '汛期', basis: '会议' },
    422,
    { '/until': 'required' },
  ],
  [
    'a suspension into the past',
    '/v1/tasks/{id}/suspension',
    { reason: '汛期', basis: '会议', until: '2023-01-01' },
    422,
    { '/until': 'invalid_due' },
  ],
  ['a cancellation without basis', '/v1/tasks/{id}/cancellation', { reason: '撤销' }, 422, { '/basis': 'required' }],
  [
    'an import of nothing known',
    '/v1/imports',
    { jurisdiction: 433122, oddities: [] },
    422,
    { '/jurisdiction': 'wrong_type', '/oddities': 'unknown_field' },
  ],
  [
    'an import of another mode',
    '/v1/imports',
    { jurisdiction: '433122', mode: 'wipe' },
    422,
    { '/mode': 'not_one_of' },
  ],
  [
    'an import of a unit of no kind',
    '/v1/imports',
    { jurisdiction: '433122', units: [{ code: 'A B', name: '', kind: 'army' }] },
    422,
    { '/units/0/code': 'wrong_format', '/units/0/name': 'blank', '/units/0/kind': 'not_one_of' },
  ],
  [
    'an import with an impossible zone',
    '/v1/imports',
    { jurisdiction: '433122', jurisdictions: [{ code: '433122', name: '泸溪县', timeZone: 'Asia/Luxi' }] },
    422,
    { '/jurisdictions/0/timeZone': 'no_such_time_zone' },
  ],
  ['broken JSON', '/v1/tasks', '{"plan":', 400, {}],
  ['text after JSON', '/v1/tasks', '{} x', 400, {}],
  ['JSON that is not UTF-8', '/v1/tasks', new Uint8Array([0x22, 0xff, 0x22]), 400, {}],
  ['JSON nested 50,000 deep', '/v1/tasks', '['.repeat(50_000) + ']'.repeat(50_000), 400, {}],
  ['an 8 MB body', '/v1/tasks', JSON.stringify({ title: 'x'.repeat(8 * 1024 * 1024) }), 413, {}],
  ['an 8 MB bundle', '/v1/imports', JSON.stringify({ jurisdiction: 'x'.repeat(8 * 1024 * 1024) }), 413, {}],
];

/** What is wrong · path · status · faults by pointer. */
const QUERIES: readonly (readonly [string, string, number, Expected])[] = [
  ['limit 0', '/v1/tasks?limit=0', 422, { '/query/limit': 'too_small' }],
  ['limit 201', '/v1/tasks?limit=201', 422, { '/query/limit': 'too_big' }],
  ['limit in words', '/v1/units?limit=ten', 422, { '/query/limit': 'wrong_format' }],
  ['limit twice', '/v1/units?limit=1&limit=2', 422, { '/query/limit': 'repeated' }],
  ['an unknown parameter', '/v1/tasks?colour=red', 422, { '/query/colour': 'unknown_field' }],
  ['a parameter where there is none', '/v1/plans/luxi-2023-anquan?x=1', 422, { '/query/x': 'unknown_field' }],
  ['an unknown light', '/v1/tasks?light=pink', 422, { '/query/light': 'not_one_of' }],
  [
    'an unknown status and light',
    '/v1/tasks?status=lost&light=pink',
    422,
    { '/query/status': 'not_one_of', '/query/light': 'not_one_of' },
  ],
  ['an impossible dueBefore', '/v1/tasks?dueBefore=2023-02-30', 422, { '/query/dueBefore': 'no_such_date' }],
  ['a dashboard of everything', '/v1/dashboard', 422, { '/query': 'exactly_one_of' }],
  ['an inbox of two', '/v1/inbox?unit=linye-ju&post=linye-ju.juzhang', 422, { '/query': 'only_one_of' }],
  ['a cursor of no base64', '/v1/units?cursor=%00%01', 422, { '/query/cursor': 'foreign_cursor' }],
  [
    'a forged cursor',
    `/v1/units?cursor=${Buffer.from('{"f":"x","a":"1"}').toString('base64url')}`,
    422,
    { '/query/cursor': 'foreign_cursor' },
  ],
  ['an id of another form', '/v1/tasks/incident_1', 404, {}],
  ['an id with NUL', '/v1/tasks/task_%00', 404, {}],
  ['a broken escape', '/v1/tasks/%E0%A4%A', 404, {}],
  ['an unknown address', '/v1/everything', 404, {}],
];

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
