import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, all } from './county.ts';
import {
  at,
  FIRE,
  FIRE_BRIGADE,
  GOVERNMENT_OFFICE_HEAD,
  type Incident,
  KNOWN,
  LEADER,
  MAYOR,
  OTHER_LEADER,
  PARTY_OFFICE_DEPUTY,
  PARTY_OFFICE_HEAD,
  PARTY_SUPERVISION,
  POLICE,
  type Problem,
  type Raised,
  raisedOf,
  readIncident,
  SECRETARY,
  STRANGER,
  SUPERVISION,
  signal,
  UNIT,
  UNIT_DEPUTY,
  UNIT_HEAD,
  type Watch,
  watchFrom,
  written,
} from './incident-county.ts';

const start = '2023-06-03T22:00:00+08:00';
const ABSENT = 'incident_nothing';

/** Everything that can be asked of an incident, and a body that is sound. */
const COMMANDS: Readonly<Record<string, object>> = {
  'first-report': written,
  'follow-ups': written,
  'final-report': { mode: 'written', facts: KNOWN },
  corrections: { report: 1, facts: { losses: '无' }, reason: '核实' },
  level: { level: 'large', reason: '火势扩大' },
  explanations: { text: '山区无信号' },
  'upward-requests': { to: '湘西州委办公室', text: '关于山火的报告' },
  'upward-requests/1/review': { approved: true },
  'upward-requests/1/dispatch': {},
};

let county: Watch;
let id: string;
/** Of 县残联, the stranger's own. */
let theirs: string;
beforeAll(async () => {
  county = await watchFrom(start);
  id = (await county.feed.post<Incident>('/v1/signals', signal('1'))).body.id;
  theirs = (await county.feed.post<Incident>('/v1/signals', signal('2', { unit: 'canlian', title: '房屋起火' }))).body
    .id;
  await county.advance(at(start, 41));
});
afterAll(() => county.close());

const wordsOf = async (asked: Promise<Answer<unknown>>) => {
  const { status, body } = await asked;
  return { ...(body as object), status, instance: '' };
};
/** The same words as for what does not exist. */
async function expectAbsent(ask: (of: string) => Promise<Answer<unknown>>): Promise<void> {
  const hidden = await wordsOf(ask(id));
  expect(hidden).toMatchObject({ status: 404, code: 'not_found' });
  expect(hidden).toEqual(await wordsOf(ask(ABSENT)));
}

describe('an incident is seen', () => {
  it.each([
    ['the head of its unit', UNIT_HEAD, ['lead_unit']],
    ['the unit’s deputy', UNIT_DEPUTY, ['lead_unit']],
    ['县委办', PARTY_OFFICE_HEAD, ['office', 'recipient']],
    ['县委办’s deputy', PARTY_OFFICE_DEPUTY, ['office', 'recipient']],
    ['县政府办', 'zhang-zuxun', ['office', 'recipient']],
    ['the administrator', GOVERNMENT_OFFICE_HEAD, ['admin', 'office', 'recipient']],
    ['the leader in charge', LEADER, ['leader']],
    ['the secretary', SECRETARY, ['leader']],
    ['the mayor', MAYOR, ['leader']],
    ['县委督查室', PARTY_SUPERVISION, ['supervision']],
    ['县政府督查室', SUPERVISION, ['supervision']],
  ])('by %s', async (_who, person, roles) => {
    const client = county.as(person);
    expect((await readIncident(client, id)).roles).toEqual(roles);
    for (const path of ['events', 'clock']) {
      expect((await client.get(`/v1/incidents/${id}/${path}`)).status).toBe(200);
    }
    const listed = (await all<Incident>(client, '/v1/incidents')).map((each) => each.id);
    expect(listed.filter((each) => each === id)).toHaveLength(1);
    expect(await raisedOf(client, id)).toMatchObject([{ step: 0 }]);
  });

  it.each([
    ['another unit', STRANGER],
    ['a vice mayor who is in charge of something else', OTHER_LEADER],
    ['the brigade whose feed told of it', FIRE_BRIGADE],
    ['somebody who holds no post', 'nobody-at-all'],
  ])('not by %s, in the same words as what does not exist', async (_who, person) => {
    const client = county.as(person);
    for (const path of ['', '/events', '/clock']) {
      await expectAbsent((of) => client.get(`/v1/incidents/${of}${path}`));
    }
    for (const [what, body] of Object.entries(COMMANDS)) {
      await expectAbsent((of) => client.post(`/v1/incidents/${of}/${what}`, body));
      await expectAbsent((of) => client.post(`/v1/incidents/${of}/${what}`, body, { 'if-match': '"99"' }));
    }
    const [raised] = await raisedOf(county.partyOffice, id);
    for (const escalation of [raised?.id, `escalation_${ABSENT}-1`]) {
      expect((await client.get(`/v1/escalations/${escalation}`)).status).toBe(404);
      expect((await client.post(`/v1/escalations/${escalation}/acknowledgement`, {})).status).toBe(404);
      expect((await client.post(`/v1/escalations/${escalation}/resolution`, { outcome: '已处理' })).status).toBe(404);
    }
    expect((await client.get(`/v1/inbox?unit=${UNIT}`)).status).toBe(404);
    expect((await client.get(`/v1/audit/verification?aggregate=${id}`)).status).toBe(404);
    expect((await readIncident(county.unit, id)).version).toBe((await readIncident(county.admin(), id)).version);
  });

  it('by nobody without a token', async () => {
    for (const path of [`/v1/incidents/${id}`, '/v1/incidents', `/v1/calendars/${UNIT}.ics`]) {
      expect((await county.system.app.request(path)).status).toBe(401);
    }
  });
});

