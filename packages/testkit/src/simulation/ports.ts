import type {
  ChannelSender,
  Commit,
  CommitOutcome,
  Dependencies,
  EventStore,
  SendResult,
  ViewStore,
  WakeIndex,
  WakeQueue,
} from '@duban/application';
import type { Draw } from '../draw.ts';
import type { Machine, Process } from './machine.ts';
import type { Trouble } from './trouble.ts';

/** What a call from a process meets on its way. */
export interface Weather {
  readonly machine: Machine;
  readonly draw: Draw;
  trouble(): Trouble;
  /** The process ends here. */
  kill(process: Process): void;
  /** Counts what has gone wrong, by kind. */
  note(kind: string): void;
}

export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
}

/** A promise of its own each time: one for all would keep whatever ever waited for it, of every history. */
const never = () => new Promise<never>(() => {});

/** Calls of one process: each waits its turn, may be answered with an error, and may be the last the process makes. */
export class Calls {
  readonly #weather: Weather;
  readonly #process: Process;

  constructor(weather: Weather, process: Process) {
    this.#weather = weather;
    this.#process = process;
  }

  async read<T>(call: () => Promise<T>): Promise<T> {
    await this.#weather.machine.turn(this.#process);
    if (this.#meets('fault')) throw this.#fault('read');
    return call();
  }

  /** @param partly what may have happened of it when it is answered with an error; default: all of it */
  async write<T>(call: () => Promise<T>, partly: () => Promise<unknown> = call): Promise<T> {
    await this.#weather.machine.turn(this.#process);
    if (this.#meets('crash')) return this.#crash('before');
    if (this.#meets('fault')) {
      if (this.#weather.draw.below(2) === 0) await partly();
      throw this.#fault('write');
    }
    const answer = await call();
    if (this.#meets('crash')) return this.#crash('after');
    return answer;
  }

  async *walk<T>(pages: () => AsyncIterable<T>): AsyncGenerator<T> {
    await this.read(async () => {});
    yield* pages();
  }

  #meets(kind: 'crash' | 'fault'): boolean {
    return this.#weather.draw.perMille(this.#weather.trouble()[kind]);
  }

  #crash(when: string): Promise<never> {
    this.#weather.note(`crash.${when}`);
    this.#weather.kill(this.#process);
    return never();
  }

  #fault(of: string): OutOfReach {
    this.#weather.note(`fault.${of}`);
    return new OutOfReach('The simulated store is out of reach.');
  }
}

/** @param onOutcome told what has come of each commit, whatever its caller hears */
export function storeThrough(
  calls: Calls,
  store: EventStore,
  draw: Draw,
  onOutcome: (commit: Commit, outcome: CommitOutcome) => void,
): EventStore {
  const commit = async (commits: readonly Commit[]) => {
    const outcomes = await store.commit(commits);
    for (const [index, outcome] of outcomes.entries()) {
      const made = commits[index];
      if (made !== undefined) onOutcome(made, outcome);
    }
    return outcomes;
  };
  return {
    load: (ref) => calls.read(() => store.load(ref)),
    loadMany: (refs) => calls.read(() => store.loadMany(refs)),
    commit: (commits) =>
      calls.write(
        () => commit(commits),
        () => commit(commits.filter(() => draw.below(2) === 0)),
      ),
    refusal: (one) => store.refusal(one),
    read: (ref, range) => calls.read(() => store.read(ref, range)),
    readBlob: (ref, name) => calls.read(() => store.readBlob(ref, name)),
    writeBlobs: (ref, blobs) => calls.write(() => store.writeBlobs(ref, blobs)),
    removeBlobs: (ref, names) => calls.write(() => store.removeBlobs(ref, names)),
    claim: (jurisdiction, key) => calls.read(() => store.claim(jurisdiction, key)),
    keep: (jurisdiction, claim) => calls.write(() => store.keep(jurisdiction, claim)),
    verify: (ref) => calls.read(() => store.verify(ref)),
    scanHeads: (jurisdiction) => calls.walk(() => store.scanHeads(jurisdiction)),
    scanStreams: (jurisdiction) => calls.walk(() => store.scanStreams(jurisdiction)),
  };
}

export function wakesThrough(calls: Calls, wakes: WakeIndex): WakeIndex {
  return { due: (until) => calls.walk(() => wakes.due(until)), earliest: () => calls.read(() => wakes.earliest()) };
}

export function viewsThrough(calls: Calls, views: ViewStore): ViewStore {
  return {
    apply: (projections) => calls.write(() => views.apply(projections)),
    get: (...asked) => calls.read(() => views.get(...asked)),
    list: (...asked) => calls.read(() => views.list(...asked)),
    counters: (...asked) => calls.read(() => views.counters(...asked)),
    countersBelow: (...asked) => calls.read(() => views.countersBelow(...asked)),
    rebuild: (heads) => views.rebuild(heads),
  };
}

export function queueThrough(calls: Calls, queue: WakeQueue): WakeQueue {
  return { send: (...sent) => calls.write(() => queue.send(...sent)) };
}

/** A receiver that answers as the day allows. */
export function channelsThrough(
  calls: Calls,
  weather: Pick<Weather, 'draw' | 'trouble'>,
  onSent: (messageId: string, subscriptionId: string, accepted: boolean) => void,
): ChannelSender {
  const answered = (accepted: boolean): SendResult => ({
    ...{ accepted, status: accepted ? 200 : 503, latencyMs: 40, answer: null },
    ...{ fault: accepted ? null : 'status', retryAfterMs: null },
  });
  return {
    kinds: new Set(['webhook']),
    send: (_, { messageId, subscriptionId }) =>
      calls.write(async () => {
        const accepted = !weather.draw.perMille(weather.trouble().receiver);
        onSent(messageId, subscriptionId, accepted);
        return answered(accepted);
      }),
  };
}

/** A log nobody reads. */
export const SILENT: Dependencies['log'] = { info: () => {}, warn: () => {}, error: () => {} };
