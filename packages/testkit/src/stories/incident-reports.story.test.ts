import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  FIRE,
  GOVERNMENT_OFFICE,
  type Incident,
  KNOWN,
  LEADER_POST,
  limitsOf,
  OFFICES,
  PARTY_OFFICE,
  type Problem,
  phone,
  raisedOf,
  readIncident,
  signal,
  told,
  UNIT,
  type Watch,
  watchFrom,
  written,
} from './incident-county.ts';

describe('a first report by phone, twelve minutes late on a Thursday', () => {
  const start = '2023-05-18T10:00:00+08:00';
  let county: Watch;
  let id: string;
  beforeAll(async () => {
    county = await watchFrom(start);
    const { body } = await county.feed.post<Incident>('/v1/signals', signal('1', { occurredAt: start }));
    ({ id } = body);
    await county.advance(at(start, 52));
  });
  afterAll(() => county.close());
  const send = (what: string, body: object) => county.unit.post<Incident>(`/v1/incidents/${id}/${what}`, body);

  it('is accepted, says by how much it is late and what is owed now', async () => {
    const { status, body } = await send('first-report', phone);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ status: 'reported', light: 'yellow', lateBySeconds: 720, explained: false, openEscalations: 0 },
      filedWith: OFFICES,
      reports: [
        {
          ...{ number: 1, stage: 'first', mode: 'phone', by: 'yang-hongyu', facts: FACTS, lateBySeconds: 720 },
          ...{ at: at(start, 52), receivedAt: at(start, 52), due: at(start, 40), corrections: [] },
          filedWith: OFFICES.map((mailbox) => ({ mailbox })),
        },
      ],
    });
    expect(limitsOf(body)).toEqual({
      first_report: ['met', at(start, 40)],
      'written_report:1': ['running', at(start, 172)],
      'follow_up:1': ['running', at(start, 772)],
      explanation: ['running', '2023-05-22T10:52:00+08:00'],
    });
    expect(body.escalations).toMatchObject([{ step: 0, limitId: 'first_report', state: 'resolved' }]);
  });

  it('is told to the offices and the leaders at once, and asks the unit for its reasons within working hours', async () => {
    await county.advance(at(start, 55));
    const now = at(start, 52);
    const before = [`${start} incident_signal`, `${at(start, 40)} escalation`];
    expect(await told(county, id)).toEqual({
      [`unit:${UNIT}`]: [
        `${start} incident_signal`,
        `${at(start, 20)} reminder`,
        `${at(start, 55)} explanation_requested`,
      ],
      [`unit:${PARTY_OFFICE}`]: [...before, `${now} incident_filed`],
      [`unit:${GOVERNMENT_OFFICE}`]: [...before, `${now} incident_filed`],
      [`post:${LEADER_POST}`]: [`${now} incident_reported`],
      'post:xianwei.shuji': [`${now} incident_reported`],
      'post:xian-renmin-zhengfu.xianzhang': [`${now} incident_reported`],
    });
  });

  it('has stopped the ladder: nobody further up hears that it is missing', async () => {
    await county.advance(at(start, 91));
    expect(await raisedOf(county.partyOffice, id)).toMatchObject([{ step: 0, state: 'resolved' }]);
  });

  it('corrected so that it would have been in time, stays late; both versions are shown', async () => {
    const opened = { kind: FIRE, unit: UNIT, title: '民房火灾', occurredAt: at(start, 30), ...written };
    await county.advance(at(start, 82));
    const { body: late } = await county.unit.post<Incident>('/v1/incidents', opened);
    expect(late.lateBySeconds).toBe(720);
    const correct = async (correction: object) => {
      const path = `/v1/incidents/${late.id}/corrections`;
      const { status, body } = await county.unit.post<Incident>(path, { report: 1, reason: '核实', ...correction });
      expect(status).toBe(200);
      return body;
    };
    const later = await correct({ facts: { time: '10时50分许', casualties: '轻伤1人' }, occurredAt: at(start, 50) });
    expect(later).toMatchObject({ lateBySeconds: 720, explained: false, light: 'yellow', occurredAt: at(start, 50) });
    // Earlier than was said first: later by that much, which stays.
    await correct({ occurredAt: at(start, 20) });
    const last = await correct({ occurredAt: at(start, 60), facts: { time: null }, reason: '原报有误' });
    const first = { ...FACTS, time: '10时50分许', casualties: '轻伤1人' };
    expect(last).toMatchObject({
      ...{ lateBySeconds: 1_320, occurredAt: at(start, 60) },
      reports: [{ lateBySeconds: 720, due: at(start, 70), facts: { ...first, time: null } }],
    });
    expect(last.reports[0]?.corrections).toMatchObject([
      { number: 1, reason: '核实', by: 'yang-hongyu', at: at(start, 82), before: FACTS, occurredAt: at(start, 30) },
      { number: 2, before: first, occurredAt: at(start, 50) },
      { number: 3, reason: '原报有误', before: first, occurredAt: at(start, 20) },
    ]);
    const types = (await all<{ type: string }>(county.unit, `/v1/incidents/${late.id}/events`)).map(({ type }) => type);
    expect(types).toEqual(['IncidentOpened', 'ReportReceived', 'Escalated', ...Array(3).fill('ReportCorrected')]);
  });

  it('cannot be corrected to have happened after the call had come in', async () => {
    const { status, body } = await county.unit.post<Problem>(`/v1/incidents/${id}/corrections`, {
      ...{ report: 1, reason: '核实', occurredAt: at(start, 20) },
    });
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'invalid_due', '/occurredAt']);
    const earlier = await send('corrections', { report: 1, reason: '核实', occurredAt: at(start, -10) });
    expect(earlier.body.lateBySeconds).toBe(1_320);
    expect(limitsOf(earlier.body).explanation).toEqual(['running', '2023-05-22T10:52:00+08:00']);
  });

  it('is owed in writing: reminded 20 minutes before, escalated when that is missed, settled by writing', async () => {
    await county.advance(at(start, 151, 59));
    expect((await readIncident(county.unit, id)).light).toBe('yellow');
    const before = (await told(county, id))[`unit:${UNIT}`]?.length ?? 0;
    await county.advance(at(start, 152));
    expect((await told(county, id))[`unit:${UNIT}`]?.slice(before)).toEqual([`${at(start, 152)} reminder`]);
    await county.advance(at(start, 171, 59));
    expect(await raisedOf(county.partyOffice, id)).toHaveLength(1);
    await county.advance(at(start, 172));
    expect((await raisedOf(county.partyOffice, id)).slice(1)).toMatchObject([
      { limitId: 'written_report:1', step: 0, mailboxes: OFFICES, state: 'open', at: at(start, 172) },
    ]);
    const again = await send('follow-ups', { mode: 'phone', facts: FACTS });
    expect(limitsOf(again.body)['written_report:1']).toEqual(['overdue', at(start, 172)]);
    const { body } = await send('follow-ups', written);
    expect(body).toMatchObject({ light: 'yellow', openEscalations: 0 });
    expect(limitsOf(body)).toMatchObject({ 'written_report:1': ['met', at(start, 172)] });
  });

  it('is explained, which ends the wait for its reasons', async () => {
    expect((await county.feed.post(`/v1/incidents/${id}/explanations`, { text: '山区无信号' })).status).toBe(404);
    expect((await county.partyOffice.post(`/v1/incidents/${id}/explanations`, { text: '代为说明' })).status).toBe(403);
    const { body } = await send('explanations', { text: '山区无信号' });
    expect(body).toMatchObject({ explained: true, explanations: ['山区无信号'], light: 'green', lateBySeconds: 1_320 });
    expect(limitsOf(body).explanation?.[0]).toBe('met');
    await county.advance('2023-05-18T14:35:00+08:00');
    const [office = ''] = OFFICES;
    expect((await told(county, id))[office]?.at(-1)).toMatch(/lateness_explained$/);
  });
});

