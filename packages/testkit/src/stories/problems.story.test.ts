import { createApp } from '@duban/http-api';
import { AUDIENCE, createIssuer, LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, all, type Client, countyOf, SUPERVISION } from './county.ts';
import {
  type DutyCounty,
  dutiesFrom,
  eventsOf,
  FOUND_IN_TOWN,
  faultsOf,
  type Limit,
  type Mail,
  OWNER,
  OWNER_UNIT,
  type Raised,
  type Refusal,
  raisedOf,
  read,
  STRANGER,
  TOWN,
  TOWN_UNIT,
  toldOf,
} from './duty-county.ts';

interface Problem extends Refusal {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly light: string;
  readonly level: string;
  readonly title: string;
  readonly due: string | null;
  readonly lateBySeconds: number | null;
  readonly closedAt: string | null;
  readonly callBacks: number;
  readonly moves: readonly {
    readonly number: number;
    readonly status: string;
    readonly decisions: readonly object[];
  }[];
  readonly limits: readonly Limit[];
  readonly escalations: readonly Raised[];
}

/** 县“三送三解三优”工作专班: 主任 and 常务副主任 decide (泸政办发〔2023〕7号 四(二)). */
const GROUP = 'sansong-gongzuo-zhuanban';
const DIRECTOR_POST = 'xian-zhengfu-ban.zhuren';
const DEPUTY_POST = 'xian-zhengfu-ban.fu-zhuren-1';
const DIRECTOR = 'yin-youfang';
const DEPUTY = 'zhang-zuxun';

const FOUND = { ...FOUND_IN_TOWN, group: GROUP, unit: '县住建局', term: 'one_month' };

let county: DutyCounty;
beforeAll(async () => {
  county = await dutiesFrom('2023-05-31T09:00:00+08:00');
  // The gazette prints both of the task force itself and no director of its office: the administrators set them.
  const office = { hostUnit: '县优化营商环境专班', director: DIRECTOR_POST, deputyDirector: DEPUTY_POST };
  const group = {
    ...{ code: GROUP, name: '县“三送三解三优”工作专班', kind: 'task_force', documentNumber: '泸政办发〔2023〕7号' },
    ...{ parent: 'sansong-tuijin-jizhi', office, leader: DIRECTOR_POST, firstDeputy: DEPUTY_POST },
    ...{ deputies: [], members: [] },
  };
  const { status } = await county.admin().post('/v1/imports', { jurisdiction: '433122', groups: [group] });
  if (status !== 201) throw new Error(`The directors could not be set: ${status}`);
});
afterAll(() => county.close());

const register = (differs: object = {}, person = TOWN) =>
  county.as(person).post<Problem>('/v1/problems', { ...FOUND, ...differs });
async function registered(differs: object = {}): Promise<Problem> {
  const { status, body } = await register(differs);
  if (status !== 201) throw new Error(`It was not registered: ${JSON.stringify(body)}`);
  return body;
}
const command = (person: string, id: string, what: string, body: object): Promise<Answer<Problem>> =>
  county.as(person).post<Problem>(`/v1/problems/${id}/${what}`, body);
const problem = (id: string) => read<Problem>(county.as(SUPERVISION), `/v1/problems/${id}`);
/** `<id> <status> <due>` of each limit. */
const limitsOf = ({ limits }: Problem) => limits.map(({ id, status, due }) => `${id} ${status} ${due}`);

