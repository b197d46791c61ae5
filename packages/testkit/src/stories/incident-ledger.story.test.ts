import { type Dependencies, itemRef, type RecordedEvent, react, rebuildViews } from '@duban/application';
import type { NoticesJoined } from '@duban/domain';
import { handleWakeMessages } from '@duban/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from './county.ts';
import {
  at,
  FACTS,
  type Incident,
  KNOWN,
  MEETING,
  readIncident,
  SUPERVISION,
  signal,
  UNIT,
  type Watch,
  watchFrom,
} from './incident-county.ts';

const start = '2023-06-22T23:00:00+08:00';
let county: Watch;
beforeAll(async () => {
  county = await watchFrom(start);
});
afterAll(() => county.close());

/** Every notice of an incident that has joined a digest: `<mailbox> <notice>`. */
async function notices(id: string): Promise<readonly string[]> {
  const { store } = county.system.deps;
  const told: string[] = [];
  for await (const { ref } of store.scanHeads('433122')) {
    if (ref.type !== 'digest') continue;
    for (const { event } of await store.read(ref)) {
      if (event.type !== 'NoticesJoined') continue;
      const { mailbox, notices: joined } = event as unknown as NoticesJoined;
      told.push(...joined.filter(({ itemId }) => itemId === id).map((notice) => `${mailbox} ${notice.id}`));
    }
  }
  return told.sort();
}

/** The dependencies of a process that dies with its n-th commit. */
function dyingAfter(commits: number): Dependencies {
  let left = commits;
  const { deps } = county.system;
  const commit: Dependencies['store']['commit'] = async (batch) => {
    if (left === 0) throw new Error('the process died');
    left -= 1;
    return deps.store.commit(batch);
  };
  return { ...deps, store: { ...deps.store, commit } };
}

describe('what is delivered twice', () => {
  let id: string;
  let happened: readonly RecordedEvent[];
  const now = at(start, 200);
  beforeAll(async () => {
    await county.advance(now);
    id = (await county.feed.post<Incident>('/v1/signals', signal('2', { title: '油库火情' }))).body.id;
    await county.advance(at(now, 91));
    await county.unit.post(`/v1/incidents/${id}/first-report`, { mode: 'phone', facts: FACTS });
    await county.advance(at(now, 100));
    happened = await county.system.deps.store.read(itemRef('433122', 'incident', id));
  });

  it('to whoever tells people, tells nobody twice', async () => {
    const before = await notices(id);
    // 3 of the signal, 1 reminder, 2 + 1 + 4 of the ladder; of the report 2 files, 3 leaders and the unit's explanation.
    expect(before).toHaveLength(17);
    expect(new Set(before).size).toBe(17);
    for (let round = 0; round < 2; round += 1) {
      expect(await react(county.system.deps, happened)).toEqual({ joined: 0 });
    }
    expect(await react(county.system.deps, [...happened].reverse())).toEqual({ joined: 0 });
    await county.system.settle();
    expect(await notices(id)).toEqual(before);
  });

  it('by a wake of the queue, climbs no second time', async () => {
    const before = await readIncident(county.unit, id);
    const due = Date.parse(at(now, 40));
    const wake = { jurisdiction: '433122', type: 'incident', id, at: due };
    const body = JSON.stringify({ v: 1, at: due, wakes: [wake, wake] });
    const records = [
      ...[1, 2].map((nth) => ({ messageId: `again-${nth}`, body })),
      { messageId: 'poison', body: '{"v":1,"wakes":[{"type":"incident"}]}' },
    ];
    const { batchItemFailures } = await handleWakeMessages(county.system.deps, records);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'poison' }]);
    expect(await readIncident(county.unit, id)).toEqual(before);
  });

  it('woken twice at once at the very instant, is escalated once', async () => {
    const { body } = await county.feed.post<Incident>('/v1/signals', signal('3', { title: '林区火情' }));
    const due = Date.parse(at(now, 140));
    await county.advance(at(now, 139, 59));
    county.system.clock.moveTo(due);
    const message = JSON.stringify({
      v: 1,
      at: due,
      wakes: [{ jurisdiction: '433122', type: 'incident', id: body.id, at: due }],
    });
    await Promise.all(
      ['a', 'b', 'c'].map((messageId) => handleWakeMessages(county.system.deps, [{ messageId, body: message }])),
    );
    expect((await readIncident(county.unit, body.id)).escalations).toMatchObject([{ step: 0, at: at(now, 140) }]);
    await county.advance(at(now, 140));
    expect((await notices(body.id)).filter((line) => line.startsWith('unit:xianwei-ban'))).toHaveLength(2);
  });

  it.each([0, 1, 3])(
    'after the teller died with its commit %i, leaves nobody out and tells nobody twice',
    async (commits) => {
      // The same events once more, as others: the followers of the test system have told of the real ones already.
      const others = happened.map((recorded) => ({ ...recorded, version: recorded.version + 1_000 * (commits + 1) }));
      const before = await notices(id);
      await expect(react(dyingAfter(commits), others)).rejects.toThrow('died');
      const half = (await notices(id)).length - before.length;
      expect(half).toBeGreaterThanOrEqual(commits);
      expect(half).toBeLessThan(17);
      const { joined } = await react(county.system.deps, others);
      expect(half + joined).toBe(17);
      expect(await react(county.system.deps, others)).toEqual({ joined: 0 });
      const added = (await notices(id)).filter((line) => !before.includes(line));
      expect(new Set(added).size).toBe(17);
    },
  );
});