describe('lists', () => {
  const listed = async (person: string, query = '') =>
    (await all<Incident>(county.as(person), `/v1/incidents${query}`)).map((incident) => incident.id);

  it('show everybody their own incidents and no other', async () => {
    expect(await listed(STRANGER)).toEqual([theirs]);
    expect(await listed(STRANGER, `?unit=${UNIT}`)).toEqual([]);
    expect(await listed(UNIT_HEAD)).toEqual([id]);
    expect(await listed(UNIT_HEAD, '?unit=canlian')).toEqual([]);
    expect(await listed(LEADER)).toEqual([id]);
    expect(await listed(OTHER_LEADER)).toEqual([]);
    expect(await listed(FIRE_BRIGADE)).toEqual([]);
    for (const person of [PARTY_OFFICE_HEAD, SECRETARY, MAYOR, PARTY_SUPERVISION, SUPERVISION]) {
      expect((await listed(person)).sort(), person).toEqual([id, theirs].sort());
    }
  });

  it('page, and filter by unit, status, light and kind', async () => {
    const one = await county.partyOffice.get<{ items: Incident[]; next: string | null }>('/v1/incidents?limit=1');
    expect(one.body.items).toHaveLength(1);
    const rest = await county.partyOffice.get<{ items: Incident[]; next: string | null }>(one.body.next ?? '');
    expect([...one.body.items, ...rest.body.items].map((each) => each.id).sort()).toEqual([id, theirs].sort());
    expect(rest.body.next).toBeNull();
    expect(await listed(PARTY_OFFICE_HEAD, '?unit=县林业局')).toEqual([id]);
    expect(await listed(PARTY_OFFICE_HEAD, '?light=red&status=awaiting_report')).toHaveLength(2);
    expect(await listed(PARTY_OFFICE_HEAD, '?light=blue')).toEqual([]);
    expect(await listed(PARTY_OFFICE_HEAD, `?kind=${FIRE}&unit=${UNIT}`)).toEqual([id]);
    expect(await listed(PARTY_OFFICE_HEAD, '?kind=ziran-zaihai')).toEqual([]);
    expect((await county.partyOffice.get('/v1/incidents?unit=县不存在局')).status).toBe(404);
  });

  it('of escalations tell nobody of what is not theirs, whatever they ask for', async () => {
    const itemsOf = async (person: string, query: string) =>
      [
        ...new Set((await all<Raised>(county.as(person), `/v1/escalations${query}`)).map(({ itemId }) => itemId)),
      ].sort();
    const both = [id, theirs].sort();
    for (const query of ['', '?state=open', '?limit=1']) {
      expect(await itemsOf(STRANGER, query), query).toEqual([theirs]);
      expect(await itemsOf(UNIT_HEAD, query), query).toEqual([id]);
      expect(await itemsOf(LEADER, query), query).toEqual([id]);
      expect(await itemsOf(OTHER_LEADER, query), query).toEqual([]);
      expect(await itemsOf(FIRE_BRIGADE, query), query).toEqual([]);
      expect(await itemsOf(PARTY_OFFICE_DEPUTY, query), query).toEqual(both);
      expect(await itemsOf(PARTY_SUPERVISION, query), query).toEqual(both);
    }
    expect(await itemsOf(STRANGER, `?unit=${UNIT}`)).toEqual([]);
    expect(await itemsOf(OTHER_LEADER, `?unit=${UNIT}`)).toEqual([]);
    expect(await itemsOf(PARTY_OFFICE_HEAD, `?unit=${UNIT}`)).toEqual([id]);
  });
});