describe('a problem found on a visit', () => {
  it.each([
    ['at_once', null, '2023-06-01T00:00:00+08:00'],
    ['one_month', null, '2023-07-01T00:00:00+08:00'],
    ['two_months', null, '2023-08-01T00:00:00+08:00'],
    ['three_months', null, '2023-09-01T00:00:00+08:00'],
    ['one_month', '2023-05-15', '2023-06-16T00:00:00+08:00'],
    ['three_months', '2023-04-30', '2023-07-31T00:00:00+08:00'],
  ])('%s, found on %s, is due by %s', async (term, foundOn, due) => {
    const found = await registered({ term, foundOn, unit: null });
    expect(found).toMatchObject({ status: 'open', light: 'green', level: 'own', due, moves: [] });
    expect(found).toMatchObject({ foundBy: { code: TOWN_UNIT }, unit: { code: TOWN_UNIT } });
    expect(limitsOf(found)).toEqual([`solution:1 running ${due}`]);
    expect((await command(TOWN, found.id, 'solution', { outcome: '已解决' })).body.lateBySeconds).toBe(0);
  });

  it('is refused without its basis, its group, or by others; nor is it found tomorrow', async () => {
    const { basis: _basis, group: _group, ...bare } = FOUND;
    const unsaid = await county.as(TOWN).post<Refusal>('/v1/problems', { ...bare, term: 'one_year' });
    expect(unsaid.status).toBe(422);
    expect(faultsOf(unsaid.body).sort()).toEqual([
      ['/basis', 'required'],
      ['/group', 'required'],
      ['/term', 'not_one_of'],
    ]);
    const tomorrow = await register({ foundOn: '2023-06-01' });
    expect([tomorrow.status, faultsOf(tomorrow.body)]).toEqual([422, [['/foundOn', 'invalid_due']]]);
    const nowhere = await register({ group: 'no-such-group' });
    expect([nowhere.status, faultsOf(nowhere.body)]).toEqual([422, [['/group', 'unknown_reference']]]);
    const stranger = await register({}, STRANGER);
    expect([stranger.status, stranger.body.code]).toEqual([403, 'forbidden']);
  });

  it('is registered once for all repeats of the request', async () => {
    const key = { 'idempotency-key': 'visit-1' };
    const [first, second] = await Promise.all(
      [1, 2].map(() => county.as(TOWN).post<Problem>('/v1/problems', { ...FOUND, title: '重复提交' }, key)),
    );
    expect([first?.status, second?.body]).toEqual([201, first?.body]);
    expect((await command(OWNER, first?.body.id ?? '', 'solution', { outcome: '已解决' })).status).toBe(200);
  });

  it('solved on the spot needs its call-back alone', async () => {
    const found = await registered({ title: '政策解读', term: 'at_once', solvedOnTheSpot: '当场讲清了政策' });
    expect(found).toMatchObject({ status: 'solved', onTheSpot: true, outcome: '当场讲清了政策', lateBySeconds: 0 });
    expect(limitsOf(found)).toEqual([
      'solution:1 met 2023-06-01T00:00:00+08:00',
      'call_back:1 running 2023-07-01T00:00:00+08:00',
    ]);
  });

  it('is told to the unit that solves it, which alone can say that it is solved', async () => {
    const { id } = await registered();
    await county.advance('2023-05-31T09:05:00+08:00');
    expect(await toldOf(county.as(OWNER), `unit:${OWNER_UNIT}`, id)).toEqual([
      '2023-05-31T09:05:00+08:00 problem_registered',
    ]);
    expect((await county.as(STRANGER).get(`/v1/problems/${id}`)).status).toBe(404);
    expect((await command(STRANGER, id, 'solution', { outcome: '好了' })).status).toBe(404);
    expect((await command(TOWN, id, 'solution', { outcome: '好了' })).status).toBe(403);
    const early = await command(TOWN, id, 'call-back', { satisfied: true });
    expect([early.status, early.body.code]).toEqual([409, 'wrong_status']);
    const solved = await command(OWNER, id, 'solution', { outcome: '更换灯具12盏' });
    expect(solved.body).toMatchObject({ status: 'solved', light: 'green', outcome: '更换灯具12盏', onTheSpot: false });
    const again = await command(OWNER, id, 'solution', { outcome: '更换灯具12盏' });
    expect([again.status, again.body.version]).toEqual([200, solved.body.version]);
    const closed = await command(TOWN, id, 'call-back', { satisfied: true, note: '群众满意' });
    expect(closed.body).toMatchObject({ status: 'closed', light: 'blue', callBacks: 1 });
    expect(closed.body.closedAt).toBe('2023-05-31T09:05:00+08:00');
    expect((await command(OWNER, id, 'solution', { outcome: '又好了' })).body.code).toBe('wrong_status');
  });

  it('called back and not satisfied is open anew, with its whole term', async () => {
    const { id } = await registered({ term: 'two_months' });
    await county.advance('2023-06-20T10:00:00+08:00');
    await command(OWNER, id, 'solution', { outcome: '换了两盏' });
    const open = await command(TOWN, id, 'call-back', { satisfied: false, note: '又坏了' });
    expect(open.body).toMatchObject({ status: 'open', light: 'green', outcome: null, callBacks: 1 });
    expect(limitsOf(open.body)).toEqual([
      'solution:1 met 2023-08-01T00:00:00+08:00',
      'call_back:1 met 2023-07-21T00:00:00+08:00',
      'solution:2 running 2023-08-21T00:00:00+08:00',
    ]);
    const again = await command(TOWN, id, 'call-back', { satisfied: false, note: '又坏了' });
    expect([again.status, again.body.version]).toEqual([200, open.body.version]);
    await county.advance('2023-08-21T10:00:00+08:00');
    const late = await command(OWNER, id, 'solution', { outcome: '全部更换' });
    expect(late.body).toMatchObject({ status: 'solved', lateBySeconds: 10 * 3_600 });
    expect(raisedOf(late.body)).toEqual([`0 2023-08-21T00:00:00+08:00 post:${DIRECTOR_POST}`]);
    expect(late.body.escalations[0]?.state).toBe('resolved');
    // Not called back either: the finder’s unit is late with that.
    await county.advance('2023-09-21T00:00:00+08:00');
    expect(raisedOf(await problem(id))[1]).toBe(`0 2023-09-21T00:00:00+08:00 post:${DIRECTOR_POST}`);
    expect((await command(DIRECTOR, id, 'call-back', { satisfied: true })).body.status).toBe('closed');
  });
});

