import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  FIRE,
  GOVERNMENT_OFFICE,
  type Incident,
  LEADER,
  LEADER_POST,
  MAYOR,
  type Mail,
  mailOf,
  OFFICES,
  PARTY_OFFICE,
  PARTY_OFFICE_DEPUTY,
  PARTY_OFFICE_HEAD,
  PARTY_SUPERVISION,
  type Problem,
  raisedOf,
  readIncident,
  SECRETARY,
  STRANGER,
  SUPERVISION,
  UNIT,
  UNIT_DEPUTY,
  type Watch,
  watchFrom,
} from './incident-county.ts';

const start = '2023-05-21T01:00:00+08:00';
const TO = '湘西州委办公室';
let county: Watch;
beforeAll(async () => {
  county = await watchFrom(start);
});
afterAll(() => county.close());

/** An incident that has been reported to the county. */
async function reported(): Promise<string> {
  const { status, body } = await county.unit.post<Incident>('/v1/incidents', {
    ...{ kind: FIRE, unit: UNIT, title: '山火', occurredAt: start, mode: 'written', facts: FACTS },
  });
  expect(status).toBe(201);
  return body.id;
}
const post = (person: string, path: string, body: object) =>
  county.as(person).post<Incident & Problem>(`/v1/incidents/${path}`, body);
const ask = (id: string) => post('yang-hongyu', `${id}/upward-requests`, { to: TO, text: '关于山火的报告' });
const review = (person: string, id: string, body: object = { approved: true }, number = 1) =>
  post(person, `${id}/upward-requests/${number}/review`, body);
const dispatch = (id: string, number = 1, person = 'yang-hongyu') =>
  post(person, `${id}/upward-requests/${number}/dispatch`, {});
const refusal = ({ status, body }: { status: number; body: Problem }) => [status, body.code];

describe('a report above the county', () => {
  let id: string;

  it('is asked for only after the county itself has been told', async () => {
    const { body } = await county.feed.post<Incident>('/v1/signals', {
      ...{ source: '119', number: '1', kind: FIRE, unit: UNIT, title: '山火' },
    });
    expect(refusal(await ask(body.id))).toEqual([409, 'wrong_status']);
    await county.unit.post(`/v1/incidents/${body.id}/first-report`, { mode: 'written', facts: FACTS });
    id = body.id;
    const asked = await ask(id);
    expect([asked.status, asked.body.upward]).toEqual([
      200,
      [{ number: 1, to: TO, text: '关于山火的报告', status: 'pending', reviews: [] }],
    ]);
    expect(asked.body.limits.at(-1)).toMatchObject({ id: 'upward_review:1', due: at(start, 60), status: 'running' });
    await county.advance(start);
    for (const mailbox of OFFICES) {
      const asking = (await mailOf(county, mailbox)).filter(({ items }) => items.some(({ itemId }) => itemId === id));
      expect(asking.flatMap(({ items }) => items.map(({ kind }) => kind))).toContain('upward_requested');
    }
  });

  it('is refused before either office has reviewed it, and says who is waited for', async () => {
    const bare = await dispatch(id);
    expect(refusal(bare)).toEqual([409, 'review_missing']);
    expect(bare.body.detail).toContain('尚未审核：县委办、县政府办');
    expect((await readIncident(county.unit, id)).upward).toMatchObject([{ status: 'pending' }]);
  });

  it.each([
    ['the unit itself', 'yang-hongyu', 403, 'forbidden'],
    ['its deputy', UNIT_DEPUTY, 403, 'forbidden'],
    ['the leader in charge', LEADER, 403, 'forbidden'],
    ['the mayor', MAYOR, 403, 'forbidden'],
    ['the secretary', SECRETARY, 403, 'forbidden'],
    ['县委督查室', PARTY_SUPERVISION, 403, 'forbidden'],
    ['县政府督查室', SUPERVISION, 403, 'forbidden'],
    ['another unit', STRANGER, 404, 'not_found'],
  ])('is not reviewed by %s', async (_who, person, status, code) => {
    expect(refusal(await review(person, id))).toEqual([status, code]);
    expect((await readIncident(county.unit, id)).upward).toMatchObject([{ status: 'pending', reviews: [] }]);
  });

  it('is not reviewed by administrators, nor by one office for the other', async () => {
    const admin = await county
      .admin()
      .post<Problem>(`/v1/incidents/${id}/upward-requests/1/review`, { approved: true });
    expect(refusal(admin)).toEqual([403, 'forbidden']);
    const crossed = await review(PARTY_OFFICE_DEPUTY, id, { approved: true, office: '县政府办' });
    expect(refusal(crossed)).toEqual([403, 'not_allowed']);
    expect(crossed.body.errors).toMatchObject([{ pointer: '/office' }]);
    const unknown = await review(PARTY_OFFICE_DEPUTY, id, { approved: true, office: '县不存在局' });
    expect(unknown.body.errors).toMatchObject([{ pointer: '/office', code: 'unknown_reference' }]);
  });

  it('still waits when one office has approved it', async () => {
    const approved = await review(PARTY_OFFICE_DEPUTY, id, { approved: true, note: '同意' });
    expect([approved.status, approved.body.upward]).toMatchObject([
      200,
      [{ status: 'pending', reviews: [{ office: { code: PARTY_OFFICE, name: '县委办' }, approved: true }] }],
    ]);
    const half = await dispatch(id);
    expect(refusal(half)).toEqual([409, 'review_missing']);
    expect(half.body.detail).toContain('尚未审核：县政府办。');
    // The same office again, whoever of it speaks, says nothing new; and cannot turn round.
    expect((await review(PARTY_OFFICE_HEAD, id)).body.version).toBe(approved.body.version);
    expect(refusal(await review(PARTY_OFFICE_HEAD, id, { approved: false, note: '再议' }))).toEqual([
      ...[409, 'already_decided'],
    ]);
  });

  it('goes when both have, once, and the county’s own file says so', async () => {
    const complete = await review('zhang-zuxun', id);
    expect(complete.body.upward).toMatchObject([
      { status: 'approved', reviews: [{ office: { code: PARTY_OFFICE } }, { office: { code: GOVERNMENT_OFFICE } }] },
    ]);
    expect(complete.body.limits.find((limit) => limit.id === 'upward_review:1')?.status).toBe('met');
    expect(refusal(await dispatch(id, 1, LEADER))).toEqual([403, 'forbidden']);
    const sent = await dispatch(id);
    expect([sent.status, sent.body.upward]).toMatchObject([200, [{ status: 'sent' }]]);
    expect((await dispatch(id)).body.version).toBe(sent.body.version);
    expect(refusal(await review('li-run', id, { approved: false }))).toEqual([409, 'already_decided']);
    // What was told of it at this instant has been sent already.
    await county.advance(at(start, 0, 1));
    for (const mailbox of OFFICES) {
      const kinds = (await mailOf(county, mailbox)).flatMap(({ items }) => items).filter(({ itemId }) => itemId === id);
      expect(kinds.filter(({ kind }) => kind === 'upward_sent')).toHaveLength(1);
    }
    // Above the county it waits in the mail of the prefecture, which the supervision office reads.
    const above = (await all<Mail>(county.as(SUPERVISION), '/v1/inbox')).filter(
      ({ mailbox }) => mailbox === 'jurisdiction:433100',
    );
    expect(above.flatMap(({ items }) => items.map(({ itemId, kind }) => [itemId, kind]))).toEqual([
      [id, 'upward_sent'],
    ]);
  });

  it('asked for again goes through both offices again', async () => {
    const again = await ask(id);
    expect(again.body.upward).toMatchObject([{ status: 'sent' }, { number: 2, status: 'pending', reviews: [] }]);
    expect(refusal(await dispatch(id, 2))).toEqual([409, 'review_missing']);
    expect(refusal(await dispatch(id, 3))).toEqual([404, 'not_found']);
  });
});