describe('a late report that nobody explains', () => {
  it('is asked for again after a working day and goes to the offices after two, never at night', async () => {
    const start = '2023-05-19T22:00:00+08:00';
    const county = await watchFrom(start);
    await county.advance(at(start, 50));
    const opened = { kind: FIRE, unit: UNIT, title: '民房火灾', occurredAt: start, ...written };
    const { status, body } = await county.unit.post<Incident>('/v1/incidents', opened);
    expect([status, body.lateBySeconds]).toEqual([201, 600]);
    // Two working days after a Friday night are a Tuesday night.
    expect(limitsOf(body).explanation?.[1]).toBe('2023-05-23T22:50:00+08:00');
    await county.advance(at(start, 50));
    expect(await raisedOf(county.partyOffice, body.id)).toMatchObject([
      {
        ...{ action: 'inform', state: 'resolved', urgent: true, step: 0 },
        mailboxes: [...OFFICES, `post:${LEADER_POST}`],
      },
    ]);
    const closed = await county.unit.post<Incident>(`/v1/incidents/${body.id}/final-report`, {
      ...{ mode: 'written', facts: KNOWN },
    });
    expect(closed.body).toMatchObject({ status: 'closed', light: 'yellow' });
    await county.advance('2023-05-25T09:00:00+08:00');
    const [, second] = await raisedOf(county.partyOffice, body.id);
    expect(second).toMatchObject({
      ...{ limitId: 'explanation', step: 0, at: '2023-05-23T22:50:00+08:00', urgent: false, mailboxes: OFFICES },
    });
    const mail = await told(county, body.id);
    expect(mail[`unit:${UNIT}`]).toEqual([
      '2023-05-22T08:30:00+08:00 explanation_requested',
      '2023-05-23T08:30:00+08:00 reminder',
    ]);
    expect(mail[`unit:${PARTY_OFFICE}`]?.at(-1)).toBe('2023-05-24T08:30:00+08:00 escalation');
    await county.close();
  });
});
