import { AsyncLocalStorage } from 'node:async_hooks';
import { type Dependencies, type EventStore, refKey } from '@duban/application';

/** Tells for each request what it has brought into the ledger, and for all of them which streams they changed. */
export interface WriteWatch {
  readonly store: EventStore;
  readonly wakeQueue: Dependencies['wakeQueue'];
  /**
   * What was written or sent while the work was done, also by what it started; nothing: an empty list. Blobs that an
   * import laid down and took away again (decision 0008) are not among it: nobody has looked for them.
   */
  during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly written: readonly string[] }>;
  /** Every stream a watched request has changed so far. */
  readonly changed: ReadonlySet<string>;
}

/** The store and the queue themselves, looked at from outside: nothing is answered in their place. */
export function watchWrites({ store, wakeQueue }: Pick<Dependencies, 'store' | 'wakeQueue'>): WriteWatch {
  const current = new AsyncLocalStorage<Set<string>>();
  const changed = new Set<string>();
  const note = (what: string) => current.getStore()?.add(what);
  const watched: EventStore = {
    ...store,
    async commit(commits) {
      const outcomes = await store.commit(commits);
      for (const [index, { status }] of outcomes.entries()) {
        const commit = commits[index];
        if (status !== 'committed' || commit === undefined) continue;
        changed.add(refKey(commit.ref));
        note(`${refKey(commit.ref)} at ${commit.expectedVersion + commit.events.length}`);
      }
      return outcomes;
    },
    async keep(jurisdiction, claim) {
      await store.keep(jurisdiction, claim);
      note(`claim ${claim.key}`);
    },
    async writeBlobs(ref, blobs) {
      await store.writeBlobs(ref, blobs);
      for (const { name } of blobs) note(`blob ${refKey(ref)} ${name}`);
    },
    async removeBlobs(ref, names) {
      await store.removeBlobs(ref, names);
      for (const name of names) current.getStore()?.delete(`blob ${refKey(ref)} ${name}`);
    },
  };
  return {
    changed,
    store: watched,
    wakeQueue: {
      send: async (wakes, ...rest) => {
        await wakeQueue.send(wakes, ...rest);
        if (wakes.length > 0) note(`${wakes.length} wakes`);
      },
    },
    during: (work) => {
      const written = new Set<string>();
      return current.run(written, async () => ({ result: await work(), written: [...written] }));
    },
  };
}