describe('a problem that cannot be solved where it lies', () => {
  let id: string;
  const move = (person: string, to: string, of = id) => command(person, of, 'moves', { to, reason: '超出本级权限' });
  const decide = (person: string, number: number, approved: boolean, of = id) =>
    command(person, of, `moves/${number}/decision`, { approved });

  it('goes to the county at once, and to no higher level before', async () => {
    await county.advance('2023-10-09T09:00:00+08:00');
    id = (await registered({ term: 'at_once', title: '跨县断头路' })).id;
    const skipping = await move(OWNER, 'prefecture');
    expect([skipping.status, skipping.body.code]).toEqual([409, 'wrong_status']);
    expect((await move(TOWN, 'county')).status).toBe(403);
    const moved = await move(OWNER, 'county');
    expect(moved.body).toMatchObject({ level: 'county', status: 'open', moves: [{ number: 1, status: 'approved' }] });
    expect(limitsOf(moved.body)).toEqual([
      'solution:1 void 2023-10-10T00:00:00+08:00',
      'solution:2 running 2023-10-10T00:00:00+08:00',
    ]);
    expect((await move(OWNER, 'county')).body.version).toBe(moved.body.version);
    await county.advance('2023-10-09T09:05:00+08:00');
    expect(await toldOf(county.as(DIRECTOR), `post:${DIRECTOR_POST}`, id)).toEqual([
      '2023-10-09T09:05:00+08:00 problem_moved',
    ]);
  });

  it('goes to the prefecture when both directors have approved', async () => {
    const requested = await move(OWNER, 'prefecture');
    expect(requested.body).toMatchObject({ level: 'county', moves: [{}, { number: 2, status: 'pending' }] });
    expect(limitsOf(requested.body).at(-1)).toBe('approval:2 running 2023-10-12T09:05:00+08:00');
    for (const person of [OWNER, TOWN, SUPERVISION]) expect((await decide(person, 2, true)).status, person).toBe(403);
    expect((await decide(DIRECTOR, 3, true)).status).toBe(404);
    const one = await decide(DIRECTOR, 2, true);
    expect([one.status, one.body.level, one.body.moves[1]]).toEqual([
      ...[200, 'county'],
      { number: 2, to: 'prefecture', status: 'pending', decisions: [{ post: DIRECTOR_POST, approved: true }] },
    ]);
    expect((await decide(DIRECTOR, 2, true)).body.version).toBe(one.body.version);
    const both = await decide(DEPUTY, 2, true);
    expect(both.body).toMatchObject({ level: 'prefecture', moves: [{}, { status: 'approved' }] });
    expect(limitsOf(both.body).slice(-2)).toEqual([
      'approval:2 met 2023-10-12T09:05:00+08:00',
      'solution:3 running 2023-10-10T00:00:00+08:00',
    ]);
    expect((await move(OWNER, 'county')).body.code).toBe('wrong_status');
  });

  it('stays with the county when one of them refuses, and can be asked for again', async () => {
    const other = (await registered({ term: 'three_months', title: '缺少经费' })).id;
    await move(OWNER, 'county', other);
    await move(OWNER, 'prefecture', other);
    expect((await decide(DIRECTOR, 2, true, other)).body.level).toBe('county');
    const refused = await decide(DEPUTY, 2, false, other);
    expect(refused.body).toMatchObject({ level: 'county', moves: [{}, { status: 'refused' }] });
    const settled = await decide(DIRECTOR, 2, false, other);
    expect([settled.status, settled.body.code]).toEqual([409, 'already_decided']);
    expect((await move(OWNER, 'prefecture', other)).body.moves.at(-1)).toMatchObject({ number: 3, status: 'pending' });
    // Nobody decides within three working days: the office is told.
    await county.advance('2023-10-12T09:05:00+08:00');
    expect(raisedOf(await problem(other))).toEqual([`0 2023-10-12T09:05:00+08:00 post:${DIRECTOR_POST}`]);
    expect((await command(OWNER, other, 'solution', { outcome: '已落实经费' })).body.moves.at(-1)).toMatchObject({
      status: 'void',
    });
  });

  it('cannot be decided on where no office has a director', async () => {
    const other = (await registered({ group: 'feiqi-qiche-zhili-zhuanban', unit: null })).id;
    await move(TOWN, 'county', other);
    const { status, body } = await move(TOWN, 'prefecture', other);
    expect([status, body.code]).toEqual([403, 'not_allowed']);
  });

  it('overdue at the prefecture’s level is escalated across to it, beside the county’s own ladder', async () => {
    const before = await problem(id);
    expect(raisedOf(before)).toEqual([
      `0 2023-10-10T00:00:00+08:00 post:${DIRECTOR_POST} jurisdiction:433100`,
      `1 2023-10-12T00:00:00+08:00 post:${DEPUTY_POST}`,
    ]);
    await county.advance('2023-10-24T00:00:00+08:00');
    expect(raisedOf(await problem(id)).slice(2)).toEqual([
      `2 2023-10-17T00:00:00+08:00 post:${DIRECTOR_POST} unit:xian-zhengfu-duchashi`,
      '3 2023-10-24T00:00:00+08:00 unit:xian-zhengfu-duchashi jurisdiction:433100',
    ]);
    await county.advance('2023-10-24T08:30:00+08:00');
    // Nobody of the prefecture is here yet: the county’s supervision office reads what goes there.
    const mail = await all<Mail>(county.as(SUPERVISION), '/v1/inbox?limit=200');
    const across = mail.filter(
      ({ mailbox, items }) => mailbox === 'jurisdiction:433100' && items.some(({ itemId }) => itemId === id),
    );
    expect(across.map(({ releaseAt }) => releaseAt)).toEqual([
      '2023-10-24T08:30:00+08:00',
      '2023-10-10T08:30:00+08:00',
    ]);
  });

  it('is acknowledged by the office, which is answered with the problem', async () => {
    const escalation = (await problem(id)).escalations[0]?.id;
    const path = `/v1/escalations/${escalation}/acknowledgement`;
    expect((await county.as(OWNER).post(path, {})).status).toBe(403);
    const { status, body } = await county.as(DIRECTOR).post<Problem>(path, {});
    expect([status, body.id, body.escalations[0]?.state]).toEqual([200, id, 'acknowledged']);
  });

  it('explains its clock by its document, and leaves a whole hash chain', async () => {
    const { limits } = await read<{ limits: { id: string; rule: string; source: object }[] }>(
      county.as(OWNER),
      `/v1/problems/${id}/clock`,
    );
    expect(limits.find((limit) => limit.id === 'solution:3')).toMatchObject({
      rule: '问题立行立改（当日24:00前），或在1个月、2个月、3个月内解决。',
      source: { documentNumber: '泸政办发〔2023〕7号', lines: [8149, 8166] },
    });
    const { version } = await problem(id);
    expect(await eventsOf(county.as(SUPERVISION), id)).toHaveLength(version);
    expect(await read(county.as(SUPERVISION), `/v1/audit/verification?aggregate=${id}`)).toEqual({
      ...{ ok: true, versions: version },
    });
  });

  it('stands in the lists by office, level and light', async () => {
    await county.system.settle();
    const list = (query: string) => all<Problem>(county.as(DIRECTOR), `/v1/problems?${query}`);
    expect((await list(`office=${GROUP}&level=prefecture`)).map((row) => [row.id, row.light])).toEqual([[id, 'red']]);
    expect((await list(`office=${GROUP}&status=open&light=red`)).map((row) => row.id)).toEqual([id]);
    const town = await all<Problem>(county.as(TOWN), `/v1/problems?unit=${encodeURIComponent('武溪镇')}&limit=3`);
    expect(town.map((row) => row.id)).toContain(id);
    expect(new Set(town.map((row) => row.id)).size).toBe(town.length);
    expect(await all<Problem>(county.as(STRANGER), '/v1/problems')).toEqual([]);
  });
});

