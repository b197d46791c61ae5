import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GOVERNMENT_OFFICE,
  type Incident,
  LEADER_POST,
  LEAVE,
  MEETING,
  OFFICES,
  PARTY_OFFICE,
  type Problem,
  raisedOf,
  readIncident,
  told,
  UNIT,
  type Watch,
  watchFrom,
} from './incident-county.ts';

const FACTS = {
  time: '上午',
  place: '县政府三楼会议室',
  course: '全县林业工作会议',
  signer: '杨宏玉',
  contact: '值班室',
};
const notice = (differs: object) => ({
  ...{ kind: MEETING, unit: UNIT, title: '全县林业工作会议', mode: 'written', facts: FACTS },
  ...differs,
});
const refusal = ({ status, body }: { status: number; body: Problem }) => [
  status,
  body.code,
  body.errors?.map(({ pointer }) => pointer),
];

describe('an advance notice of a meeting on a Friday', () => {
  const meeting = { startsAt: '2023-05-19T09:00:00+08:00' };
  const last = '2023-05-18T00:00:00+08:00';
  let county: Watch;
  beforeAll(async () => {
    county = await watchFrom('2023-05-17T16:00:00+08:00');
  });
  afterAll(() => county.close());
  const give = (body: object) => county.unit.post<Incident & Problem>('/v1/incidents', notice(body));

  it('says when it begins, and what an activity needs', async () => {
    expect(refusal(await give({}))).toEqual([422, 'facts_missing', ['/startsAt']]);
    const { place: _, ...nowhere } = FACTS;
    expect(refusal(await give({ ...meeting, facts: nowhere }))).toEqual([422, 'facts_missing', ['/facts/place']]);
    const unknown = await give({ ...meeting, kind: 'zhongyao-huyi', unit: '县林业局局' });
    expect([unknown.status, unknown.body.errors]).toMatchObject([
      422,
      [
        { pointer: '/kind', code: 'unknown_reference', suggestions: expect.arrayContaining([MEETING]) },
        { pointer: '/unit', code: 'unknown_reference', suggestions: expect.arrayContaining(['县林业局']) },
      ],
    ]);
  });

  it('is filed in time on the Wednesday, and nothing waits afterwards', async () => {
    const { status, body } = await give(meeting);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ status: 'closed', light: 'blue', category: 'meeting_activity', lateBySeconds: 0, limits: [], due: null },
      ...{ startsAt: meeting.startsAt, occurredAt: null, filedWith: OFFICES, escalations: [] },
      rule: { when: 'ahead', amount: 2, source: { documentNumber: '泸办通〔2023〕19号', lines: [826, 828] } },
      reports: [{ stage: 'first', due: last, lateBySeconds: 0 }],
    });
    // Meetings do not ring at night: what concerns them waits for its window.
    await county.advance('2023-05-17T16:05:00+08:00');
    expect(await told(county, body.id)).toEqual({
      [`unit:${PARTY_OFFICE}`]: ['2023-05-17T16:05:00+08:00 incident_filed'],
      [`unit:${GOVERNMENT_OFFICE}`]: ['2023-05-17T16:05:00+08:00 incident_filed'],
      [`post:${LEADER_POST}`]: ['2023-05-17T16:05:00+08:00 incident_reported'],
    });
  });

  it('is in time at the last instant of the Wednesday, to the second', async () => {
    await county.advance(last);
    const { body } = await give(meeting);
    expect(body).toMatchObject({ status: 'closed', light: 'blue', lateBySeconds: 0, reports: [{ due: last }] });
    const { body: named } = await give({ startsAt: '2023-05-19' });
    expect(named).toMatchObject({ lateBySeconds: 0, reports: [{ due: last }] });
  });

  it('a second later is accepted, marked, explained and told to those who answer for the county', async () => {
    await county.advance('2023-05-18T00:00:01+08:00');
    const { status, body } = await give(meeting);
    expect([status, body]).toMatchObject([
      201,
      { status: 'closed', light: 'yellow', lateBySeconds: 1, reports: [{ due: last, lateBySeconds: 1 }] },
    ]);
    expect(body.limits).toMatchObject([{ id: 'explanation', due: '2023-05-22T00:00:01+08:00', status: 'running' }]);
    expect(body.escalations).toMatchObject([
      { action: 'inform', state: 'resolved', urgent: false, mailboxes: [...OFFICES, `post:${LEADER_POST}`] },
    ]);
    await county.advance('2023-05-18T08:29:59+08:00');
    expect(await told(county, body.id)).toEqual({});
    await county.advance('2023-05-18T08:30:00+08:00');
    const morning = '2023-05-18T08:30:00+08:00';
    expect(await told(county, body.id)).toEqual({
      [`unit:${UNIT}`]: [`${morning} explanation_requested`],
      [`unit:${PARTY_OFFICE}`]: [`${morning} incident_filed`, `${morning} information`],
      [`unit:${GOVERNMENT_OFFICE}`]: [`${morning} incident_filed`, `${morning} information`],
      [`post:${LEADER_POST}`]: [`${morning} incident_reported`, `${morning} information`],
    });
    expect(await raisedOf(county.partyOffice, body.id)).toMatchObject([{ action: 'inform' }]);
    const explained = await county.unit.post<Incident>(`/v1/incidents/${body.id}/explanations`, {
      text: '会议临时决定',
    });
    expect(explained.body).toMatchObject({ light: 'blue', explained: true, lateBySeconds: 1 });
  });

  it('by telephone is closed once it lies there in writing', async () => {
    const { body } = await give({ startsAt: '2023-05-26T09:00:00+08:00', mode: 'phone' });
    expect(body).toMatchObject({ status: 'reported', limits: [{ id: 'written_report:1', status: 'running' }] });
    const path = `/v1/incidents/${body.id}/follow-ups`;
    const inWriting = await county.unit.post<Incident>(path, { mode: 'written', facts: FACTS });
    expect(inWriting.body).toMatchObject({ status: 'closed', light: 'blue' });
  });

  it('does not come as a signal', async () => {
    const answer = await county.feed.post<Problem>('/v1/signals', {
      ...{ source: '12345', number: '1', kind: MEETING, unit: UNIT, title: '会议' },
    });
    expect(refusal(answer)).toEqual([403, 'not_allowed', ['/kind']]);
  });
});

