import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudTestSystem } from '../system.ts';
import {
  ANQUAN,
  ANQUAN_OFFICE,
  all,
  type County,
  DEPUTY_LEADER_POST,
  DIRECTOR,
  digestsOf,
  type Escalation,
  GROUP_LEADER_POST,
  luxi,
  SUPERVISION,
  type Task,
} from './county.ts';

const AUGUST = [4, 9, 10, 11].map((seq) => `task_${ANQUAN}-${seq}`);
const openOf = (county: County, ids: readonly string[]) =>
  all<Escalation>(county.as(DIRECTOR.person), `/v1/escalations?office=${ANQUAN_OFFICE}&limit=200`).then((found) =>
    found.filter(({ itemId }) => ids.includes(itemId)),
  );

describe('tasks due 2023-08-31', () => {
  let county: County;
  beforeAll(async () => {
    county = await luxi(createCloudTestSystem);
  });
  afterAll(() => county.close());

  it('are not overdue one second before the day ends', async () => {
    await county.advance('2023-08-31T23:59:59+08:00');
    expect(await openOf(county, AUGUST)).toEqual([]);
    const { body } = await county.as(SUPERVISION).get<Task>(`/v1/tasks/${AUGUST[0]}`);
    expect(body).toMatchObject({ light: 'yellow', due: '2023-09-01T00:00:00+08:00' });
  });

  it('are overdue at 24:00 and escalated once each, to the holder of the director’s post', async () => {
    await county.advance('2023-09-01T00:00:00+08:00');
    const raised = await openOf(county, AUGUST);
    expect(raised.map(({ itemId }) => itemId).sort()).toEqual([...AUGUST].sort());
    for (const { at, step, mailboxes, state } of raised) {
      expect({ at, step, mailboxes, state }).toEqual({
        at: '2023-09-01T00:00:00+08:00',
        step: 0,
        mailboxes: [`post:${DIRECTOR.post}`],
        state: 'open',
      });
    }
    const detail = await county.as(DIRECTOR.person).get(`/v1/escalations/${raised[0]?.id}`);
    expect(detail.body).toMatchObject({ recipients: [{ person: DIRECTOR.person, unit: 'yingji-guanli-ju' }] });
    const { body } = await county.as(SUPERVISION).get<Task>(`/v1/tasks/${AUGUST[0]}`);
    expect(body.light).toBe('red');
  });

  it('reach the office in one digest at the next working time', async () => {
    expect(
      (await digestsOf(county.as(DIRECTOR.person), DIRECTOR.post)).map(({ releaseAt }) => releaseAt),
    ).not.toContain('2023-09-01T08:30:00+08:00');
    await county.advance('2023-09-01T08:30:00+08:00');
    const digests = await digestsOf(county.as(DIRECTOR.person), DIRECTOR.post);
    const holding = digests.filter(({ items }) => items.some(({ itemId }) => AUGUST.includes(itemId)));
    expect(holding.map(({ releaseAt }) => releaseAt)).toEqual(['2023-09-01T08:30:00+08:00']);
    const told = holding[0]?.items.filter(({ kind }) => kind === 'escalation').map(({ itemId }) => itemId);
    expect(told?.sort()).toEqual([...AUGUST].sort());
  });
});

describe('a task due 2023-09-30, in the holidays', () => {
  const [acknowledged, ignored] = [`task_${ANQUAN}-3`, `task_${ANQUAN}-8`];
  let county: County;
  beforeAll(async () => {
    county = await luxi(createCloudTestSystem);
  });
  afterAll(() => county.close());
  const of = (id: string) => openOf(county, [id]);

  it('is escalated at 24:00 of the day, holiday or not', async () => {
    await county.advance('2023-09-30T23:59:59+08:00');
    expect(await of(ignored)).toEqual([]);
    await county.advance('2023-10-01T00:00:00+08:00');
    expect((await of(ignored)).map(({ at }) => at)).toEqual(['2023-10-01T00:00:00+08:00']);
  });

  it('stands in the digest of the first make-up day at 08:30, not before', async () => {
    const director = county.as(DIRECTOR.person);
    const holding = async () =>
      (await digestsOf(director, DIRECTOR.post)).filter(({ items }) =>
        items.some(({ itemId, kind }) => itemId === ignored && kind === 'escalation'),
      );
    await county.advance('2023-10-07T08:29:59+08:00');
    expect(await holding()).toEqual([]);
    await county.advance('2023-10-07T08:30:00+08:00');
    expect((await holding()).map(({ releaseAt }) => releaseAt)).toEqual(['2023-10-07T08:30:00+08:00']);
  });

  it('climbs when nobody acknowledges: the deputy leader after one working day, which is a Saturday', async () => {
    const [first] = await of(acknowledged);
    await county.advance('2023-10-07T09:00:00+08:00');
    const answer = await county.as(DIRECTOR.person).post(`/v1/escalations/${first?.id}/acknowledgement`, {});
    expect(answer.status).toBe(200);
    await county.advance('2023-10-08T00:00:00+08:00');
    expect((await of(ignored)).map(({ step, at, mailboxes }) => ({ step, at, mailboxes }))).toEqual([
      { step: 1, at: '2023-10-08T00:00:00+08:00', mailboxes: [`post:${DEPUTY_LEADER_POST}`] },
      { step: 0, at: '2023-10-01T00:00:00+08:00', mailboxes: [`post:${DIRECTOR.post}`] },
    ]);
    expect(await of(acknowledged)).toHaveLength(1);
  });

  it('climbs on to the group’s leader and the supervision office after five working days', async () => {
    await county.advance('2023-10-12T00:00:00+08:00');
    expect((await of(ignored))[0]).toMatchObject({
      step: 2,
      at: '2023-10-12T00:00:00+08:00',
      mailboxes: [`post:${GROUP_LEADER_POST}`, 'unit:xian-zhengfu-duchashi'],
    });
  });

  it('acknowledged, pauses two working days and resumes: the deputy leader hears that much later', async () => {
    // 10-07 + 3 working days would be 10-10; the held days 10-08 and 10-09 make it 10-12.
    const raised = await of(acknowledged);
    expect(raised.map(({ step, at }) => ({ step, at }))).toEqual([
      { step: 1, at: '2023-10-12T00:00:00+08:00' },
      { step: 0, at: '2023-10-01T00:00:00+08:00' },
    ]);
  });

  it('closed, stops', async () => {
    const lead = county.as('li-hehua');
    await lead.post(`/v1/tasks/${acknowledged}/acceptance`, {});
    expect((await lead.post(`/v1/tasks/${acknowledged}/completion`, { summary: '已整改完毕' })).status).toBe(200);
    expect((await county.as(DIRECTOR.person).post(`/v1/tasks/${acknowledged}/verification`, {})).status).toBe(200);
    await county.advance('2023-12-01T00:00:00+08:00');
    const raised = await of(acknowledged);
    expect(raised).toHaveLength(2);
    expect(raised.every(({ state }) => state === 'resolved')).toBe(true);
  });

  it('open, stands on the circular after ten working days and again each month', async () => {
    const circulars = (await of(ignored)).filter(({ step }) => step === 3).map(({ at }) => at);
    expect(circulars).toEqual(['2023-12-01T00:00:00+08:00', '2023-11-01T00:00:00+08:00', '2023-10-19T00:00:00+08:00']);
  });
});
