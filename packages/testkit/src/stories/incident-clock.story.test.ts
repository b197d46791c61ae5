import { clockAnswer } from '@duban/contracts/http/clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  at,
  FACTS,
  FIRE,
  type Incident,
  LEADER,
  LEADER_POST,
  OFFICES,
  raisedOf,
  readIncident,
  signal,
  TOP,
  told,
  UNIT,
  type Watch,
  watchFrom,
} from './incident-county.ts';

interface Clock {
  readonly limits: readonly {
    readonly id: string;
    readonly due: string;
    readonly rule: string;
    readonly source: { readonly documentNumber: string; readonly lines: readonly number[] | null };
    readonly counting: { readonly mode: string; readonly minutes: number; readonly from: string };
    readonly planned: readonly {
      readonly what: string;
      readonly at: string;
      readonly recipients: readonly { readonly mailbox: string; readonly person: string | null }[];
    }[];
  }[];
}

const start = '2024-02-09T23:30:00+08:00';
let county: Watch;
/** Each story begins where the one before has ended. */
let now = start;
const goOn = async (minutes: number, seconds = 0) => {
  now = at(now, minutes, seconds);
  await county.advance(now);
};
beforeAll(async () => {
  county = await watchFrom(start);
});
afterAll(() => county.close());
const call = async (number: string, differs: object = {}) =>
  (await county.feed.post<Incident>('/v1/signals', signal(number, differs))).body;
const clockOf = async (id: string) => {
  const { body } = await county.unit.get<Clock>(`/v1/incidents/${id}/clock`);
  clockAnswer.parse(body);
  return body.limits;
};
const climbed = async (id: string) =>
  (await raisedOf(county.partyOffice, id)).map(({ step, at: instant, mailboxes }) => ({
    step,
    at: instant,
    mailboxes,
  }));

describe('the clock of an incident on the eve of Spring Festival', () => {
  it('says what it counts, by which lines, and who will be told when', async () => {
    const { id } = await call('1', { occurredAt: '2024-02-09T15:10:00Z' });
    expect((await readIncident(county.unit, id)).occurredAt).toBe('2024-02-09T23:10:00+08:00');
    const happened = '2024-02-09T23:10:00+08:00';
    const [limit, ...others] = await clockOf(id);
    expect(others).toEqual([]);
    expect(limit).toMatchObject({
      ...{ id: 'first_report', due: at(happened, 40), running: true, provisional: false, pauses: [] },
      source: { documentNumber: '泸办通〔2023〕19号', lines: [824, 826] },
      counting: { mode: 'elapsed', minutes: 40, from: happened, until: at(happened, 40), skipped: [] },
      startedBy: { version: 1, type: 'IncidentOpened', at: start },
    });
    const mailboxes = ({ recipients }: Clock['limits'][number]['planned'][number]) =>
      recipients.map((to) => to.mailbox);
    expect(limit?.planned.map((change) => [change.what, change.at, mailboxes(change)])).toEqual([
      ['reminder', at(happened, 20), [`unit:${UNIT}`]],
      ['due', at(happened, 40), []],
      ['step', at(happened, 40), OFFICES],
      ['step', at(happened, 60), [`post:${LEADER_POST}`]],
      ['step', at(happened, 90), TOP],
    ]);
    expect(limit?.planned[3]?.recipients[0]?.person).toBe(LEADER);
  });
});

describe('a call that comes in when its forty minutes are over', () => {
  it('tells the offices at once and no two levels together', async () => {
    await goOn(300);
    const { id } = await call('2', { occurredAt: at(now, -120), receivedAt: at(now, -100) });
    const came = now;
    await goOn(19, 59);
    expect(await climbed(id)).toEqual([{ step: 0, at: came, mailboxes: OFFICES }]);
    await goOn(70, 1);
    expect(await climbed(id)).toEqual([
      { step: 0, at: came, mailboxes: OFFICES },
      { step: 1, at: at(came, 20), mailboxes: [`post:${LEADER_POST}`] },
      { step: 2, at: at(came, 50), mailboxes: TOP },
    ]);
    const incident = await readIncident(county.unit, id);
    expect(incident.limits).toMatchObject([{ due: at(came, -80), status: 'overdue' }]);
  });

  it('after an outage of three hours pages one level at a time', async () => {
    await goOn(10);
    const { id } = await call('3');
    const came = now;
    await goOn(0);
    // Nothing runs while the system is down.
    now = at(now, 180);
    county.system.clock.moveTo(Date.parse(now));
    await county.advance(at(now, 30));
    expect(await climbed(id)).toEqual([
      { step: 0, at: now, mailboxes: OFFICES },
      { step: 1, at: at(now, 5), mailboxes: [`post:${LEADER_POST}`] },
      { step: 2, at: at(now, 10), mailboxes: TOP },
    ]);
    expect((await told(county, id))[`unit:${UNIT}`]).toEqual([`${came} incident_signal`]);
    now = at(now, 30);
  });
});