describe('a principal who leaves the county', () => {
  it('reports it two working days ahead, whatever day it is', async () => {
    const county = await watchFrom('2023-05-18T17:00:00+08:00');
    const leave = (startsAt: string) =>
      county.unit.post<Incident>('/v1/incidents', notice({ kind: LEAVE, title: '主要负责同志因公外出', startsAt }));
    // Thursday and Friday are the two working days before a Monday, and before the Sunday.
    for (const startsAt of ['2023-05-22', '2023-05-21', '2023-05-20T07:00:00+08:00']) {
      const { body } = await leave(startsAt);
      expect(body.reports[0], startsAt).toMatchObject({ due: '2023-05-19T00:00:00+08:00', lateBySeconds: 0 });
      expect(body).toMatchObject({ category: 'other', status: 'closed', kind: { code: LEAVE } });
    }
    const { body: soon } = await leave('2023-05-19T12:00:00+08:00');
    expect(soon).toMatchObject({
      lateBySeconds: 17 * 3_600,
      light: 'yellow',
      reports: [{ due: '2023-05-18T00:00:00+08:00' }],
    });
    await county.close();
  });
});

describe('an activity on the first working day after Spring Festival 2026', () => {
  // Saturday the 14th makes up for the holidays and is a working day.
  const startsAt = '2026-02-24T09:00:00+08:00';
  const last = '2026-02-14T00:00:00+08:00';
  let county: Watch;
  beforeAll(async () => {
    county = await watchFrom('2026-02-13T23:59:59+08:00');
  });
  afterAll(() => county.close());
  const give = () => county.unit.post<Incident>('/v1/incidents', notice({ startsAt }));

  it('must be reported by the 13th', async () => {
    expect((await give()).body).toMatchObject({ lateBySeconds: 0, reports: [{ due: last }] });
    await county.advance(last);
    expect((await give()).body).toMatchObject({ lateBySeconds: 0, reports: [{ due: last }] });
  });

  it('is late on the 14th, of which the offices hear that Saturday morning', async () => {
    await county.advance('2026-02-14T00:00:01+08:00');
    const { body } = await give();
    expect(body).toMatchObject({ lateBySeconds: 1, reports: [{ due: last }] });
    // The 14th is begun; the two working days are the 24th and the 25th.
    expect(body.limits).toMatchObject([{ id: 'explanation', due: '2026-02-25T00:00:01+08:00' }]);
    await county.advance('2026-02-14T08:30:00+08:00');
    expect((await told(county, body.id))[`unit:${PARTY_OFFICE}`]).toEqual([
      '2026-02-14T08:30:00+08:00 incident_filed',
      '2026-02-14T08:30:00+08:00 information',
    ]);
    await county.advance('2026-02-25T00:00:01+08:00');
    expect((await raisedOf(county.partyOffice, body.id)).at(-1)).toMatchObject({ limitId: 'explanation', step: 0 });
  });
});

describe('important work', () => {
  it('is reported by its own limit, else within seven days of its completion', async () => {
    const county = await watchFrom('2023-05-25T00:00:00+08:00');
    const facts = { course: '已完成整改', measures: '逐项销号', signer: '杨宏玉', contact: '值班室' };
    const work = (differs: object) =>
      county.unit.post<Incident & Problem>('/v1/incidents', {
        ...{ kind: 'shangji-bushu', unit: UNIT, title: '上级交办事项', mode: 'written', facts },
        ...differs,
      });
    const last = '2023-05-25T00:00:00+08:00';
    for (const completedAt of ['2023-05-17', '2023-05-17T15:00:00+08:00']) {
      expect((await work({ completedAt })).body.reports[0], completedAt).toMatchObject({ due: last, lateBySeconds: 0 });
    }
    const own = await work({ completedAt: '2023-05-24', due: '2023-05-23' });
    expect(own.body).toMatchObject({ lateBySeconds: 86_400, reports: [{ due: '2023-05-24T00:00:00+08:00' }] });
    const bare = await work({});
    expect(refusal(bare)).toEqual([422, 'facts_missing', ['/completedAt']]);
    expect(bare.body.detail).toContain('（due）');
    expect(refusal(await work({ completedAt: '2023-05-26' }))).toEqual([422, 'invalid_due', ['/completedAt']]);
    await county.advance('2023-05-25T00:00:01+08:00');
    const late = await work({ completedAt: '2023-05-17' });
    expect(await readIncident(county.unit, late.body.id)).toMatchObject({ lateBySeconds: 1, light: 'yellow' });
    await county.close();
  });
});