describe('a report above the county that an office refuses', () => {
  it('does not go, whatever the other office says; mended, it is asked for anew', async () => {
    const id = await reported();
    await ask(id);
    await review('zhang-zuxun', id);
    const refused = await review(PARTY_OFFICE_HEAD, id, { approved: false, note: '伤亡数字待核' });
    expect(refused.body.upward).toMatchObject([
      { status: 'refused', reviews: [{ approved: true }, { office: { code: PARTY_OFFICE }, approved: false }] },
    ]);
    expect(refused.body.limits.find((limit) => limit.id === 'upward_review:1')?.status).toBe('met');
    expect(refusal(await dispatch(id))).toEqual([409, 'review_missing']);
    expect(refusal(await review('li-run', id, { approved: false }))).toEqual([409, 'already_decided']);
    await ask(id);
    for (const person of [PARTY_OFFICE_HEAD, 'zhang-zuxun']) await review(person, id, { approved: true }, 2);
    expect((await dispatch(id, 2)).body.upward).toMatchObject([{ status: 'refused' }, { status: 'sent' }]);
    const events = await all<{ type: string; data: { note?: string } }>(county.unit, `/v1/incidents/${id}/events`);
    expect(events.find(({ data }) => data.note === '伤亡数字待核')?.type).toBe('UpwardReviewed');
  });
});

describe('a report above the county that nobody reviews', () => {
  it('climbs after an hour, in the night, until both have', async () => {
    const asked = at(start, 10);
    await county.advance(asked);
    const id = await reported();
    await ask(id);
    await review(PARTY_OFFICE_HEAD, id);
    await county.advance(at(asked, 59, 59));
    expect(await raisedOf(county.partyOffice, id)).toEqual([]);
    await county.advance(at(asked, 80));
    expect(await raisedOf(county.partyOffice, id)).toMatchObject([
      { limitId: 'upward_review:1', step: 0, at: at(asked, 60), mailboxes: OFFICES, urgent: true },
      { limitId: 'upward_review:1', step: 1, at: at(asked, 80), mailboxes: [`post:${LEADER_POST}`] },
    ]);
    await review('zhang-zuxun', id);
    await county.advance(at(asked, 111));
    expect(await raisedOf(county.partyOffice, id)).toMatchObject([{ state: 'resolved' }, { state: 'resolved' }]);
  });
});

describe('a person of both offices', () => {
  it('says for which of them', async () => {
    const post = 'xianwei-ban.fu-zhuren';
    const imported = await county.admin().post('/v1/imports', {
      jurisdiction: '433122',
      posts: [{ code: post, unit: PARTY_OFFICE, title: '副主任' }],
      appointments: [{ post, person: 'li-run' }],
    });
    expect(imported.status).toBe(201);
    const id = await reported();
    await ask(id);
    const unnamed = await review('li-run', id);
    expect(refusal(unnamed)).toEqual([403, 'not_allowed']);
    expect(unnamed.body.errors).toMatchObject([{ pointer: '/office' }]);
    await review('li-run', id, { approved: true, office: '县委办' });
    const both = await review('li-run', id, { approved: true, office: '县政府办公室' });
    expect(both.status).toBe(422);
    expect((await review('li-run', id, { approved: true, office: '县人民政府办公室' })).body.upward).toMatchObject([
      { status: 'approved' },
    ]);
  });
});