describe('where nobody is in charge', () => {
  it('the first main leader hears in that leader’s place, and why', async () => {
    await goOn(10);
    const { id } = await call('4', { unit: 'canlian', title: '房屋起火' });
    await goOn(60);
    const [, second] = await raisedOf(county.partyOffice, id);
    expect(second).toMatchObject({ step: 1, mailboxes: ['post:xianwei.shuji'], detoured: true });
    const { body } = await county.partyOffice.get<{ recipients: readonly { path: readonly object[] }[] }>(
      `/v1/escalations/${second?.id}`,
    );
    expect(body.recipients[0]?.path).toEqual([
      { seat: 'leader_in_charge', code: null, found: 'unset' },
      { seat: 'main_leader', code: 'xianwei.shuji', found: 'holder' },
    ]);
  });

  it('or the post is vacant, likewise', async () => {
    await goOn(10);
    const imported = await county.admin().post('/v1/imports', {
      jurisdiction: '433122',
      appointments: [{ post: LEADER_POST, person: LEADER, to: at(now, 59) }],
    });
    expect(imported.status).toBe(201);
    const { id } = await call('5');
    await goOn(60);
    const [, second] = await raisedOf(county.partyOffice, id);
    expect(second).toMatchObject({ step: 1, mailboxes: ['post:xianwei.shuji'], detoured: true });
    expect((await county.as(LEADER).get(`/v1/incidents/${id}`)).status).toBe(404);
  });
});

describe('the catalogue of matters', () => {
  const kind = async () => {
    const { body } = await county.unit.get<{ items: readonly { code: string }[] }>('/v1/incident-kinds');
    return body.items.find(({ code }) => code === FIRE) as object;
  };
  const parallel = {
    ...{ code: 'guowuyuan-493-danwei', name: '事故单位上报', from: 'knownAt', minutes: 60, verified: true },
    source: { documentNumber: '国务院令第493号' },
  };
  let before: Incident;

  it('lists what must be reported, in four categories and each with its lines', async () => {
    const { body } = await county.unit.get<{
      items: readonly { category: string; source: { lines: number[] | null } }[];
    }>('/v1/incident-kinds');
    expect(body.items).toHaveLength(26);
    expect(new Set(body.items.map(({ category }) => category)).size).toBe(4);
    expect(body.items.every(({ source }) => source.lines !== null)).toBe(true);
  });

  it('changed, changes what is told of afterwards and nothing that runs', async () => {
    await goOn(10);
    before = await call('6', { occurredAt: now });
    const changed = { ...(await kind()), rule: { when: 'after_event', minutes: 30 }, parallel: [parallel] };
    const imported = await county.admin().post('/v1/imports', { jurisdiction: '433122', incidentKinds: [changed] });
    expect(imported.status).toBe(201);
    const during = await call('7', { occurredAt: now, knownAt: at(now, 0) });
    expect((await readIncident(county.unit, before.id)).limits).toMatchObject([{ due: at(now, 40) }]);
    expect((await readIncident(county.unit, during.id)).limits).toMatchObject([
      { id: 'first_report', due: at(now, 30) },
      { id: 'parallel:guowuyuan-493-danwei', kind: 'first_report', due: at(now, 60) },
    ]);
    const [own, order] = await clockOf(during.id);
    expect([own?.source, order?.source]).toMatchObject([
      { documentNumber: '泸办通〔2023〕19号' },
      { documentNumber: '国务院令第493号', lines: null },
    ]);
  });

  it('a national limit beside the county’s is missed beside it, on the county’s one ladder', async () => {
    const opened = await call('8', { occurredAt: now, knownAt: now });
    const came = now;
    await goOn(100);
    expect(await climbed(opened.id)).toEqual([
      { step: 0, at: at(came, 30), mailboxes: OFFICES },
      { step: 1, at: at(came, 50), mailboxes: ['post:xianwei.shuji'] },
      { step: 2, at: at(came, 80), mailboxes: TOP },
    ]);
    const { limits } = await readIncident(county.unit, opened.id);
    expect(limits.map(({ id, status, next }) => [id, status, next])).toEqual([
      ['first_report', 'overdue', null],
      ['parallel:guowuyuan-493-danwei', 'overdue', null],
    ]);
    const reported = await county.unit.post<Incident>(`/v1/incidents/${opened.id}/first-report`, {
      ...{ mode: 'written', facts: FACTS },
    });
    // Late by the county's own limit, which the order does not lengthen.
    expect(reported.body).toMatchObject({ lateBySeconds: 70 * 60, openEscalations: 0 });
    expect(reported.body.limits.slice(0, 2).map(({ status }) => status)).toEqual(['met', 'met']);
  });
});
