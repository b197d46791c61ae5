import { loadCounty, toImportBundle } from '@duban/gazette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEPUTY_LEADER_POST, ISSUED } from './county.ts';
import {
  type Duty,
  type DutyCounty,
  dutiesFrom,
  eventsOf,
  faultsOf,
  OFFICE,
  OWNER,
  OWNER_UNIT,
  periodsOf,
  type Refusal,
  raisedOf,
  STRANGER,
  toldOf,
} from './duty-county.ts';

let county: DutyCounty;
beforeAll(async () => {
  county = await dutiesFrom(ISSUED);
});
afterAll(() => county.close());

describe('four visits in ten days', () => {
  const OWNER_MAIL = `unit:${OWNER_UNIT}`;
  let id: string;
  const duty = () => county.duty(id);

  it('fall behind when an even pace would have made the first', async () => {
    const asked = await county.asked({
      ...{ title: '建筑工地走访', kind: 'visit', period: { every: 'campaign' }, until: '2023-05-24' },
      quota: { count: 4, unit: '次' },
    });
    id = asked.id;
    // 05-15 00:00 to 05-24 24:00 are 240 hours: one in every 60.
    await county.advance('2023-05-17T11:59:59+08:00');
    expect(await duty()).toMatchObject({ light: 'green', behind: false });
    await county.advance('2023-05-17T12:00:00+08:00');
    expect(await duty()).toMatchObject({ light: 'yellow', behind: true });
    const fell = (await eventsOf(county.as(OFFICE), id)).at(-1);
    expect(fell).toMatchObject({
      ...{ type: 'DutyFellBehind', at: '2023-05-17T12:00:00+08:00' },
      data: { period: 'campaign', done: 0, expected: 1 },
    });
    await county.advance('2023-05-17T15:00:00+08:00');
    expect(await toldOf(county.as(OWNER), OWNER_MAIL, id)).toEqual([
      '2023-05-15T08:35:00+08:00 duty_opened',
      '2023-05-17T14:30:00+08:00 duty_behind',
    ]);
  });

  it('are on pace again after one, until an even pace would have made two', async () => {
    const { body } = await county.report(id, { text: '走访一处工地' });
    expect(body).toMatchObject({ light: 'green', behind: false, current: { done: 1, quota: 4 } });
    await county.advance('2023-05-19T23:59:59+08:00');
    expect((await duty()).light).toBe('green');
    await county.advance('2023-05-20T00:00:00+08:00');
    expect(await duty()).toMatchObject({ light: 'yellow', behind: true });
  });

  it('are not made by saying that nothing has changed', async () => {
    const { status, body } = await county.report(id, { noChange: true });
    expect([status, body.code, faultsOf(body)]).toEqual([422, 'facts_missing', [['/noChange', 'facts_missing']]]);
    const none = await county.report(id, { text: '没有走访', count: 0 });
    expect([none.status, faultsOf(none.body)]).toEqual([422, [['/count', 'facts_missing']]]);
  });

  it('are done with the fourth; more are welcome', async () => {
    const done = await county.report(id, { text: '走访三处工地', count: 3 });
    expect([done.body.light, periodsOf(done.body)]).toEqual(['green', ['campaign met']]);
    const more = await county.report(id, { text: '又走访一处' });
    expect([more.status, periodsOf(more.body), more.body.periods[0]?.done]).toEqual([200, ['campaign met'], 5]);
    await county.advance('2023-05-25T00:00:00+08:00');
    const over = await duty();
    expect(over).toMatchObject({ status: 'ended', light: 'blue', escalations: [] });
    expect(over.periods[0]).toMatchObject({ status: 'met', metAt: '2023-05-20T00:00:00+08:00' });
  });
});

