import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANQUAN, type County, DIRECTOR, escalationsOf, luxi, MINSHENG, SUPERVISION, type Task } from './county.ts';

describe('a lead unit and its office', () => {
  const id = `task_${ANQUAN}-11`;
  let county: County;
  beforeAll(async () => {
    county = await luxi();
  });
  afterAll(() => county.close());
  const unit = () => county.as('tan-yao');
  const office = () => county.as(DIRECTOR.person);
  const act = async (as: 'unit' | 'office', what: string, body: unknown) => {
    const answer = await (as === 'unit' ? unit() : office()).post<Task>(`/v1/tasks/${id}/${what}`, body);
    expect(answer.body, what).toMatchObject({ id });
    return answer.body;
  };

  it('accepts, reports and asks for an extension: the deadline stays', async () => {
    expect((await act('unit', 'acceptance', {})).status).toBe('in_progress');
    await act('unit', 'progress', { text: '已检查景区四家', percent: 40 });
    const asked = await act('unit', 'extensions', { newDue: '2023-09-15', reason: '汛期停工' });
    expect(asked.due).toBe('2023-09-01T00:00:00+08:00');
  });

  it('moves the deadline only by the office’s approval with a basis', async () => {
    const bare = await office().post<{ code: string }>(`/v1/tasks/${id}/extensions/1/decision`, { approved: true });
    expect(bare).toMatchObject({ status: 422, body: { code: 'missing_basis' } });
    expect((await unit().post(`/v1/tasks/${id}/extensions/1/decision`, { approved: true, basis: '自批' })).status).toBe(
      403,
    );
    const moved = await act('office', 'extensions/1/decision', { approved: true, basis: '专班调度会纪要' });
    expect(moved.due).toBe('2023-09-16T00:00:00+08:00');
    await county.advance('2023-09-15T23:59:59+08:00');
    expect(await escalationsOf(unit(), id)).toEqual([]);
  });

  it('stops the unit’s clock when completion is submitted and starts it again when it is sent back', async () => {
    await act('unit', 'completion', { summary: '全部整改' });
    await county.advance('2023-09-18T10:00:00+08:00');
    expect(await escalationsOf(unit(), id)).toEqual([]);
    const returned = await act('office', 'return', { reason: '两家未见复查记录' });
    expect(returned.status).toBe('in_progress');
    await county.advance('2023-09-18T10:00:01+08:00');
    expect((await escalationsOf(unit(), id)).map(({ step, limitId }) => ({ step, limitId }))).toEqual([
      { step: 0, limitId: 'due' },
    ]);
  });
});

describe('posts and their holders', () => {
  let county: County;
  beforeAll(async () => {
    county = await luxi();
  });
  afterAll(() => county.close());
  const appointments = (list: unknown) =>
    county.admin().post('/v1/imports', { jurisdiction: '433122', appointments: list });
  const recipientOf = async (seq: number) => {
    const id = `task_${ANQUAN}-${seq}`;
    const [raised] = await escalationsOf(county.as(SUPERVISION), id);
    const { body } = await county
      .as(SUPERVISION)
      .get<{ recipients: readonly { person: string; post: string; path: readonly object[] }[] }>(
        `/v1/escalations/${raised?.id}`,
      );
    return body.recipients[0];
  };

  it('reach the new holder when one appointment ends and another begins, with no other edit', async () => {
    const { status } = await appointments([
      { post: DIRECTOR.post, person: DIRECTOR.person, to: '2023-08-20' },
      { post: DIRECTOR.post, person: 'deng-fajun', from: '2023-08-21' },
    ]);
    expect(status).toBe(201);
    await county.advance('2023-09-01T08:30:00+08:00');
    expect(await recipientOf(4)).toMatchObject({ person: 'deng-fajun', post: DIRECTOR.post });
    expect((await county.as('deng-fajun').get(`/v1/inbox?post=${DIRECTOR.post}`)).status).toBe(200);
    expect((await county.as(DIRECTOR.person).get(`/v1/inbox?post=${DIRECTOR.post}`)).status).toBe(404);
  });

  it('climb at once when the post is vacant, and say why', async () => {
    const deputy = 'yingji-guanli-ju.anquan-shengchan-bangongshi-fu-zhuren';
    await appointments([
      { post: DIRECTOR.post, person: 'deng-fajun', from: '2023-08-21', to: '2023-09-10' },
      { post: deputy, person: 'deng-fajun', to: '2023-09-10' },
    ]);
    await county.advance('2023-10-01T00:00:00+08:00');
    const recipient = await recipientOf(3);
    expect(recipient).toMatchObject({ person: 'fu-hongsong', post: 'yingji-guanli-ju.juzhang' });
    expect(recipient?.path).toEqual([
      { seat: 'office', code: 'anquan-shengchan-fanshenzhang-zhuanban', found: 'addressed' },
      { seat: 'director', code: DIRECTOR.post, found: 'vacant' },
      { seat: 'deputy_director', code: deputy, found: 'vacant' },
      { seat: 'host_unit_head', code: 'yingji-guanli-ju.juzhang', found: 'holder' },
    ]);
  });
});

describe('a quarterly milestone', () => {
  it('escalates when it is missed though the project’s own deadline is far off', async () => {
    const county = await luxi();
    const [missed, reached] = [`task_${MINSHENG}-8`, `task_${MINSHENG}-2`];
    const unit = county.as('yang-maojun');
    const told = await unit.post(`/v1/tasks/${reached}/progress`, { text: '路基开工', reached: ['Q2'] });
    expect(told.status).toBe(200);
    await county.advance('2023-06-30T23:59:59+08:00');
    expect(await escalationsOf(unit, missed)).toEqual([]);
    await county.advance('2023-07-01T00:00:00+08:00');
    const { body } = await unit.get<Task>(`/v1/tasks/${missed}`);
    expect(body).toMatchObject({ due: '2024-01-01T00:00:00+08:00', light: 'red' });
    expect(body.escalations).toMatchObject([
      { limitId: 'milestone:Q2', step: 0, at: '2023-07-01T00:00:00+08:00', mailboxes: ['post:renshe-ju.fu-juzhang-1'] },
    ]);
    expect(await escalationsOf(unit, reached)).toEqual([]);
    await county.close();
  });
});