describe('who may give which command', () => {
  const signalling = async (person: string, number: string) =>
    (await county.as(person).post<Problem>('/v1/signals', signal(number))).status;

  it('signals come from the feeds’ units, the offices and supervision', async () => {
    const allowed = [FIRE_BRIGADE, POLICE, 'zhang-zuxun', PARTY_OFFICE_HEAD, SUPERVISION];
    for (const [nth, person] of allowed.entries()) expect(await signalling(person, `9-${nth}`), person).toBe(201);
    const refused = [UNIT_HEAD, STRANGER, LEADER, SECRETARY, PARTY_SUPERVISION, 'nobody-at-all'];
    // A call that is known already tells a stranger nothing either.
    for (const number of ['10', '1']) {
      for (const person of refused) {
        const answer = await county.as(person).post<Problem>('/v1/signals', signal(number));
        expect([answer.status, answer.body.code], person).toEqual([403, 'forbidden']);
        expect(JSON.stringify(answer.body)).not.toContain('incident_');
      }
    }
  });

  it('a report is made by its unit, or written down for it by the offices', async () => {
    const opened = { kind: FIRE, unit: UNIT, title: '火情', occurredAt: start, ...written };
    const asked = async (person: string, differs: object = {}) => {
      const answer = await county.as(person).post<Incident & Problem>('/v1/incidents', { ...opened, ...differs });
      return [answer.status, answer.body.code ?? answer.body.lateBySeconds];
    };
    for (const person of [STRANGER, LEADER, SECRETARY, SUPERVISION, FIRE_BRIGADE]) {
      expect(await asked(person), person).toEqual([403, 'forbidden']);
    }
    expect(await asked(UNIT_DEPUTY)).toEqual([201, 60]);
    const call = { mode: 'phone', receivedAt: at(start, 39, 59) };
    expect(await asked(PARTY_OFFICE_DEPUTY, call)).toEqual([201, 0]);
    expect(await asked(UNIT_DEPUTY, call)).toEqual([403, 'not_allowed']);
    expect(await asked(PARTY_OFFICE_HEAD, { ...call, unit: 'xianwei-ban' })).toEqual([403, 'not_allowed']);
  });

  it('leaders and supervision read and answer what reached them, and report nothing', async () => {
    const denied = async (person: string, what: string) => {
      const answer = await county.as(person).post<Problem>(`/v1/incidents/${id}/${what}`, COMMANDS[what] ?? {});
      return [answer.status, answer.body.code];
    };
    const reports = ['first-report', 'follow-ups', 'final-report', 'corrections', 'explanations', 'upward-requests'];
    for (const person of [LEADER, SECRETARY, SUPERVISION, PARTY_SUPERVISION]) {
      for (const what of reports) expect(await denied(person, what), `${person} ${what}`).toEqual([403, 'forbidden']);
    }
    for (const person of [SUPERVISION, PARTY_SUPERVISION])
      expect(await denied(person, 'level')).toEqual([403, 'forbidden']);
    expect(await denied(LEADER, 'level')).toEqual([200, undefined]);
    const [raised] = await raisedOf(county.partyOffice, id);
    const own = await county.unit.post<Problem>(`/v1/escalations/${raised?.id}/acknowledgement`, {});
    expect([own.status, own.body.code]).toEqual([403, 'own_escalation']);
    expect((await county.as(SECRETARY).post(`/v1/escalations/${raised?.id}/acknowledgement`, {})).status).toBe(200);
    const done = await county.partyOffice.post<Incident>(`/v1/escalations/${raised?.id}/resolution`, {
      outcome: '已电话核实',
    });
    expect(done.body.escalations).toMatchObject([{ state: 'resolved' }]);
  });

  it('a change of posts changes all of this at once', async () => {
    const imported = await county.admin().post('/v1/imports', {
      jurisdiction: '433122',
      units: [{ code: UNIT, name: '县林业局', kind: 'bureau', leaderInCharge: 'xian-renmin-zhengfu.fu-xianzhang-4' }],
    });
    expect(imported.status).toBe(201);
    expect((await county.as(LEADER).get(`/v1/incidents/${id}`)).status).toBe(404);
    expect((await readIncident(county.as(OTHER_LEADER), id)).roles).toEqual(['leader']);
  });
});
