import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  FIRE,
  type Incident,
  LEADER_POST,
  raisedOf,
  signal,
  told,
  UNIT,
  type Watch,
  watchFrom,
} from './incident-county.ts';

describe('the same call again', () => {
  const start = '2023-10-02T03:00:00+08:00';
  let county: Watch;
  let first: Incident;
  beforeAll(async () => {
    county = await watchFrom(start);
    ({ body: first } = await county.feed.post<Incident>('/v1/signals', signal('77', { occurredAt: start })));
  });
  afterAll(() => county.close());
  const listed = async () => {
    await county.advance(at(start, 5));
    return (await all<Incident>(county.partyOffice, '/v1/incidents')).map(({ id }) => id);
  };

  it.each([
    ['as it was', {}],
    ['in other words', { title: '白羊溪乡发生山林火灾', text: '火势较大', level: 'large' }],
    ['about another unit and kind', { unit: '县残联', kind: 'ziran-zaihai', occurredAt: at(start, -30) }],
    ['from another instant on', { receivedAt: at(start, -1), occurredAt: at(start, -2) }],
  ])('%s is answered with the incident that is there', async (_how, differs) => {
    const again = await county.feed.post<Incident>('/v1/signals', signal('77', { occurredAt: start, ...differs }));
    expect(again.status).toBe(200);
    expect(again.headers.get('location')).toBeNull();
    expect(again.body).toEqual(first);
    expect(await listed()).toEqual([first.id]);
  });

  it('a hundred times at once opens one incident, whatever each says', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, nth) =>
        county.feed.post<Incident>('/v1/signals', signal('78', nth % 2 === 0 ? {} : { title: `第${nth}次来电` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const opened = answers[0]?.body.id ?? '';
    expect(await listed()).toEqual([opened, first.id]);
    const events = await all<{ type: string }>(county.unit, `/v1/incidents/${opened}/events`);
    expect(events.map(({ type }) => type)).toEqual(['IncidentOpened']);
    expect(await told(county, opened)).toMatchObject({ [`unit:${UNIT}`]: [expect.stringMatching(/incident_signal$/)] });
  });

  it('under the number of another source is another incident', async () => {
    const other = await county.as('zhang-yuankang').post<Incident>('/v1/signals', signal('77', { source: '110' }));
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.id);
  });

  it('after it has been reported, tells the feed no more than the first time, and an office what has become of it', async () => {
    const reported = await county.unit.post<Incident>(`/v1/incidents/${first.id}/first-report`, {
      ...{ mode: 'written', facts: FACTS },
    });
    expect(reported.status).toBe(200);
    const again = await county.feed.post<Incident>('/v1/signals', signal('77'));
    expect([again.status, again.body]).toEqual([200, first]);
    const office = await county.partyOffice.post<Incident>('/v1/signals', signal('77'));
    expect([office.status, office.body]).toMatchObject([
      200,
      { id: first.id, version: 2, reports: [{ facts: FACTS }] },
    ]);
  });
});

describe('forty minutes', () => {
  const start = '2023-10-01T02:00:00+08:00';
  let county: Watch;
  beforeAll(async () => {
    county = await watchFrom(start);
  });
  afterAll(() => county.close());

  it('are kept at 39:59 and at 40:00, and missed at 40:01, after a signal and without one', async () => {
    const signalled = await Promise.all(
      ['1', '2', '3'].map(async (number) => {
        const { body } = await county.feed.post<Incident>('/v1/signals', signal(number, { occurredAt: start }));
        return body.id;
      }),
    );
    const late: (number | null)[][] = [];
    for (const [nth, seconds] of [-1, 0, 1].entries()) {
      await county.advance(at(start, 40, seconds));
      const body = { mode: 'written', facts: FACTS };
      const known = await county.unit.post<Incident>(`/v1/incidents/${signalled[nth]}/first-report`, body);
      const opened = { kind: FIRE, unit: UNIT, title: '山火', occurredAt: start, ...body };
      const alone = await county.unit.post<Incident>('/v1/incidents', opened);
      expect([known.status, alone.status]).toEqual([200, 201]);
      for (const { body: incident } of [known, alone]) {
        late.push([incident.lateBySeconds, incident.reports[0]?.lateBySeconds ?? null, incident.limits.length]);
        expect(incident.reports[0]?.due).toBe(at(start, 40));
      }
    }
    // What waits: the follow-up; and the first report that is met where a signal had told of it.
    expect(late).toEqual([
      [0, 0, 2],
      [0, 0, 1],
      [0, 0, 2],
      [0, 0, 1],
      [1, 1, 3],
      [1, 1, 2],
    ]);
  });

  it('count from when it happened, though the call came in twenty minutes later', async () => {
    const happened = at(start, 60);
    await county.advance(at(start, 80));
    const { body } = await county.feed.post<Incident>('/v1/signals', signal('9', { occurredAt: happened }));
    expect(body.limits).toMatchObject([{ id: 'first_report', due: at(start, 100), status: 'running' }]);
    const silent = await county.feed.post<Incident>('/v1/signals', signal('10'));
    expect(silent.body.limits).toMatchObject([{ id: 'first_report', due: at(start, 120) }]);
    const known = await county.feed.post<Incident>('/v1/signals', signal('11', { knownAt: at(start, 70) }));
    expect(known.body.limits).toMatchObject([{ id: 'first_report', due: at(start, 110) }]);
  });

  it('acknowledged is not reported: the ladder is held a quarter of an hour and then goes on', async () => {
    await county.advance(at(start, 120));
    const { body } = await county.feed.post<Incident>('/v1/signals', signal('12'));
    await county.advance(at(start, 165));
    const [first] = await raisedOf(county.partyOffice, body.id);
    const path = `/v1/escalations/${first?.id}/acknowledgement`;
    const tooLong = await county.partyOffice.post(path, { until: at(start, 181) });
    expect(tooLong).toMatchObject({ status: 422, body: { code: 'hold_too_long' } });
    const { status, body: held } = await county.partyOffice.post<Incident>(path, { note: '已电话联系' });
    expect([status, held.limits[0]]).toMatchObject([200, { heldUntil: at(start, 180), next: null, status: 'overdue' }]);
    await county.advance(at(start, 194, 59));
    expect(await raisedOf(county.partyOffice, body.id)).toMatchObject([{ state: 'acknowledged' }]);
    await county.advance(at(start, 195));
    expect(await raisedOf(county.partyOffice, body.id)).toMatchObject([
      { step: 0, at: at(start, 160) },
      { step: 1, at: at(start, 195), mailboxes: [`post:${LEADER_POST}`] },
    ]);
    await county.advance(at(start, 225));
    expect((await raisedOf(county.partyOffice, body.id)).at(-1)).toMatchObject({ step: 2, at: at(start, 225) });
  });
});