/** An incident to which everything has happened that can. */
async function wholeLife(): Promise<void> {
  const { body } = await county.feed.post<Incident>('/v1/signals', signal('4', { title: '加油站火情' }));
  const sent = [
    ['first-report', { mode: 'oral', facts: FACTS }],
    ['corrections', { report: 1, facts: { losses: '一亩' }, occurredAt: start, reason: '核实' }],
    ['level', { level: 'extraordinary', reason: '扩大' }],
    ['follow-ups', { mode: 'written', facts: FACTS }],
    ['explanations', { text: '山区无信号' }],
    ['upward-requests', { to: '湘西州委办公室', text: '报告' }],
    ['final-report', { mode: 'written', facts: KNOWN }],
    ['upward-requests/1/review', { approved: true }],
  ] as const;
  for (const [what, command] of sent) {
    const client = what.endsWith('review') ? county.partyOffice : county.unit;
    const { status } = await client.post(`/v1/incidents/${body.id}/${what}`, command);
    if (status !== 200) throw new Error(`${what} answered ${status}`);
  }
  await county.governmentOffice.post(`/v1/incidents/${body.id}/upward-requests/1/review`, { approved: true });
  const sending = await county.unit.post<Incident>(`/v1/incidents/${body.id}/upward-requests/1/dispatch`, {});
  if (sending.status !== 200) throw new Error(`It was not sent: ${sending.status}`);
}

describe('the ledger of incidents', () => {
  it('is a chain that whoever supervises can verify, and nobody else', async () => {
    await wholeLife();
    await county.unit.post('/v1/incidents', {
      ...{ kind: MEETING, unit: UNIT, title: '会议', startsAt: '2023-07-20', mode: 'written' },
      facts: { time: '上午', place: '县政府', course: '会议', signer: '杨宏玉', contact: '值班室' },
    });
    await county.advance(at(start, 1_000));
    const incidents = await all<Incident>(county.partyOffice, '/v1/incidents?limit=200');
    expect(incidents.map(({ status }) => status).sort()).toEqual(['awaiting_report', 'closed', 'closed', 'reported']);
    for (const { id, version } of incidents) {
      const path = `/v1/audit/verification?aggregate=${id}`;
      const chain = await county.as(SUPERVISION).get<{ ok: boolean; versions: number }>(path);
      expect(chain.body, id).toEqual({ ok: true, versions: version });
      const events = await all<{ version: number; commitHash: string }>(
        county.partyOffice,
        `/v1/incidents/${id}/events`,
      );
      expect(events.map((event) => event.version)).toEqual(Array.from({ length: version }, (_, nth) => nth + 1));
      expect((await county.unit.get(path)).status).toBe(404);
    }
    for await (const head of county.system.deps.store.scanHeads(null)) {
      expect(await county.system.deps.store.verify(head.ref), head.ref.id).toMatchObject({ ok: true });
    }
  });

  it('gives the same views when they are built anew', async () => {
    const { deps } = county.system;
    const followed = await county.system.dumpViews();
    const { projected } = await rebuildViews(deps);
    expect(projected).toBeGreaterThan(20);
    expect(await county.system.dumpViews()).toEqual(followed);
    const listed = await all<Incident>(county.partyOffice, '/v1/incidents');
    for (const row of listed) {
      const incident = await readIncident(county.partyOffice, row.id);
      expect(incident, row.id).toMatchObject(row);
    }
    expect(await all(county.partyOffice, '/v1/escalations')).not.toEqual([]);
  });
});
