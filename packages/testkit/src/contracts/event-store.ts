import type { DueWake, EventStore, StreamRef, WakeIndex } from '@duban/application';
import { refKey } from '@duban/application';
import { beforeAll, describe, expect, it } from 'vitest';
import { AT, added, appendInTurn, sampleCommit, sampleRef } from './sample-aggregate.ts';

/** A store over `sampleCodecs` with its wake index, empty. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  readonly wakes: WakeIndex;
}

/** What every event store promises, whatever it stands on. */
export function eventStoreContract(make: () => Promise<EventStoreUnderTest>): void {
  let store: EventStore;
  let wakes: WakeIndex;
  beforeAll(async () => {
    ({ store, wakes } = await make());
  });

  describe('append and load', () => {
    it('answers the head it was given', async () => {
      const ref = sampleRef('append');
      const wake = AT + 60_000;
      const [outcome] = await store.commit([
        sampleCommit(ref, null, [added(1), added(2, '县应急管理局')], { nextWakeAt: wake }),
      ]);
      expect(outcome).toMatchObject({ status: 'committed', version: 2 });
      const hash = outcome?.status === 'committed' ? outcome.hash : '';
      const head = { ref, version: 2, hash, state: { total: 3, note: '县应急管理局' }, nextWakeAt: wake };
      expect(await store.load(ref)).toEqual(head);
      expect(await store.load(sampleRef('absent'))).toBeNull();
    });

    it('keeps a long state as it was', async () => {
      const ref = sampleRef('long');
      const note = '关于安全生产翻身仗的通知'.repeat(800);
      await store.commit([sampleCommit(ref, null, [added(1, note)])]);
      expect((await store.load(ref))?.state).toEqual({ total: 1, note });
      expect((await store.read(ref))[0]?.event).toEqual(added(1, note));
    });

    it('loads 250 heads at once and leaves absent ones out', async () => {
      const refs = Array.from({ length: 250 }, (_, n) => sampleRef(`many-${n}`));
      await store.commit(refs.map((ref, n) => sampleCommit(ref, null, [added(n)])));
      const heads = await store.loadMany([...refs, sampleRef('absent'), sampleRef('many-0')]);
      expect(heads.size).toBe(250);
      expect(refs.map((ref) => heads.get(refKey(ref))?.state)).toEqual(refs.map((_, n) => ({ total: n, note: '' })));
    });

    it('reads events by version', async () => {
      const ref = sampleRef('range');
      await store.commit([sampleCommit(ref, null, [added(1), added(2), added(3)])]);
      await store.commit([sampleCommit(ref, await store.load(ref), [added(4), added(5)])]);
      const versions = async (range?: { from?: number; to?: number; limit?: number }) =>
        (await store.read(ref, range)).map((event) => event.version);
      expect(await versions()).toEqual([1, 2, 3, 4, 5]);
      expect(await versions({ from: 2 })).toEqual([2, 3, 4, 5]);
      expect(await versions({ from: 5 })).toEqual([5]);
      expect(await versions({ from: 6 })).toEqual([]);
      expect(await versions({ from: 2, to: 4 })).toEqual([2, 3, 4]);
      expect(await versions({ from: 2, limit: 2 })).toEqual([2, 3]);
      const [first, , , fourth] = await store.read(ref);
      expect(first?.previousHash).toBeNull();
      expect(fourth?.previousHash).toBe(first?.commitHash);
      expect(fourth?.meta).toEqual({ at: AT, actor: 'system:wake', correlationId: 'correlation-1' });
    });

    it('keeps jurisdictions apart', async () => {
      const ours = sampleRef('shared');
      const theirs = sampleRef('shared', '433123');
      await store.commit([sampleCommit(ours, null, [added(1)]), sampleCommit(theirs, null, [added(2)])]);
      expect((await store.load(ours))?.state).toEqual({ total: 1, note: '' });
      expect((await store.load(theirs))?.state).toEqual({ total: 2, note: '' });
      const found: string[] = [];
      for await (const head of store.scanHeads('433123')) found.push(refKey(head.ref));
      expect(found).toEqual([refKey(theirs)]);
      const streams: string[] = [];
      for await (const ref of store.scanStreams('433123')) streams.push(refKey(ref));
      expect(streams).toEqual([refKey(theirs)]);
    });

    it('keeps blobs beside their commit', async () => {
      const ref = sampleRef('blob');
      const data = Uint8Array.from({ length: 200_000 }, (_, n) => n % 251);
      await store.commit([sampleCommit(ref, null, [added(1)], { blobs: [{ name: 'bundle', data }] })]);
      expect(Buffer.from((await store.readBlob(ref, 'bundle')) ?? []).equals(data)).toBe(true);
      expect(await store.readBlob(ref, 'absent')).toBeNull();
    });
  });

  describe('optimistic locking', () => {
    it('lets one of two rivals win', async () => {
      const ref = sampleRef('rivals');
      const head = await appendInTurn(store, ref, [1]);
      const rivals = Array.from({ length: 8 }, (_, n) =>
        store.commit([
          sampleCommit(ref, head, [added(10 + n)], {
            meta: { at: AT, actor: 'person', correlationId: `rival-${n}` },
          }),
        ]),
      );
      const statuses = (await Promise.all(rivals)).map(([outcome]) => outcome?.status);
      expect(statuses.filter((status) => status === 'committed')).toHaveLength(1);
      expect(statuses.filter((status) => status === 'conflict')).toHaveLength(7);
      expect((await store.load(ref))?.version).toBe(2);
    });

    it('refuses a stale head and a stream that exists', async () => {
      const ref = sampleRef('stale');
      const stale = await appendInTurn(store, ref, [1]);
      await appendInTurn(store, ref, [2]);
      expect(await store.commit([sampleCommit(ref, stale, [added(3)])])).toEqual([{ status: 'conflict' }]);
      expect(await store.commit([sampleCommit(ref, null, [added(3)])])).toEqual([{ status: 'conflict' }]);
    });

    it('refuses a second commit for one stream in one call', async () => {
      const ref = sampleRef('twice');
      await expect(
        store.commit([sampleCommit(ref, null, [added(1)]), sampleCommit(ref, null, [added(2)])]),
      ).rejects.toThrow(RangeError);
    });
  });

  describe('claims', () => {
    const claim = (key: string) => ({ claims: [{ key, value: { task: 'task_1' }, expiresAt: null }] });

    it('gives a claim to one of many, and its value to all', async () => {
      const posts = Array.from({ length: 20 }, (_, n) =>
        store.commit([sampleCommit(sampleRef(`claim-${n}`), null, [added(1)], claim('idempotency/p/1'))]),
      );
      const statuses = (await Promise.all(posts)).map(([outcome]) => outcome?.status);
      expect(statuses.filter((status) => status === 'committed')).toHaveLength(1);
      expect(statuses.filter((status) => status === 'claimed')).toHaveLength(19);
      expect(await store.claim('433122', 'idempotency/p/1')).toEqual({ task: 'task_1' });
      expect(await store.claim('433123', 'idempotency/p/1')).toBeNull();
    });

    it('gives it to one of many in the same call', async () => {
      const outcomes = await store.commit(
        [1, 2, 3].map((n) => sampleCommit(sampleRef(`call-${n}`), null, [added(1)], claim('same-call'))),
      );
      expect(outcomes.filter(({ status }) => status === 'committed')).toHaveLength(1);
      expect(outcomes.filter(({ status }) => status === 'claimed')).toHaveLength(2);
    });
  });

  describe('group commit', () => {
    it('settles each commit on its own', async () => {
      const refs = Array.from({ length: 130 }, (_, n) => sampleRef(`group-${n}`));
      const stale = await appendInTurn(store, sampleRef('group-7'), [1]);
      await appendInTurn(store, sampleRef('group-7'), [2]);
      await store.commit([
        sampleCommit(sampleRef('holder'), null, [added(1)], {
          claims: [{ key: 'notice/1', value: null, expiresAt: null }],
        }),
      ]);
      const commits = refs.map((ref, n) => {
        if (n === 7) return sampleCommit(ref, stale, [added(1)]);
        if (n === 20) {
          return sampleCommit(ref, null, [added(1)], { claims: [{ key: 'notice/1', value: null, expiresAt: null }] });
        }
        if (n === 33)
          return sampleCommit(ref, null, [added(1)], { blobs: [{ name: 'huge', data: new Uint8Array(500_000) }] });
        if (n === 34) return sampleCommit(ref, null, []);
        if (n === 35) return sampleCommit(ref, null, [added(1)], { state: { total: 1n } });
        return sampleCommit(ref, null, [added(n)]);
      });
      const outcomes = await store.commit(commits);
      expect(outcomes[7]).toEqual({ status: 'conflict' });
      expect(outcomes[20]).toEqual({ status: 'claimed', keys: ['notice/1'] });
      for (const n of [33, 34, 35]) expect(outcomes[n]?.status).toBe('rejected');
      const others = outcomes.filter((_, n) => ![7, 20, 33, 34, 35].includes(n));
      expect(others.map(({ status }) => status)).toEqual(others.map(() => 'committed'));
      expect((await store.loadMany(refs)).size).toBe(126);
    });

    it('keeps large commits below the size of a transaction', async () => {
      const data = new Uint8Array(300_000);
      const outcomes = await store.commit(
        Array.from({ length: 20 }, (_, n) =>
          sampleCommit(sampleRef(`large-${n}`), null, [added(1)], { blobs: [{ name: 'bundle', data }] }),
        ),
      );
      expect(outcomes.every(({ status }) => status === 'committed')).toBe(true);
    });

    it('settles overlapping groups without losing any', async () => {
      const groups = Array.from({ length: 6 }, (_, group) =>
        Array.from({ length: 30 }, (_, n) =>
          sampleCommit(sampleRef(`overlap-${(n + group * 5) % 40}`), null, [added(group)]),
        ),
      );
      const answers = (await Promise.all(groups.map((group) => store.commit(group)))).flat();
      expect(answers.filter(({ status }) => status === 'committed')).toHaveLength(40);
      expect(answers.filter(({ status }) => status === 'conflict')).toHaveLength(140);
    });
  });

  describe('hash chain', () => {
    it('holds after many commits', async () => {
      const ref = sampleRef('chain');
      await appendInTurn(
        store,
        ref,
        Array.from({ length: 12 }, (_, n) => n),
      );
      await store.commit([sampleCommit(ref, await store.load(ref), [added(1), added(2)])]);
      expect(await store.verify(ref)).toEqual({ ok: true, versions: 14 });
      expect(await store.verify(sampleRef('absent'))).toEqual({ ok: true, versions: 0 });
    });

    it('names the version whose state is not the fold of the events', async () => {
      const ref = sampleRef('misfold');
      await store.commit([sampleCommit(ref, null, [added(1), added(2)], { state: { total: 4, note: '' } })]);
      expect(await store.verify(ref)).toMatchObject({ ok: false, version: 2 });
    });
  });

  describe('wake index', () => {
    it('holds what waits, sorted in each shard, and nothing else', async () => {
      const far = Date.UTC(2031, 0, 1);
      const commits = Array.from({ length: 60 }, (_, n) =>
        sampleCommit(sampleRef(`wake-${n}`), null, [added(n)], {
          nextWakeAt: n % 3 === 0 ? null : far + ((n * 7) % 60),
        }),
      );
      await store.commit(commits);
      const inRange = async (until: number) => {
        const found: DueWake[] = [];
        for await (const page of wakes.due(until)) {
          const instants = page.map(({ at }) => at);
          expect(instants).toEqual([...instants].sort((a, b) => a - b));
          found.push(...page.filter(({ at }) => at >= far));
        }
        return found.map(({ ref, at }) => `${refKey(ref)} ${at}`).sort();
      };
      const expected = (until: number) =>
        commits
          .flatMap(({ ref, nextWakeAt }) =>
            nextWakeAt !== null && nextWakeAt <= until ? [`${refKey(ref)} ${nextWakeAt}`] : [],
          )
          .sort();
      expect(await inRange(far + 30)).toEqual(expected(far + 30));
      expect(await inRange(far + 60)).toEqual(expected(far + 60));
      expect(expected(far + 60)).toHaveLength(40);
    });

    it('follows the head and knows the earliest', async () => {
      const ref = sampleRef('wake-moves', '433199');
      const early = Date.UTC(2001, 0, 1);
      await store.commit([sampleCommit(ref, null, [added(1)], { nextWakeAt: early })]);
      expect(await wakes.earliest()).toBe(early);
      await store.commit([sampleCommit(ref, await store.load(ref), [added(1)], { nextWakeAt: early + 5 })]);
      expect(await wakes.earliest()).toBe(early + 5);
      await store.commit([sampleCommit(ref, await store.load(ref), [added(1)], { nextWakeAt: null })]);
      expect(await wakes.earliest()).not.toBe(early + 5);
    });
  });

  describe('blobs laid down beforehand', () => {
    const blob = (name: string, text: string) => ({ name, data: new TextEncoder().encode(text) });
    const textOf = async (ref: StreamRef, name: string) =>
      new TextDecoder().decode((await store.readBlob(ref, name)) ?? undefined);

    it('are there for the event that will name them, however often they are written', async () => {
      const ref = sampleRef('staged');
      const blobs = Array.from({ length: 60 }, (_, at) => blob(`part/${at}`, `content ${at}`));
      await store.writeBlobs(ref, blobs);
      await store.writeBlobs(ref, blobs.slice(0, 3));
      expect(await textOf(ref, 'part/59')).toBe('content 59');
      expect(await store.load(ref)).toBeNull();
      await store.commit([sampleCommit(ref, null, [added(1)])]);
      expect(await textOf(ref, 'part/0')).toBe('content 0');
    });

    it('can be taken away, also those that are not there', async () => {
      const ref = sampleRef('staged-away');
      await store.writeBlobs(ref, [blob('a', 'a'), blob('b', 'b')]);
      await store.removeBlobs(ref, ['a', 'never']);
      expect(await store.readBlob(ref, 'a')).toBeNull();
      expect(await store.readBlob(ref, 'b')).not.toBeNull();
      await store.removeBlobs(ref, []);
    });
  });

  describe('a commit that could never be stored', () => {
    it('is told beforehand, and one that can is not', async () => {
      const ref = sampleRef('refusal');
      expect(store.refusal(sampleCommit(ref, null, [added(1)]))).toBeNull();
      const words = Array.from({ length: 60_000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7_919) % 20_000)));
      const huge = added(1, Array.from({ length: 8 }, (_, turn) => words.slice(turn).join('')).join(''));
      expect(store.refusal(sampleCommit(ref, null, [huge]))).not.toBeNull();
      expect(await store.load(ref)).toBeNull();
    });
  });
}
