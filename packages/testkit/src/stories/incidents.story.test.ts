import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  FIRE,
  GOVERNMENT_OFFICE,
  type Incident,
  LEADER_POST,
  MAILBOXES,
  mailOf,
  OFFICES,
  PARTY_OFFICE,
  raisedOf,
  readIncident,
  signal,
  TOP,
  told,
  UNIT,
  type Watch,
  watchFrom,
} from './incident-county.ts';

describe.each([
  ['at ten to midnight on New Year’s Eve', '2023-12-31T23:50:00+08:00'],
  ['late on a Saturday', '2023-12-02T23:20:00+08:00'],
])('a call to 119 %s', (_when, start) => {
  let county: Watch;
  let [id, second] = ['', ''];
  beforeAll(async () => {
    county = await watchFrom(start);
  });
  afterAll(() => county.close());
  const later = (minutes: number, seconds = 0) => at(start, minutes, seconds);
  const heard = { [`unit:${UNIT}`]: [`${start} incident_signal`] };

  it('concerns people whose posts the gazette prints', async () => {
    for (const [mailbox, person] of Object.entries(MAILBOXES)) {
      const [kind, code = ''] = mailbox.split(':');
      const unit = kind === 'unit' ? code : code.slice(0, code.indexOf('.'));
      const posts = await all<{ code: string; holder: { code: string } | null }>(county.unit, `/v1/posts?unit=${unit}`);
      const seats = posts.filter((post) => kind === 'unit' || post.code === code);
      expect(seats.map(({ holder }) => holder?.code)).toContain(person);
    }
  });

  it('opens an incident that waits for its first report for forty minutes', async () => {
    const sent = signal('2023-1', { occurredAt: start, text: '村支书来电称后山起火' });
    const { status, body, headers } = await county.feed.post<Incident>('/v1/signals', sent);
    ({ id } = body);
    // The feed may not read what it signals, so it is not sent there.
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, null, '"1"']);
    expect(await readIncident(county.unit, id)).toMatchObject({
      ...{ status: 'awaiting_report', light: 'green', title: '白羊溪乡山火', text: '村支书来电称后山起火' },
      ...{ signal: { source: '119', number: '2023-1' }, kind: { code: FIRE, name: '消防安全事故' } },
      ...{ unit: { code: UNIT, name: '县林业局' }, occurredAt: start, knownAt: null, receivedAt: start, reports: [] },
      rule: { when: 'after_event', amount: 40, source: { documentNumber: '泸办通〔2023〕19号', lines: [824, 826] } },
      limits: [{ id: 'first_report', kind: 'first_report', due: later(40), status: 'running', next: null }],
      ...{ due: later(40), lateBySeconds: null, openEscalations: 0, escalations: [], roles: ['lead_unit'] },
    });
  });

  it('tells the unit and both offices at that instant, each incident by itself', async () => {
    const other = await county.feed.post<Incident>('/v1/signals', signal('2023-2', { title: '解放岩乡山火' }));
    second = other.body.id;
    await county.advance(start);
    for (const mailbox of [`unit:${UNIT}`, ...OFFICES]) {
      const mail = await mailOf(county, mailbox);
      for (const { releaseAt, urgent, count, kinds } of mail) {
        expect({ releaseAt, urgent, count, kinds }).toEqual({
          ...{ releaseAt: start, urgent: true, count: 1, kinds: { incident_signal: 1 } },
        });
      }
      expect(mail.map(({ items: [item] }) => item?.itemId).sort()).toEqual([id, second].sort());
    }
    expect(await told(county, id)).toEqual({
      ...heard,
      [`unit:${PARTY_OFFICE}`]: [`${start} incident_signal`],
      [`unit:${GOVERNMENT_OFFICE}`]: [`${start} incident_signal`],
    });
  });

  it('reminds the unit at 20 minutes and not before', async () => {
    await county.advance(later(19, 59));
    const before = await told(county, id);
    expect(before[`unit:${UNIT}`]).toEqual(heard[`unit:${UNIT}`]);
    await county.advance(later(20));
    expect(await told(county, id)).toEqual({
      ...before,
      [`unit:${UNIT}`]: [`${start} incident_signal`, `${later(20)} reminder`],
    });
    expect(await readIncident(county.unit, id)).toMatchObject({ light: 'yellow', escalations: [] });
  });

  it.each([
    [40, 0, OFFICES],
    [60, 1, [`post:${LEADER_POST}`]],
    [90, 2, TOP],
  ])('climbs at %i minutes and not a second before', async (minutes, step, mailboxes) => {
    await county.advance(later(minutes - 1, 59));
    const before = await told(county, id);
    expect(await raisedOf(county.partyOffice, id)).toHaveLength(step);
    await county.advance(later(minutes));
    const raised = await raisedOf(county.partyOffice, id);
    expect(raised).toHaveLength(step + 1);
    expect(raised[step]).toMatchObject({
      ...{ step, at: later(minutes), due: later(40), itemTitle: '白羊溪乡山火', limitId: 'first_report' },
      ...{ action: 'escalate', urgent: true, mailboxes, state: 'open', group: null, detoured: false },
    });
    const incident = await readIncident(county.partyOffice, id);
    expect(incident.escalations).toEqual(
      raised.map(({ itemId: _item, itemTitle: _title, ...escalation }) =>
        Object.fromEntries(Object.entries(escalation).filter(([name]) => name !== 'group')),
      ),
    );
    expect(incident).toMatchObject({ light: 'red', openEscalations: step + 1 });
    const news = mailboxes.map((mailbox) => [mailbox, [...(before[mailbox] ?? []), `${later(minutes)} escalation`]]);
    expect(await told(county, id)).toEqual({ ...before, ...Object.fromEntries(news) });
  });

  it('has told the holder of each post, who finds why they were told', async () => {
    const raised = await raisedOf(county.governmentOffice, id);
    const recipients = await Promise.all(
      raised.map(async (escalation) => {
        const { body } = await county.as(MAILBOXES[escalation.mailboxes[0] ?? ''] ?? '').get<{
          recipients: readonly { mailbox: string; person: string | null; path: readonly { seat: string }[] }[];
        }>(`/v1/escalations/${escalation.id}`);
        return body.recipients.map(({ mailbox, person, path }) => [mailbox, person, path.map(({ seat }) => seat)]);
      }),
    );
    expect(recipients).toEqual([
      [
        [`unit:${PARTY_OFFICE}`, 'huang-pengcheng', ['unit']],
        [`unit:${GOVERNMENT_OFFICE}`, 'yin-youfang', ['unit']],
      ],
      [[`post:${LEADER_POST}`, 'yang-junyong', ['leader_in_charge']]],
      [
        ['post:xianwei.shuji', 'peng-wuxue', ['main_leader']],
        ['post:xian-renmin-zhengfu.xianzhang', 'rao-biyu', ['main_leader']],
        ['unit:xianwei-duchashi', 'yang-yuantao-2', ['unit']],
        ['unit:xian-zhengfu-duchashi', 'xu-jianhua', ['unit']],
      ],
    ]);
  });

  it('goes no higher, and waits', async () => {
    const before = await told(county, id);
    await county.advance(later(24 * 60));
    expect(await raisedOf(county.partyOffice, id)).toHaveLength(3);
    expect(await told(county, id)).toEqual(before);
    expect(await readIncident(county.unit, id)).toMatchObject({ status: 'awaiting_report', light: 'red' });
  });

  it('reported at last, is settled', async () => {
    const { status, body } = await county.unit.post<Incident>(`/v1/incidents/${id}/first-report`, {
      ...{ mode: 'written', facts: FACTS },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'reported', lateBySeconds: (24 * 60 - 40) * 60, openEscalations: 0 });
    await county.advance(later(24 * 60));
    expect((await raisedOf(county.partyOffice, id)).map(({ state }) => state)).toEqual(Array(3).fill('resolved'));
  });
});
