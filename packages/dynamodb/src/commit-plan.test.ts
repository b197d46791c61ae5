import { DEFAULT_TASK_POLICY } from '@duban/domain';
import { AT, added, sampleCommit, sampleRef } from '@duban/testkit/contracts/sample-aggregate';
import { describe, expect, it } from 'vitest';
import { itemBytes } from './attributes.ts';
import { type PlannedCommit, packTransactions, planCommit } from './commit-plan.ts';
import { parseStreamKey, streamKey, wakeShardOf } from './keys.ts';

const config = { tableName: 'ledger', wakeShards: 8, schema: () => 1 };

function planned(commit: Parameters<typeof planCommit>[0]): PlannedCommit {
  const plan = planCommit(commit, 0, config);
  if ('rejected' in plan) throw new Error(plan.rejected);
  return plan;
}

const rowsOf = (plan: PlannedCommit) => plan.actions.map((action) => action.Put?.Item ?? {});

/** A task of the 安全生产 list on the day it is missed, as the ledger holds it. */
function missedTask() {
  const limit = (id: string, dueAt: number) => ({
    ...{
      id,
      kind: id.split(':')[0],
      dueAt,
      startedAt: AT,
      status: 'running',
      reminders: [{ at: AT, workingDaysBefore: 1 }],
    },
    ...{ dueSoon: true, steps: [AT, AT + 1000, AT + 2000, AT + 3000], next: { step: 1, at: AT + 1000 }, hold: null },
  });
  const escalation = {
    ...{ id: 'escalation_01HZY3V9J2W4T6R8P0N1M3K5-1', limitId: 'due', step: 0, at: AT, dueAt: AT, action: 'escalate' },
    ...{ urgent: false, mailboxes: ['post:xian-yingji-ju-juzhang'], detoured: false, status: 'open' },
  };
  const state = {
    ...{ id: 'task_01HZY3V9J2W4T6R8P0N1M3K5', version: 4, wordingVersion: 1, status: 'assigned' },
    title: '开展自建房安全专项整治“百日行动”回头看，完成经营性自建房安全隐患整治',
    ...{ plan: 'luxi-2023-5-anquan', group: 'anquan-shengchan-zhuanban', documentNumber: '泸政办发〔2023〕5号' },
    ...{
      list: '安全生产翻身仗任务清单',
      seq: 7,
      leadUnits: ['xian-zhujian-ju'],
      leaders: ['fu-xianzhang-1'],
      ongoing: false,
    },
    responsibleUnits: ['xian-yingji-ju', 'xian-ziranziyuan-ju', 'xian-shichang-jianguan-ju', 'xian-nongye-nongcun-ju'],
    ...{ policy: DEFAULT_TASK_POLICY, assignedAt: AT, acceptedBy: ['xian-zhujian-ju'], percent: 40, listed: false },
    limits: ['milestone:Q1', 'milestone:Q2', 'milestone:Q3', 'due'].map((id, n) => limit(id, AT + n * 7_776_000_000)),
    ...{ escalations: [escalation], extensions: [], disputes: [] },
    counts: { progress: 2, completions: 0, listings: 0, instructions: 0 },
  };
  const missed = {
    type: 'LimitMissed',
    at: AT,
    limitId: 'due',
    dueAt: AT,
    steps: [AT, AT, AT, AT],
    next: { step: 0, at: AT },
  };
  const path = [
    { seat: 'office', code: 'anquan-shengchan-zhuanban', found: 'addressed' },
    { seat: 'director', code: 'xian-yingji-ju-juzhang', found: 'holder' },
  ];
  const recipient = { mailbox: 'post:xian-yingji-ju-juzhang', post: 'xian-yingji-ju-juzhang', unit: 'xian-yingji-ju' };
  const escalated = {
    ...{
      type: 'Escalated',
      at: AT,
      escalationId: escalation.id,
      limitId: 'due',
      step: 0,
      stepDueAt: AT,
      dueAt: AT,
    },
    ...{
      action: 'escalate',
      urgent: false,
      recipients: [{ ...recipient, person: 'zhang-san', path }],
      next: { step: 1, at: AT },
    },
  };
  return { state, events: [missed, escalated] };
}

