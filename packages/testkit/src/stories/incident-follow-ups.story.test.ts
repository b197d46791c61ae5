import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  at,
  FACTS,
  FIRE,
  type Incident,
  KNOWN,
  LEADER_POST,
  limitsOf,
  mailOf,
  OFFICES,
  type Problem,
  phone,
  raisedOf,
  readIncident,
  TOP,
  told,
  UNIT,
  type Watch,
  watchFrom,
  written,
} from './incident-county.ts';

describe('what follows a first report', () => {
  const start = '2023-05-20T23:00:00+08:00';
  let county: Watch;
  let id: string;
  beforeAll(async () => {
    county = await watchFrom(start);
    const opened = { kind: FIRE, unit: UNIT, title: '加油站火情', occurredAt: start, level: 'general', ...phone };
    ({
      body: { id },
    } = await county.unit.post<Incident>('/v1/incidents', opened));
  });
  afterAll(() => county.close());
  const send = (what: string, body: object) => county.unit.post<Incident>(`/v1/incidents/${id}/${what}`, body);

  it('is due by the level, and sooner when the level rises', async () => {
    expect(limitsOf(await readIncident(county.unit, id))).toEqual({
      'written_report:1': ['running', at(start, 240)],
      'follow_up:1': ['running', at(start, 1_440)],
    });
    await county.advance(at(start, 30));
    const change = { level: 'extraordinary', reason: '引燃油罐' };
    expect((await county.partyOffice.post(`/v1/incidents/${id}/level`, change)).status).toBe(200);
    const risen = await readIncident(county.unit, id);
    expect(risen.level).toBe('extraordinary');
    expect(limitsOf(risen)).toEqual({
      'written_report:1': ['running', at(start, 90)],
      'follow_up:1': ['running', at(start, 150)],
    });
    const fallen = await county.partyOffice.post<Incident>(`/v1/incidents/${id}/level`, {
      level: 'large',
      reason: '已控制',
    });
    expect(limitsOf(fallen.body)).toEqual(limitsOf(risen));
    await county.advance(at(start, 30));
    for (const mailbox of [`unit:${UNIT}`, ...OFFICES, `post:${LEADER_POST}`]) {
      const kinds = (await mailOf(county, mailbox)).filter(({ releaseAt }) => releaseAt === at(start, 30));
      expect(kinds.map((digest) => digest.kinds)).toEqual([{ level_changed: 2 }]);
    }
  });

  it('missed, climbs by itself, day and night', async () => {
    await county.advance(at(start, 60));
    expect((await send('follow-ups', { mode: 'written', facts: FACTS, level: 'major' })).status).toBe(200);
    const due = at(start, 60 + 240);
    const incident = await readIncident(county.unit, id);
    expect(limitsOf(incident)).toMatchObject({
      'written_report:1': ['met', at(start, 90)],
      'follow_up:2': ['running', due],
    });
    await county.advance(at(start, 299, 59));
    expect(await raisedOf(county.partyOffice, id)).toEqual([]);
    expect((await told(county, id))[`unit:${UNIT}`]?.at(-1)).toBe(`${at(start, 270)} reminder`);
    await county.advance(at(start, 390));
    expect(await raisedOf(county.partyOffice, id)).toMatchObject([
      { limitId: 'follow_up:2', step: 0, at: due, mailboxes: OFFICES },
      { limitId: 'follow_up:2', step: 1, at: at(start, 320), mailboxes: [`post:${LEADER_POST}`] },
      { limitId: 'follow_up:2', step: 2, at: at(start, 350), mailboxes: TOP },
    ]);
  });

  it('says what is known, and what is not known by null', async () => {
    const { place: _, ...nowhere } = FACTS;
    const refused = async (what: string, body: object) => {
      const answer = await county.unit.post<Problem>(`/v1/incidents/${id}/${what}`, body);
      return [answer.status, answer.body.code, answer.body.errors?.[0]?.pointer];
    };
    const { course: _course, ...nothing } = FACTS;
    expect(await refused('follow-ups', { mode: 'written', facts: nothing })).toEqual([
      ...[422, 'facts_missing', '/facts/course'],
    ]);
    // Where it is was said by the first report.
    expect((await send('follow-ups', { mode: 'written', facts: nowhere })).status).toBe(200);
    expect(await refused('final-report', written)).toEqual([422, 'facts_missing', '/facts/cause']);
    expect(await refused('final-report', { mode: 'written', facts: { ...KNOWN, place: null } })).toEqual([
      ...[422, 'facts_missing', '/facts/place'],
    ]);
    expect(await refused('final-report', { mode: 'phone', facts: KNOWN })).toEqual([422, 'wrong_mode', '/mode']);
    const first = async (facts: object) => {
      const body = { kind: FIRE, unit: UNIT, title: '火情', occurredAt: start, mode: 'written', facts };
      const answer = await county.unit.post<Problem>('/v1/incidents', body);
      return [answer.status, answer.body.code, answer.body.errors?.[0]?.pointer];
    };
    expect(await first(nowhere)).toEqual([422, 'facts_missing', '/facts/place']);
    expect(await first({ ...FACTS, contact: null })).toEqual([422, 'facts_missing', '/facts/contact']);
    expect((await first(FACTS))[0]).toBe(201);
    // Nothing said is refused in words that name every field.
    const empty = { kind: FIRE, unit: UNIT, title: '火情', occurredAt: start, mode: 'written', facts: {} };
    const { body } = await county.unit.post<Problem>('/v1/incidents', empty);
    for (const name of ['时间', '地点', '人员伤亡', '签发人', '联系人']) expect(body.detail).toContain(name);
  });

  it('ends with the final report: nothing runs any more, and it can only be corrected', async () => {
    const { status, body } = await send('final-report', { mode: 'written', facts: KNOWN });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'closed',
      light: 'blue',
      due: null,
      closedAt: at(start, 390),
      openEscalations: 0,
    });
    expect([...new Set(body.limits.map((limit) => limit.status))]).toEqual(['met']);
    expect([...new Set(body.escalations.map(({ state }) => state))]).toEqual(['resolved']);
    for (const [what, sent] of [
      ['follow-ups', written],
      ['final-report', { mode: 'written', facts: KNOWN }],
      ['first-report', written],
      ['level', { level: 'general', reason: '复核' }],
    ] as const) {
      const answer = await county.unit.post<Problem>(`/v1/incidents/${id}/${what}`, sent);
      expect([answer.status, answer.body.code], what).toEqual([409, 'wrong_status']);
    }
    const corrected = await send('corrections', {
      report: body.reports.length,
      facts: { losses: '过火三亩' },
      reason: '复测',
    });
    expect(corrected.body).toMatchObject({ status: 'closed', light: 'blue' });
    const cleared = await county.unit.post<Problem>(`/v1/incidents/${id}/corrections`, {
      ...{ report: body.reports.length, facts: { losses: null }, reason: '不详' },
    });
    expect([cleared.status, cleared.body.errors?.[0]?.pointer]).toEqual([422, '/facts/losses']);
    await county.advance(at(start, 10_000));
    expect(await raisedOf(county.partyOffice, id)).toHaveLength(3);
  });
});
