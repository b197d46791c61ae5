import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANQUAN_OFFICE, DEPUTY_LEADER_POST, DIRECTOR, GROUP_LEADER_POST, ISSUED, SUPERVISION } from './county.ts';
import {
  DEMAND,
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
  read,
  STRANGER,
  TOWN,
  TOWN_UNIT,
  TOWNSHIPS,
  toldOf,
} from './duty-county.ts';

const DIRECTOR_MAIL = `post:${DIRECTOR.post}`;

describe('asking for a duty', () => {
  let county: DutyCounty;
  let eleven: readonly Duty[];
  beforeAll(async () => {
    county = await dutiesFrom(ISSUED);
  });
  afterAll(() => county.close());

  const EACH = { owners: ['各乡镇'], title: '乡镇隐患周报' };
  const KEY = { 'idempotency-key': 'each-township-1' };

  it('needs a basis, an end and an owner', async () => {
    const { basis: _basis, until: _until, owners: _owners, ...rest } = DEMAND;
    const bare = await county.as(OFFICE).post<Refusal>('/v1/duties', rest);
    expect([bare.status, bare.body.code]).toEqual([422, 'invalid']);
    expect(faultsOf(bare.body).sort()).toEqual([
      ['/basis', 'required'],
      ['/owners', 'required'],
      ['/until', 'required'],
    ]);
    const blank = await county.ask({ basis: { documentNumber: ' ' }, owners: [], until: '2023-02-30' });
    expect(blank.status).toBe(422);
    expect(faultsOf(blank.body).sort()).toEqual([
      ['/basis/documentNumber', 'blank'],
      ['/owners', 'too_small'],
      ['/until', 'no_such_date'],
    ]);
    const past = await county.ask({ until: '2023-05-14' });
    expect([past.status, faultsOf(past.body)]).toEqual([422, [['/until', 'invalid_due']]]);
    const nobody = await county.ask({ owners: ['县住建局', '县住建居'] });
    expect([nobody.status, faultsOf(nobody.body)]).toEqual([422, [['/owners/1', 'unknown_reference']]]);
    expect(nobody.body.errors?.[0]?.suggestions?.[0]).toBe('县住建局');
  });

  it('of a township needs a document that is known; of a bureau it is taken as it is cited', async () => {
    const cited = { documentNumber: '泸政办发〔2023〕99号', lines: null };
    const town = await county.ask({ owners: ['武溪镇'], basis: cited });
    expect([town.status, town.body.code]).toEqual([422, 'missing_authority']);
    expect(faultsOf(town.body)).toEqual([['/basis/documentNumber', 'missing_authority']]);
    const mixed = await county.ask({ owners: ['县住建局', '武溪镇'], basis: cited });
    expect(mixed.body.code).toBe('missing_authority');
    const bureau = await county.ask({ basis: cited });
    expect([bureau.status, bureau.body.items.length]).toEqual([201, 1]);
    // Refused for one, it was asked of none.
    await county.system.settle();
    const { items } = await read<{ items: Duty[] }>(county.as(SUPERVISION), '/v1/duties?limit=200');
    expect(items.map(({ id }) => id)).toEqual([bureau.body.items[0]?.id]);
  });

  it('of a township knows its document in whatever brackets it is written', async () => {
    const { status, body } = await county.ask({
      ...{ owners: ['浦市镇'], title: '浦市镇隐患周报' },
      basis: { documentNumber: '泸政办发[2023]5号' },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.items[0]).toMatchObject({ documentNumber: '泸政办发〔2023〕5号' });
  });

  it('of 各乡镇 becomes eleven, each with a clock of its own', async () => {
    const { status, body } = await county.ask(EACH, KEY);
    expect(status).toBe(201);
    eleven = body.items;
    expect(eleven.map(({ owner }) => owner.unit.code).sort()).toEqual(TOWNSHIPS);
    expect(new Set(eleven.map(({ id }) => id)).size).toBe(11);
    expect(new Set(eleven.map(({ code }) => code)).size).toBe(1);
    for (const { current, version, imported } of eleven) {
      expect({ current, version, imported }).toEqual({
        ...{ version: 1, imported: false },
        current: { key: '2023-W20', due: '2023-05-18T00:00:00+08:00', done: 0, quota: 1 },
      });
    }
    await county.advance('2023-05-15T08:35:00+08:00');
    const own = eleven.find(({ owner }) => owner.unit.code === TOWN_UNIT)?.id ?? '';
    expect(await toldOf(county.as(TOWN), `unit:${TOWN_UNIT}`, own)).toEqual(['2023-05-15T08:35:00+08:00 duty_opened']);
  });

  it('is for those who may ask in that unit’s name', async () => {
    const stranger = await county.as(STRANGER).post<Refusal>('/v1/duties', DEMAND);
    expect([stranger.status, stranger.body.code]).toEqual([403, 'forbidden']);
    const owner = await county.as(OWNER).post<Refusal>('/v1/duties', DEMAND);
    expect([owner.status, owner.body.code]).toEqual([403, 'forbidden']);
  });

  it('gives four working hours, to the second', async () => {
    await county.advance('2023-05-17T11:00:00+08:00');
    expect((await county.ask({ title: '正好四个工作小时' })).status).toBe(201);
    await county.advance('2023-05-17T11:00:01+08:00');
    const late = await county.ask({ title: '差一秒' });
    expect([late.status, late.body.code]).toEqual([422, 'notice_too_short']);
    expect(faultsOf(late.body)).toEqual([['/override', 'notice_too_short']]);
    expect(late.body.detail).toContain('2023-05-18T08:00:01+08:00');
  });

  it('the same request again has the same eleven, when it would be too late to ask', async () => {
    const again = await county.ask(EACH, KEY);
    expect([again.status, again.body.items]).toEqual([201, eleven]);
    const others = await county.ask({ ...EACH, owners: ['县住建局'] }, KEY);
    expect([others.status, others.body.code]).toEqual([422, 'idempotency_mismatch']);
    await county.system.settle();
    const { items } = await read<{ items: Duty[] }>(county.as(SUPERVISION), `/v1/duties?code=${eleven[0]?.code}`);
    expect(items).toHaveLength(11);
  });

  it('with less notice needs a leader, who is named', async () => {
    const nobody = await county.ask({ override: { approver: '县住建局总工程师', reason: '上级临时要求' } });
    expect([nobody.status, nobody.body.code]).toEqual([403, 'not_allowed']);
    expect(faultsOf(nobody.body)).toEqual([['/override/approver', 'not_allowed']]);
    const unknown = await county.ask({ override: { approver: '县住建局总总工程师', reason: '上级临时要求' } });
    expect([unknown.status, faultsOf(unknown.body)]).toEqual([422, [['/override/approver', 'unknown_reference']]]);
    const allowed = await county.asked({ override: { approver: GROUP_LEADER_POST, reason: '上级临时要求' } });
    expect(allowed).toMatchObject({ overridden: true, urgent: false });
    expect((await eventsOf(county.as(OFFICE), allowed.id))[0]?.data).toMatchObject({
      override: { approver: GROUP_LEADER_POST, reason: '上级临时要求' },
    });
  });

  it('urgent, waits for nothing, and is told at once', async () => {
    const urgent = await county.asked({ title: '防汛紧急报告', urgent: true });
    expect(urgent).toMatchObject({ urgent: true, overridden: false });
    await county.advance('2023-05-17T11:00:02+08:00');
    expect(await toldOf(county.as(OWNER), `unit:${OWNER_UNIT}`, urgent.id)).toEqual([
      '2023-05-17T11:00:01+08:00 duty_opened',
    ]);
  });

  it('counts the override against whoever asked', async () => {
    interface Burden {
      readonly items: readonly object[];
    }
    await county.system.settle();
    const week = await read<Burden>(county.as(SUPERVISION), `/v1/burden?week=2023-W20&unit=${OWNER_UNIT}`);
    // Cited, four hours, overridden, urgent.
    expect(week.items).toEqual([
      {
        unit: { code: OWNER_UNIT, name: '县住建局' },
        ...{ requests: 4, overrides: 1 },
        byRequester: [{ requester: { code: 'yingji-guanli-ju', name: '县应急管理局' }, requests: 4, overrides: 1 }],
      },
    ]);
  });
});

describe('a weekly duty', () => {
  let county: DutyCounty;
  let id: string;
  beforeAll(async () => {
    county = await dutiesFrom(ISSUED);
    id = (await county.asked()).id;
  });
  afterAll(() => county.close());
  const duty = () => county.duty(id);

  it('explains its clock by its document and its lines', async () => {
    interface Clock {
      readonly limits: readonly {
        readonly id: string;
        readonly rule: string;
        readonly source: object;
        readonly startedBy: object;
        readonly counting: { readonly mode: string; readonly workingDays: readonly string[] };
        readonly planned: readonly {
          readonly what: string;
          readonly at: string;
          readonly recipients: readonly { readonly mailbox: string }[];
        }[];
      }[];
    }
    const { limits } = await read<Clock>(county.as(OWNER), `/v1/duties/${id}/clock`);
    const [limit] = limits;
    expect(limits.map((one) => one.id)).toEqual(['period:2023-W20']);
    expect(limit).toMatchObject({
      rule: '每个周期以应办日24:00为止；遇休息日按该事项的规定保持或顺移。',
      source: { documentNumber: '泸政办发〔2023〕5号', lines: [6617, 6640] },
      startedBy: { version: 1, type: 'DutyOpened', at: ISSUED },
      counting: { mode: 'date', from: ISSUED, until: '2023-05-18T00:00:00+08:00' },
    });
    expect(limit?.planned.map(({ what, at, recipients }) => [what, at, ...recipients.map((r) => r.mailbox)])).toEqual([
      ['reminder', '2023-05-17T00:00:00+08:00', `unit:${OWNER_UNIT}`],
      ['due', '2023-05-18T00:00:00+08:00'],
      ['step', '2023-05-18T00:00:00+08:00', DIRECTOR_MAIL],
      ['step', '2023-05-22T00:00:00+08:00', `post:${DEPUTY_LEADER_POST}`],
      ['step', '2023-05-25T00:00:00+08:00', `post:${GROUP_LEADER_POST}`, 'unit:xian-zhengfu-duchashi'],
    ]);
  });

  it('is not there for a stranger', async () => {
    const hidden = await county.as(STRANGER).get<Refusal>(`/v1/duties/${id}`);
    const absent = await county.as(STRANGER).get<Refusal>('/v1/duties/duty_nothing');
    expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
    expect(absent.body.detail).toBe(hidden.body.detail);
    expect((await county.as(STRANGER).post(`/v1/duties/${id}/fulfilments`, { noChange: true })).status).toBe(404);
  });

  it('reminds a working day before', async () => {
    await county.advance('2023-05-16T23:59:59+08:00');
    expect((await duty()).light).toBe('green');
    await county.advance('2023-05-17T08:30:00+08:00');
    expect((await duty()).light).toBe('yellow');
    expect(await toldOf(county.as(OWNER), `unit:${OWNER_UNIT}`, id)).toEqual([
      '2023-05-15T08:35:00+08:00 duty_opened',
      '2023-05-17T08:30:00+08:00 reminder',
    ]);
  });

  it('takes “no change” in one call, from its owner alone', async () => {
    const office = await county.as(OFFICE).post<Refusal>(`/v1/duties/${id}/fulfilments`, { noChange: true });
    expect([office.status, office.body.code]).toEqual([403, 'forbidden']);
    const nothing = await county.report(id, {});
    expect([nothing.status, faultsOf(nothing.body)]).toEqual([422, [['', 'nothing_reported']]]);
    const { status, body } = await county.report(id, { noChange: true });
    expect([status, body.light, periodsOf(body)]).toEqual([200, 'green', ['2023-W20 met']]);
  });

  it('reported already answers 409 with the way to the report', async () => {
    const again = await county.report(id, { noChange: true });
    expect([again.status, again.body.code]).toEqual([409, 'already_answered']);
    expect(again.body.link).toBe(`/v1/duties/${id}/events`);
    expect((await county.as(OWNER).get(again.body.link ?? '')).status).toBe(200);
    const named = await county.report(id, { noChange: true, period: '2023-W20' });
    expect([named.status, named.body.link]).toEqual([409, `/v1/duties/${id}/events`]);
    const unknown = await county.report(id, { noChange: true, period: '2023-W33' });
    expect([unknown.status, faultsOf(unknown.body)]).toEqual([422, [['/period', 'unknown_reference']]]);
  });

  it('turns to the next period at 24:00', async () => {
    await county.advance('2023-05-17T23:59:59+08:00');
    expect((await duty()).current?.key).toBe('2023-W20');
    await county.advance('2023-05-18T00:00:00+08:00');
    const { current, escalations } = await duty();
    expect(current).toEqual({ key: '2023-W21', due: '2023-05-25T00:00:00+08:00', done: 0, quota: 1 });
    expect(escalations).toEqual([]);
    // Its days have not begun: a second report of the week before is not taken for it.
    const early = await county.report(id, { noChange: true });
    expect([early.status, early.body.code]).toEqual([409, 'already_answered']);
  });

  it('is missed at 24:00 exactly, and told to the office', async () => {
    await county.advance('2023-05-24T23:59:59+08:00');
    expect(periodsOf(await duty())).toEqual(['2023-W20 met', '2023-W21 running']);
    await county.advance('2023-05-25T00:00:00+08:00');
    const missed = await duty();
    expect([missed.light, periodsOf(missed)]).toEqual(['red', ['2023-W20 met', '2023-W21 missed', '2023-W22 running']]);
    expect(raisedOf(missed)).toEqual([`0 2023-05-25T00:00:00+08:00 ${DIRECTOR_MAIL}`]);
    await county.advance('2023-05-25T08:30:00+08:00');
    expect(await toldOf(county.as(OFFICE), DIRECTOR_MAIL, id)).toEqual(['2023-05-25T08:30:00+08:00 escalation']);
    const { items } = await read<{ items: { itemId: string; state: string; group: string }[] }>(
      county.as(OFFICE),
      `/v1/escalations?office=${ANQUAN_OFFICE}`,
    );
    expect(items).toMatchObject([{ itemId: id, state: 'open', group: ANQUAN_OFFICE }]);
  });

  it('climbs after two working days, with a weekend between', async () => {
    await county.advance('2023-05-28T23:59:59+08:00');
    expect(raisedOf(await duty())).toHaveLength(1);
    await county.advance('2023-05-29T00:00:00+08:00');
    expect(raisedOf(await duty())[1]).toBe(`1 2023-05-29T00:00:00+08:00 post:${DEPUTY_LEADER_POST}`);
  });

  it('takes the late period by its name, and the running one without', async () => {
    await county.advance('2023-05-29T09:00:00+08:00');
    const late = await county.report(id, { period: '2023-W21', text: '已排查12处' });
    expect(late.status).toBe(200);
    expect(periodsOf(late.body)).toEqual(['2023-W20 met', '2023-W21 late', '2023-W22 running']);
    expect(late.body.escalations.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(late.body.light).toBe('green');
    const running = await county.report(id, { text: '已排查9处' });
    expect(periodsOf(running.body).at(-1)).toBe('2023-W22 met');
    const [event] = (await eventsOf(county.as(OFFICE), id)).filter(({ data }) => data.period === '2023-W21');
    // 2023-05-25 00:00 to 2023-05-29 09:00.
    expect(event).toMatchObject({ type: 'DutyFulfilled', by: OWNER, data: { lateByMs: 105 * 3_600_000 } });
    await county.advance('2023-06-01T00:00:00+08:00');
    expect(raisedOf(await duty())).toHaveLength(2);
  });

  it('ends with its last day, and is owed what was missed', async () => {
    await county.advance('2023-06-14T23:59:59+08:00');
    expect(await duty()).toMatchObject({ status: 'active', endedAt: null });
    await county.advance('2023-06-15T00:00:00+08:00');
    const ended = await duty();
    expect(ended).toMatchObject({ status: 'ended', light: 'red', current: null, endedAt: '2023-06-15T00:00:00+08:00' });
    expect(periodsOf(ended).slice(-2)).toEqual(['2023-W23 missed', '2023-W24 missed']);
    // 06-08 and two working days, and five; 06-15 and two.
    await county.advance('2023-06-19T00:00:00+08:00');
    expect(raisedOf(await duty()).slice(2)).toEqual([
      `0 2023-06-08T00:00:00+08:00 ${DIRECTOR_MAIL}`,
      `1 2023-06-12T00:00:00+08:00 post:${DEPUTY_LEADER_POST}`,
      `2 2023-06-15T00:00:00+08:00 post:${GROUP_LEADER_POST} unit:xian-zhengfu-duchashi`,
      `0 2023-06-15T00:00:00+08:00 ${DIRECTOR_MAIL}`,
      `1 2023-06-19T00:00:00+08:00 post:${DEPUTY_LEADER_POST}`,
    ]);
    expect((await county.report(id, { period: '2023-W23', text: '补报' })).status).toBe(200);
    expect((await county.report(id, { text: '补报' })).body).toMatchObject({ status: 'ended', light: 'blue' });
    const over = await county.report(id, { text: '再报' });
    expect([over.status, over.body.code]).toEqual([409, 'wrong_status']);
    const before = (await duty()).version;
    await county.advance('2023-08-01T00:00:00+08:00');
    expect((await duty()).version).toBe(before);
  });

  it('leaves a whole hash chain', async () => {
    const chain = await read(county.as(SUPERVISION), `/v1/audit/verification?aggregate=${id}`);
    expect(chain).toEqual({ ok: true, versions: (await duty()).version });
  });
});