describe('a subject of high risk', () => {
  const CODE = 'luban-6.meijidu-dudao.di-er-zhongxue';
  const ID = `duty_${CODE}:post.xianwei.shuji`;
  const LEADER = 'peng-wuxue';

  it('is supervised on site, not in writing', async () => {
    const duties = toImportBundle(loadCounty('luxi')).duties.filter(({ code }) => code === CODE);
    const imported = await county.admin().post('/v1/imports', { jurisdiction: '433122', duties });
    expect(imported.status).toBe(201);
    const report = (body: object) =>
      county.as(LEADER).post<Duty & Refusal>(`/v1/duties/${encodeURIComponent(ID)}/fulfilments`, body);
    for (const said of [{}, { mode: 'written' }]) {
      const { status, body } = await report({ text: '已督导', ...said });
      expect([status, body.code, faultsOf(body)]).toEqual([422, 'wrong_mode', [['/mode', 'wrong_mode']]]);
    }
    const { status, body } = await report({ text: '到校督导食堂', mode: 'on_site' });
    expect([status, periodsOf(body), body.imported]).toEqual([200, ['2023-Q2 met'], true]);
    expect(body.owner).toEqual({ post: 'xianwei.shuji', unit: { code: 'xianwei', name: '县委' } });
  });

  it('is asked to be supervised on site, and in no other way', async () => {
    const school = {
      ...{ title: '二中食堂督导', kind: 'supervision', subject: 'luban-6.di-er-zhongxue' },
      ...{ period: { every: 'campaign' }, until: '2023-05-31' },
    };
    const written = await county.ask({ ...school, mode: 'written' });
    expect([written.status, written.body.code, faultsOf(written.body)]).toEqual([
      ...[422, 'wrong_mode'],
      [['/mode', 'wrong_mode']],
    ]);
    const { mode, id } = await county.asked(school);
    expect(mode).toBe('on_site');
    const report = await county.report(id, { mode: 'written', text: '看过材料' });
    expect([report.status, faultsOf(report.body)]).toEqual([422, [['/mode', 'wrong_mode']]]);
    expect((await county.report(id, { mode: 'on_site', text: '到校查看' })).status).toBe(200);
    expect((await county.asked({ ...school, kind: 'report' })).mode).toBe('any');
  });

  it('is in the next quarter missed by whoever holds the post, and told to the office of food safety', async () => {
    const leader = () => county.as(LEADER).get<Duty>(`/v1/duties/${encodeURIComponent(ID)}`);
    // 09-30 is a day off, and 09-29 too: a working day before the end of the 28th is the end of the 27th.
    await county.advance('2023-09-27T23:59:59+08:00');
    expect((await leader()).body).toMatchObject({ light: 'green', current: { key: '2023-Q3', done: 0, quota: 1 } });
    await county.advance('2023-09-28T00:00:00+08:00');
    expect((await leader()).body.light).toBe('yellow');
    await county.advance('2023-10-01T00:00:00+08:00');
    const { body } = await leader();
    expect(periodsOf(body)).toEqual(['2023-Q2 met', '2023-Q3 missed', '2023-Q4 running']);
    expect(raisedOf(body)).toEqual(['0 2023-10-01T00:00:00+08:00 post:shichang-jianguan-ju.juzhang']);
  });
});

