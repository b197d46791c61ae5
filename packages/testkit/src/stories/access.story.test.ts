import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANQUAN, all, type County, DIRECTOR, luxi, type Task } from './county.ts';

describe('who may do what with a task', () => {
  // 森林防灭火: 县林业局 leads, 县民政局 is responsible, 县残联 has no part in it.
  const id = `task_${ANQUAN}-14`;
  const [LEAD, RESPONSIBLE, STRANGER] = ['yang-hongyu', 'sun-zhongsheng', 'zhang-linli'];
  let county: County;
  beforeAll(async () => {
    county = await luxi();
  });
  afterAll(() => county.close());

  it('hides it from a stranger unit, in the same words as what does not exist', async () => {
    const stranger = county.as(STRANGER);
    const hidden = await stranger.get<{ instance?: string }>(`/v1/tasks/${id}`);
    const absent = await stranger.get<{ instance?: string }>('/v1/tasks/task_nothing-1');
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, instance: '' }).toEqual({ ...absent.body, instance: '' });
    for (const path of ['events', 'clock']) expect((await stranger.get(`/v1/tasks/${id}/${path}`)).status).toBe(404);
    expect((await stranger.post(`/v1/tasks/${id}/progress`, { noChange: true })).status).toBe(404);
    const seen = await all<Task>(stranger, `/v1/tasks?plan=${ANQUAN}`);
    expect(seen).toEqual([]);
  });

  it('lets a responsible unit read it but not verify it', async () => {
    const responsible = county.as(RESPONSIBLE);
    expect((await responsible.get(`/v1/tasks/${id}`)).status).toBe(200);
    for (const what of ['verification', 'return']) {
      const refused = await responsible.post(`/v1/tasks/${id}/${what}`, what === 'return' ? { reason: '不妥' } : {});
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  it('keeps what has happened: a decision stands and events only grow', async () => {
    const lead = county.as(LEAD);
    const office = county.as(DIRECTOR.person);
    await lead.post(`/v1/tasks/${id}/acceptance`, {});
    await lead.post(`/v1/tasks/${id}/extensions`, { newDue: '2023-12-01', reason: '林区施工' });
    await office.post(`/v1/tasks/${id}/extensions/1/decision`, { approved: false, reason: '无依据' });
    const before = await all<object>(office, `/v1/tasks/${id}/events`);
    const turned = await office.post(`/v1/tasks/${id}/extensions/1/decision`, { approved: true, basis: '会议纪要' });
    expect(turned).toMatchObject({ status: 409, body: { code: 'already_decided' } });
    const path = `/v1/tasks/${id}`;
    const app = await lead.post(path, { title: '改写' });
    expect(app.status).toBe(405);
    expect(await all<object>(office, `/v1/tasks/${id}/events`)).toEqual(before);
    const chain = await county.admin().get<{ ok: boolean }>(`/v1/audit/verification?aggregate=${id}`);
    expect(chain.body.ok).toBe(true);
  });
});

describe('two at once', () => {
  let county: County;
  beforeAll(async () => {
    county = await luxi();
  });
  afterAll(() => county.close());

  it('lets one of two changes of one version win and loses nothing', async () => {
    const id = `task_${ANQUAN}-9`;
    const unit = county.as('li-hehua');
    const { headers, body } = await unit.get<Task>(`/v1/tasks/${id}`);
    const etag = headers.get('etag') ?? '';
    expect(etag).toBe(`"${body.version}"`);
    const answers = await Promise.all(
      ['甲', '乙'].map((text) => unit.post<Task>(`/v1/tasks/${id}/progress`, { text }, { 'if-match': etag })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([409, 412]).toContain(statuses[1]);
    const events = await all<{ type: string }>(unit, `/v1/tasks/${id}/events`);
    expect(events.filter(({ type }) => type === 'ProgressReported')).toHaveLength(1);
    const blind = await Promise.all(['丙', '丁'].map((text) => unit.post(`/v1/tasks/${id}/progress`, { text })));
    const kept = (await all<{ type: string }>(unit, `/v1/tasks/${id}/events`)).filter(
      ({ type }) => type === 'ProgressReported',
    );
    expect(kept).toHaveLength(1 + blind.filter(({ status }) => status === 200).length);
  });

  it('creates one task from a thousand concurrent posts with one Idempotency-Key', async () => {
    const office = county.as(DIRECTOR.person);
    const body = {
      plan: ANQUAN,
      title: '隧道照明排查',
      text: '排查全县隧道照明',
      leadUnits: ['县交通局'],
      due: '2023-11-10',
    };
    const key = { 'idempotency-key': 'one-and-the-same' };
    const answers = await Promise.all(Array.from({ length: 1000 }, () => office.post<Task>('/v1/tasks', body, key)));
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    await county.advance('2023-05-15T08:31:00+08:00');
    const listed = await all<Task>(office, `/v1/tasks?plan=${ANQUAN}&limit=200`);
    expect(listed.filter(({ title }) => title === '隧道照明排查')).toHaveLength(1);
    const other = await office.post('/v1/tasks', { ...body, title: '另一项' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
  });
});