describe('rows of a commit', () => {
  it('cost four write units for a typical escalation: two rows below one kB', () => {
    const { state, events } = missedTask();
    expect(Buffer.byteLength(JSON.stringify(state))).toBeGreaterThan(2500);
    const ref = { ...sampleRef(''), id: state.id };
    const commit = { ...sampleCommit(ref, null, [added(1)]), expectedVersion: 3, expectedHash: 'h'.repeat(43) };
    const rows = rowsOf(planned({ ...commit, events, state, nextWakeAt: AT }));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(itemBytes(row)).toBeLessThanOrEqual(1024);
  });

  it('stay readable as long as they fit into one kB', () => {
    const [commitRow, head] = rowsOf(planned(sampleCommit(sampleRef('x'), null, [added(1, 'n'.repeat(700))])));
    expect(commitRow?.events?.S).toContain('nnn');
    expect(head?.state?.S).toContain('nnn');
    const [longer] = rowsOf(planned(sampleCommit(sampleRef('x'), null, [added(1, 'n'.repeat(900))])));
    expect(longer?.events?.B?.byteLength).toBeLessThan(100);
  });

  it('bear an expiry in whole seconds only when there is one', () => {
    const claims = [
      { key: 'a', value: 1, expiresAt: 1_700_000_000_001 },
      { key: 'b', value: 2, expiresAt: null },
    ];
    const [, , first, second] = rowsOf(planned(sampleCommit(sampleRef('x'), null, [added(1)], { claims })));
    expect(first?.expiresAt).toEqual({ N: '1700000001' });
    expect(second).not.toHaveProperty('expiresAt');
  });

  it('depend on all of the commit, and on nothing else', () => {
    const base = sampleCommit(sampleRef('x'), null, [added(1)]);
    const hashes = [
      base,
      { ...base, ref: sampleRef('y') },
      { ...base, expectedVersion: 1 },
      { ...base, expectedHash: 'h'.repeat(43) },
      { ...base, events: [added(2)] },
      { ...base, meta: { ...base.meta, at: AT + 1 } },
      { ...base, meta: { ...base.meta, actor: 'another' } },
      { ...base, meta: { ...base.meta, correlationId: 'another' } },
    ].map((commit) => planned(commit).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(planned({ ...base, nextWakeAt: 5 }).hash).toBe(hashes[0]);
  });
});

describe('transactions', () => {
  const many = (count: number, more = {}) =>
    Array.from({ length: count }, (_, n) => planned(sampleCommit(sampleRef(`${n}`), null, [added(n)], more)));

  it('take fifty plain commits', () => {
    expect(packTransactions(many(120)).map((group) => group.length)).toEqual([50, 50, 20]);
    expect(packTransactions([])).toEqual([]);
  });

  it('take fewer when commits bring more rows, or the same', () => {
    const claim = (key: string) => ({ claims: [{ key, value: null, expiresAt: null }] });
    const distinct = Array.from({ length: 40 }, (_, n) =>
      planned(sampleCommit(sampleRef(`${n}`), null, [added(n)], claim(`c${n}`))),
    );
    expect(packTransactions(distinct).map((group) => group.length)).toEqual([33, 7]);
    expect(packTransactions(many(3, claim('same'))).map((group) => group.length)).toEqual([1, 1, 1]);
    const blobs = [{ name: 'b', data: new Uint8Array(300_000) }];
    expect(packTransactions(many(30, { blobs })).map((group) => group.length)).toEqual([12, 12, 6]);
  });
});

describe('keys', () => {
  it('lead back to their stream', () => {
    const ref = { jurisdiction: '433122', type: 'digest', id: 'digest_post:a#b' } as const;
    expect(parseStreamKey(streamKey(ref))).toEqual(ref);
    expect(parseStreamKey('433122#claim#notice/1')).toBeNull();
    expect(() => streamKey({ ...ref, jurisdiction: '433122#task' })).toThrow(RangeError);
  });

  it('spread wakes over the shards, the same way for ever', () => {
    expect(wakeShardOf('task_01HZY3V9J2W4T6R8P0N1M3K5', 8)).toBe('w#07');
    const counts = new Map<string, number>();
    for (let n = 0; n < 8000; n += 1) {
      const shard = wakeShardOf(`task_${n}`, 8);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    for (const count of counts.values()) expect(count).toBeGreaterThan(700);
  });
});