describe('something that happens', () => {
  it('opens a period, due so many days later', async () => {
    const event = { every: 'event', event: '收到群众举报', withinDays: 7 };
    const asked = await county.asked({ title: '举报核查', period: event, from: '2023-10-01', until: '2023-12-31' });
    expect(asked).toMatchObject({ current: null, limits: [], periods: [] });
    const early = await county.report(asked.id, { text: '没有举报' });
    expect([early.status, early.body.code]).toEqual([409, 'wrong_status']);
    const happened = { occasion: '群众举报工地未设围挡', on: '2023-10-01' };
    const path = `/v1/duties/${asked.id}/occasions`;
    expect((await county.as(STRANGER).post(path, happened)).status).toBe(404);
    const outside = await county.as(OWNER).post<Refusal>(path, { ...happened, on: '2023-09-30' });
    expect([outside.status, faultsOf(outside.body)]).toEqual([422, [['/on', 'invalid_due']]]);
    const opened = await county.as(OWNER).post<Duty>(path, happened);
    expect(opened.body.current).toMatchObject({ key: '2023-10-01#1', due: '2023-10-09T00:00:00+08:00' });
    const again = await county.as(OFFICE).post<Duty>(path, happened);
    expect([again.status, again.body.version]).toEqual([200, opened.body.version]);
    const other = await county.as(OFFICE).post<Duty>(path, { ...happened, occasion: '群众举报夜间施工' });
    expect(periodsOf(other.body)).toEqual(['2023-10-01#1 running', '2023-10-01#2 running']);
    expect(other.body.periods.map(({ occasion }) => occasion)).toEqual(['群众举报工地未设围挡', '群众举报夜间施工']);
    const first = await county.report(asked.id, { text: '已核查整改' });
    expect(periodsOf(first.body)).toEqual(['2023-10-01#1 met', '2023-10-01#2 running']);
    await county.advance('2023-10-09T00:00:00+08:00');
    const missed = await county.duty(asked.id);
    expect(periodsOf(missed)).toEqual(['2023-10-01#1 met', '2023-10-01#2 missed']);
    expect(raisedOf(missed)).toHaveLength(1);
    // Acknowledged, the ladder is held for two working days: the next step moves from the 11th to the 13th.
    await county.advance('2023-10-09T09:00:00+08:00');
    const acknowledgement = `/v1/escalations/${missed.escalations[0]?.id}/acknowledgement`;
    const held = await county.as(OFFICE).post<Duty>(acknowledgement, {});
    expect([held.status, held.body.id, held.body.escalations[0]?.state]).toEqual([200, asked.id, 'acknowledged']);
    await county.advance('2023-10-12T23:59:59+08:00');
    expect(raisedOf(await county.duty(asked.id))).toHaveLength(1);
    await county.advance('2023-10-13T00:00:00+08:00');
    expect(raisedOf(await county.duty(asked.id))[1]).toBe(`1 2023-10-13T00:00:00+08:00 post:${DEPUTY_LEADER_POST}`);
  });

  it('is not opened by hand where the calendar opens it', async () => {
    const weekly = await county.asked({ until: '2023-12-31' });
    const path = `/v1/duties/${weekly.id}/occasions`;
    const { status, body } = await county.as(OFFICE).post<Refusal>(path, { occasion: '周报', on: '2023-10-13' });
    expect([status, body.code]).toEqual([403, 'not_allowed']);
  });
});

describe('what is taken back', () => {
  it('is owed no more: neither what runs nor what was missed', async () => {
    const { id } = await county.asked({ title: '临时周报', until: '2023-12-31' });
    await county.advance('2023-10-19T00:00:00+08:00');
    expect(raisedOf(await county.duty(id))).toHaveLength(1);
    const path = `/v1/duties/${id}/withdrawal`;
    expect((await county.as(STRANGER).post(path, { reason: '不是我的' })).status).toBe(404);
    expect((await county.as(OWNER).post(path, { reason: '不想报' })).status).toBe(403);
    const { status, body } = await county.as(OFFICE).post<Duty>(path, { reason: '与周调度重复' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'ended', light: 'grey', current: null });
    expect(periodsOf(body)).toEqual(['2023-W42 missed', '2023-W43 void']);
    expect(body.escalations.map(({ state }) => state)).toEqual(['resolved']);
    const again = await county.as(OFFICE).post<Duty>(path, { reason: '与周调度重复' });
    expect([again.status, again.body.version]).toEqual([200, body.version]);
    const late = await county.report(id, { noChange: true });
    expect([late.status, late.body.code]).toEqual([409, 'wrong_status']);
    await county.advance('2023-11-01T00:00:00+08:00');
    expect((await county.duty(id)).version).toBe(body.version);
  });
});
