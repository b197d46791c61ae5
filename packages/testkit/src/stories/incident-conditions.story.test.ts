import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  FIRE,
  type Incident,
  KNOWN,
  type Problem,
  raisedOf,
  readIncident,
  signal,
  UNIT,
  type Watch,
  watchFrom,
  written,
} from './incident-county.ts';

const start = '2023-06-22T23:00:00+08:00';
let county: Watch;
beforeAll(async () => {
  county = await watchFrom(start);
});
afterAll(() => county.close());

const opened = (title: string) => ({ kind: FIRE, unit: UNIT, title, occurredAt: start, ...written });
const titled = async (title: string) => {
  await county.advance(start);
  return (await all<Incident>(county.unit, '/v1/incidents')).filter((incident) => incident.title === title);
};

describe('a report sent twice', () => {
  it('with one Idempotency-Key opens one incident and is answered the same, alone and a hundred times at once', async () => {
    const key = { 'idempotency-key': 'first-report-of-a-fire' };
    const first = await county.unit.post<Incident>('/v1/incidents', opened('山火'), key);
    const again = await county.unit.post<Incident>('/v1/incidents', opened('山火'), key);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    for (const header of ['etag', 'location']) expect(again.headers.get(header)).toBe(first.headers.get(header));
    const many = { 'idempotency-key': 'a-hundred-at-once' };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => county.unit.post<Incident>('/v1/incidents', opened('厂房火情'), many)),
    );
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await titled('山火')).toHaveLength(1);
    expect(await titled('厂房火情')).toHaveLength(1);
  });

  it('with the key of another report is refused, with another person’s key is another report', async () => {
    const key = { 'idempotency-key': 'first-report-of-a-fire' };
    const other = await county.unit.post<Problem>('/v1/incidents', opened('另一处山火'), key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
    expect(await titled('另一处山火')).toEqual([]);
    expect((await county.as('gao-yan').post('/v1/incidents', opened('另一处山火'), key)).status).toBe(201);
    expect((await county.unit.post('/v1/incidents', opened('山火'), { 'idempotency-key': 'two words' })).status).toBe(
      422,
    );
  });

  it('refused, keeps the key free for what it should have said', async () => {
    const key = { 'idempotency-key': 'mended' };
    const { place: _, ...nowhere } = FACTS;
    const refused = await county.unit.post('/v1/incidents', { ...opened('粮库火情'), facts: nowhere }, key);
    expect(refused.status).toBe(422);
    expect((await county.unit.post('/v1/incidents', opened('粮库火情'), key)).status).toBe(201);
  });
});

describe('every command on an incident', () => {
  const call = (person: string, path: string, body: object, headers: Record<string, string>) =>
    county.as(person).post<Incident & Problem>(path, body, headers);

  it('holds to If-Match and Idempotency-Key', async () => {
    const { body: incident } = await county.feed.post<Incident>('/v1/signals', signal('1', { occurredAt: start }));
    const base = `/v1/incidents/${incident.id}`;
    await county.advance(at(start, 45));
    const [raised] = await raisedOf(county.partyOffice, incident.id);
    const review = `${base}/upward-requests/1/review`;
    const steps: readonly (readonly [person: string, path: string, body: object, other: object])[] = [
      ['huang-pengcheng', `/v1/escalations/${raised?.id}/acknowledgement`, { note: '已联系' }, { note: '未联系' }],
      ['huang-pengcheng', `/v1/escalations/${raised?.id}/resolution`, { outcome: '已核实' }, { outcome: '未核实' }],
      ['yang-hongyu', `${base}/first-report`, { mode: 'phone', facts: FACTS }, written],
      ['yang-hongyu', `${base}/follow-ups`, written, { ...written, level: 'major' }],
      ['huang-pengcheng', `${base}/level`, { level: 'major', reason: '扩大' }, { level: 'large', reason: '扩大' }],
      [
        'yang-hongyu',
        `${base}/corrections`,
        { report: 1, facts: { losses: '一亩' }, reason: '核实' },
        { report: 1, reason: '更正' },
      ],
      ['yang-hongyu', `${base}/explanations`, { text: '山区无信号' }, { text: '值班脱岗' }],
      [
        'yang-hongyu',
        `${base}/upward-requests`,
        { to: '湘西州委办公室', text: '报告' },
        { to: '州应急局', text: '报告' },
      ],
      ['huang-pengcheng', review, { approved: true }, { approved: false }],
      ['zhang-zuxun', review, { approved: true, note: '同意' }, { approved: true }],
      ['yang-hongyu', `${base}/upward-requests/1/dispatch`, {}, { note: '多余' }],
      ['yang-hongyu', `${base}/final-report`, { mode: 'written', facts: KNOWN }, { mode: 'written', facts: FACTS }],
    ];
    for (const [nth, [person, path, body, other]] of steps.entries()) {
      const { version } = await readIncident(county.admin(), incident.id);
      const stale = await call(person, path, body, { 'if-match': `"${version - 1}"` });
      expect([stale.status, stale.body.code], path).toEqual([412, 'precondition_failed']);
      const vague = await call(person, path, body, { 'if-match': 'W/"1", "2"' });
      expect(vague.body.errors, path).toMatchObject([{ pointer: '/header/if-match' }]);
      expect((await readIncident(county.admin(), incident.id)).version, path).toBe(version);
      const headers = { 'if-match': `"${version}"`, 'idempotency-key': `step-${nth}` };
      const done = await call(person, path, body, headers);
      expect([done.status, done.headers.get('etag')], `${path}: ${JSON.stringify(done.body)}`).toEqual([
        ...[200, `"${done.body.version}"`],
      ]);
      expect(done.body.version, path).toBeGreaterThan(version);
      const again = await call(person, path, body, headers);
      expect([again.status, again.body], path).toEqual([200, done.body]);
      const mismatch = await call(person, path, other, headers);
      expect(mismatch.status, path).toBe(422);
      expect(['idempotency_mismatch', 'invalid'], path).toContain(mismatch.body.code);
      expect((await readIncident(county.admin(), incident.id)).version, path).toBe(done.body.version);
    }
    expect((await readIncident(county.unit, incident.id)).status).toBe('closed');
  });

  it('of two that saw the same version lets one win', async () => {
    const { body, headers } = await county.unit.post<Incident>('/v1/incidents', opened('林场火情'));
    const etag = headers.get('etag') ?? '';
    const answers = await Promise.all(
      ['已扑灭', '未扑灭'].map((trend) =>
        county.unit.post(
          `/v1/incidents/${body.id}/follow-ups`,
          { mode: 'written', facts: { ...FACTS, trend } },
          {
            ...{ 'if-match': etag },
          },
        ),
      ),
    );
    const [won, lost] = answers.map(({ status }) => status).sort();
    expect(won).toBe(200);
    expect([409, 412]).toContain(lost);
    expect((await readIncident(county.unit, body.id)).reports).toHaveLength(2);
  });

  it('takes one of two first reports that are made at once', async () => {
    const { body } = await county.feed.post<Incident>('/v1/signals', signal('1-1'));
    const answers = await Promise.all(
      ['yang-hongyu', 'gao-yan'].map((person) =>
        county.as(person).post<Incident & Problem>(`/v1/incidents/${body.id}/first-report`, written),
      ),
    );
    expect(answers.map(({ status, body: said }) => [status, said.code]).sort()).toEqual([
      [200, undefined],
      [409, 'wrong_status'],
    ]);
    expect((await readIncident(county.unit, body.id)).reports).toHaveLength(1);
  });
});