describe('a prefecture that is hosted here too', () => {
  const CODE = '433100';
  let prefecture: { as(person: string): Client };
  beforeAll(async () => {
    const issuer = await createIssuer('https://issuer.prefecture.test');
    const app = createApp({
      deps: county.system.deps,
      auth: { issuer: issuer.issuer, audience: AUDIENCE, keys: issuer.keys },
      bootstrapAdmins: [LOCAL_ADMIN],
      defaultJurisdiction: CODE,
    });
    prefecture = countyOf({ ...county.system, app, jurisdiction: CODE, token: issuer.token });
    const [unit, post, person] = ['zhou-duchashi', 'zhou-duchashi.zhuren', 'tian-zhou'];
    const { status } = await prefecture.as(LOCAL_ADMIN).post('/v1/imports', {
      jurisdiction: CODE,
      jurisdictions: [
        {
          ...{ code: CODE, name: '湘西土家族苗族自治州', timeZone: 'Asia/Shanghai' },
          ...{ supervisionUnits: [unit], administratorPosts: [post] },
        },
      ],
      units: [{ code: unit, name: '州政府督查室', kind: 'office' }],
      posts: [{ code: post, unit, title: '主任', head: true }],
      people: [{ code: person, name: '田州' }],
      appointments: [{ post, person, from: null, to: null }],
    });
    if (status !== 201) throw new Error(`The prefecture could not be imported: ${status}`);
  });

  it('finds the notice in its supervision office’s own inbox, with the title and the county', async () => {
    await county.advance('2023-11-01T09:00:00+08:00');
    const { id } = await registered({ term: 'at_once', title: '跨县饮水' });
    await command(OWNER, id, 'moves', { to: 'county', reason: '超出本级权限' });
    await command(OWNER, id, 'moves', { to: 'prefecture', reason: '超出本县权限' });
    for (const person of [DEPUTY, DIRECTOR]) {
      expect((await command(person, id, 'moves/2/decision', { approved: true })).status).toBe(200);
    }
    expect((await problem(id)).level).toBe('prefecture');
    await county.advance('2023-11-01T23:59:59+08:00');
    expect(raisedOf(await problem(id))).toEqual([]);
    await county.advance('2023-11-02T08:29:59+08:00');
    const supervision = prefecture.as('tian-zhou');
    expect(await all<Mail>(supervision, '/v1/inbox')).toEqual([]);
    await county.advance('2023-11-02T08:30:00+08:00');
    expect(raisedOf(await problem(id))).toEqual([
      `0 2023-11-02T00:00:00+08:00 post:${DIRECTOR_POST} jurisdiction:433100`,
    ]);
    const mail = await all<Mail>(supervision, '/v1/inbox');
    expect(mail).toMatchObject([
      {
        ...{ mailbox: 'unit:zhou-duchashi', releaseAt: '2023-11-02T08:30:00+08:00', urgent: false, count: 1 },
        items: [
          {
            ...{ itemId: id, title: '跨县饮水', jurisdiction: '433122', kind: 'escalation' },
            ...{ at: '2023-11-02T00:00:00+08:00', due: '2023-11-02T00:00:00+08:00', light: 'red' },
          },
        ],
      },
    ]);
    // The county’s own record of it stays, and the problem is the county’s.
    const kept = await all<Mail>(county.as(SUPERVISION), '/v1/inbox?limit=200');
    const [latest] = kept.filter(({ mailbox }) => mailbox === 'jurisdiction:433100');
    expect(latest).toMatchObject({
      releaseAt: '2023-11-02T08:30:00+08:00',
      items: [{ itemId: id, jurisdiction: null }],
    });
    expect((await supervision.get(`/v1/problems/${id}`)).status).toBe(404);
  });
});
