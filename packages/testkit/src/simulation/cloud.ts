import { hash } from 'node:crypto';
import {
  type Commit,
  type CommitOutcome,
  createDeliverer,
  createStructureSource,
  type Deliverer,
  type DeliveryDependencies,
  refKey,
  type SnapshotCodec,
  tickAlarmClock,
  WAKE_HORIZON_MS,
} from '@duban/application';
import type { Instant } from '@duban/calendar';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import { fnv1a, type StructureData } from '@duban/domain';
import { handleWakeMessages, type WakeRecord } from '@duban/messaging';
import { createSealer, newKeyRing, parseKeyRing } from '@duban/sealing';
import type { Draw } from '../draw.ts';
import { projectChanges, reactToChanges } from '../memory/followers.ts';
import { createMemoryLedger, type LedgerChange, type MemoryLedger } from '../memory/ledger.ts';
import { MemoryViews } from '../memory/views.ts';
import { type Machine, type Process, QUICK_TURN_MS } from './machine.ts';
import {
  Calls,
  channelsThrough,
  queueThrough,
  SILENT,
  storeThrough,
  viewsThrough,
  type Weather,
  wakesThrough,
} from './ports.ts';
import { type QueueName, SimulatedQueue } from './queue.ts';
import { CALM, LARGEST_SKEW_MS, type Trouble } from './trouble.ts';

const MINUTE_MS = 60_000;
const SHARDS = 2;
const SLOW_TURN_MS = 1_000;
const keys = parseKeyRing(newKeyRing());

type FunctionName = 'api' | 'alarm-clock' | 'wake' | 'deliver' | 'project' | 'react';

/** One copy of a function, as Lambda keeps them: it does one thing at a time and remembers until it dies. */
export interface Container {
  readonly process: Process;
  readonly deps: DeliveryDependencies;
  readonly deliverer: Deliverer;
  busy: boolean;
  /** Turn in which it began what it does. */
  begunAt: number;
  lastTick: Instant | null;
  onDeath: () => void;
}

/** A commit as the simulation saw it made. */
export interface Made {
  /** Turns between which whoever made it had read what it decided on. */
  readonly turns: readonly [from: number, to: number];
  readonly now: Instant;
  readonly by: FunctionName;
}

/** A reader of one shard of the ledger's stream. */
interface Follower {
  readonly name: 'project' | 'react';
  readonly shard: number;
  at: number;
  running: boolean;
}

/** Changes what the functions stand on: for tests that the simulation notices. */
export type Sabotage = (deps: DeliveryDependencies, name: FunctionName) => DeliveryDependencies;

/** The functions, their queues and streams, over stores in memory, in whatever weather there is. */
export class SimulatedCloud implements Weather {
  readonly machine: Machine;
  readonly draw: Draw;
  readonly ledger: MemoryLedger = createMemoryLedger(codecs);
  readonly views = new MemoryViews();
  /** By stream and version of the last event of each commit. */
  readonly made = new Map<string, Made>();
  readonly sent: { readonly messageId: string; readonly subscriptionId: string; readonly accepted: boolean }[] = [];
  readonly noted: Record<string, number> = {};
  wakes = 0;
  readonly #sabotage: Sabotage;
  readonly #snapshots = unpackingOnce(snapshotCodec);
  readonly #queue: SimulatedQueue;
  readonly #containers = new Map<FunctionName, Container[]>();
  readonly #followers: readonly Follower[];
  readonly #shards: number[][] = Array.from({ length: SHARDS }, () => []);
  #trouble: Trouble = CALM;
  #downUntil: Instant = 0;
  #lastTick: Instant;
  #lastTickWorked = false;
  #lastCommitAt: Instant = 0;
  #ids = 0;

  constructor(machine: Machine, draw: Draw, sabotage: Sabotage) {
    this.machine = machine;
    this.draw = draw;
    this.#sabotage = sabotage;
    this.#lastTick = machine.now;
    machine.turnMs = () => draw.below(draw.perMille(this.#trouble.slow) ? SLOW_TURN_MS : QUICK_TURN_MS);
    this.#queue = new SimulatedQueue(this, (queue, messages) => this.#receive(queue, messages));
    this.#followers = (['project', 'react'] as const).flatMap((name) =>
      this.#shards.map((_, shard) => ({ name, shard, at: 0, running: false })),
    );
    this.ledger.stream.onCommit(({ id }) => this.#onCommit(id));
  }

  trouble(): Trouble {
    return this.#trouble;
  }

  setTrouble(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  note(kind: string): void {
    this.noted[kind] = (this.noted[kind] ?? 0) + 1;
  }

  kill(process: Process): void {
    process.alive = false;
    for (const [name, containers] of this.#containers) {
      const dead = containers.find((container) => container.process === process);
      if (dead === undefined) continue;
      this.#containers.set(
        name,
        containers.filter((container) => container !== dead),
      );
      dead.onDeath();
    }
  }

  /** Nothing runs until an instant; what was running is gone. */
  goDown(until: Instant): void {
    this.note('outage');
    this.#downUntil = Math.max(this.#downUntil, until);
    for (const container of [...this.#containers.values()].flat()) this.kill(container.process);
  }

  get isDown(): boolean {
    return this.machine.now < this.#downUntil;
  }

  /** Now, unless an outage goes on. */
  get upAgainAt(): Instant {
    return Math.max(this.machine.now, this.#downUntil);
  }

  /** Whether anything was written, or came due, in the last while (ms). */
  async isAtWork(whileMs: number): Promise<boolean> {
    const since = this.machine.now - whileMs;
    const earliest = await this.ledger.wakes.earliest();
    return this.#lastCommitAt > since || (earliest !== null && earliest > since && earliest <= this.machine.now);
  }

  /**
   * Lets a function do something, once one of its copies is free.
   * @param onEnd told whether it was done; false when it failed or died
   */
  invoke(name: FunctionName, work: (container: Container) => Promise<void>, onEnd: (done: boolean) => void): void {
    if (this.isDown) {
      this.machine.at(this.#downUntil, () => this.invoke(name, work, onEnd));
      return;
    }
    const container = this.#free(name);
    container.busy = true;
    container.begunAt = this.machine.turns;
    container.onDeath = () => onEnd(false);
    this.machine.start(async () => {
      const done = await work(container).then(
        () => true,
        (error: unknown) => {
          if (isDefect(error)) throw error;
          return false;
        },
      );
      if (!container.process.alive) return;
      container.busy = false;
      container.onDeath = () => {};
      onEnd(done);
    });
  }

  /** When the alarm clock has something to do. It ticks each minute; those that would find nothing are passed over. */
  nextTick(): Promise<Instant | null> {
    return this.ledger.wakes.earliest().then((earliest) => {
      if (earliest === null) return null;
      const from = Math.max(this.#lastTick + MINUTE_MS, earliest - WAKE_HORIZON_MS);
      return Math.ceil(from / MINUTE_MS) * MINUTE_MS;
    });
  }

  tick(now: Instant): void {
    const passedOver = now - this.#lastTick > MINUTE_MS && this.#lastTickWorked;
    this.#lastTick = now;
    this.#lastTickWorked = false;
    if (this.isDown || this.draw.perMille(this.#trouble.missedTick)) {
      this.note('tick.missed');
      return;
    }
    this.invoke(
      'alarm-clock',
      async (container) => {
        const { deps } = container;
        const at = deps.clock.now();
        if (passedOver && container.lastTick !== null) container.lastTick = at - MINUTE_MS;
        await tickAlarmClock(deps, container.lastTick);
        container.lastTick = at;
      },
      (done) => {
        this.#lastTickWorked = done;
      },
    );
  }

  #free(name: FunctionName): Container {
    const containers = this.#containers.get(name) ?? [];
    const free = containers.find(({ busy }) => !busy);
    if (free !== undefined) return free;
    const made = this.#newContainer(name);
    this.#containers.set(name, [...containers, made]);
    return made;
  }

  #newContainer(name: FunctionName): Container {
    const { machine, draw, ledger, views } = this;
    const skewMs = draw.perMille(this.#trouble.skew) ? draw.below(2 * LARGEST_SKEW_MS + 1) - LARGEST_SKEW_MS : 0;
    const process: Process = { name, skewMs, alive: true };
    const calls = new Calls(this, process);
    let container: Container;
    const noteOutcome = ({ ref, expectedVersion, events }: Commit, { status }: CommitOutcome) => {
      if (status !== 'committed') return this.note(`commit.${status}`);
      this.made.set(`${refKey(ref)}@${expectedVersion + events.length}`, {
        turns: [container.begunAt, machine.turns],
        now: machine.now,
        by: name,
      });
    };
    const store = storeThrough(calls, ledger.store, draw, noteOutcome);
    const now = () => machine.now + skewMs;
    const until = (at: Instant): Promise<void> => {
      if (now() >= at) return Promise.resolve();
      return new Promise((resolve) => {
        machine.at(at - skewMs, () => void machine.turn(process).then(resolve));
      });
    };
    const deps = this.#sabotage(
      {
        store,
        wakes: wakesThrough(calls, ledger.wakes),
        wakeQueue: queueThrough(calls, this.#queue),
        structures: createStructureSource(store, this.#snapshots),
        snapshots: this.#snapshots,
        views: viewsThrough(calls, views),
        clock: { now, until },
        ids: { next: (prefix) => this.#nextId(prefix) },
        log: SILENT,
        sealer: createSealer(async () => keys),
        channels: channelsThrough(calls, this, (messageId, subscriptionId, accepted) =>
          this.sent.push({ messageId, subscriptionId, accepted }),
        ),
        linkBase: null,
      },
      name,
    );
    container = {
      ...{ process, deps, deliverer: createDeliverer(deps) },
      ...{ busy: false, begunAt: machine.turns, lastTick: null, onDeath: () => {} },
    };
    return container;
  }

  #nextId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_${this.#ids}`;
  }

  #receive(queue: QueueName, messages: readonly WakeRecord[]): void {
    let failed: readonly WakeRecord[] = messages;
    this.invoke(
      queue === 'wake' ? 'wake' : 'deliver',
      async ({ deps, deliverer }) => {
        const carryOut = queue === 'wake' ? undefined : deliverer.deliver;
        const { batchItemFailures, lateMs } = await handleWakeMessages(deps, messages, carryOut);
        this.wakes += lateMs.length;
        const ids = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        failed = messages.filter(({ messageId }) => ids.has(messageId));
      },
      () => this.#queue.failed(queue, failed),
    );
  }

  #onCommit(id: string): void {
    this.#lastCommitAt = this.machine.now;
    const at = this.ledger.stream.length - 1;
    const shard = fnv1a(id) % SHARDS;
    this.#shards[shard]?.push(at);
    for (const follower of this.#followers) {
      if (follower.shard === shard) this.#follow(follower);
    }
  }

  #follow(follower: Follower): void {
    if (follower.running) return;
    follower.running = true;
    const late = this.draw.perMille(this.#trouble.delay) ? this.draw.below(5 * MINUTE_MS) : this.draw.below(300);
    this.machine.at(this.machine.now + late, () => this.#readStream(follower));
  }

  #readStream(follower: Follower): void {
    const places = (this.#shards[follower.shard] ?? []).slice(follower.at, follower.at + 1 + this.draw.below(10));
    const changes: readonly LedgerChange[] = places.flatMap((at) => this.ledger.stream.changes(at, 1));
    this.invoke(
      follower.name,
      ({ deps }) => (follower.name === 'project' ? projectChanges(deps, changes) : reactToChanges(deps, changes)),
      (done) => {
        const again = !done || this.draw.perMille(this.#trouble.repeat);
        if (!again) follower.at += changes.length;
        else this.note(done ? 'stream.repeated' : 'stream.failed');
        follower.running = false;
        if (follower.at < (this.#shards[follower.shard]?.length ?? 0)) this.#follow(follower);
      },
    );
  }
}

/** What no weather explains. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** Every container that starts unpacks the same snapshots; the simulation need not. */
function unpackingOnce(codec: SnapshotCodec): SnapshotCodec {
  const known = new Map<string, StructureData>();
  return {
    ...codec,
    decodeStructure: (chunks) => {
      const key = chunks.map((chunk) => hash('sha256', chunk)).join();
      const structure = known.get(key) ?? codec.decodeStructure(chunks);
      known.set(key, structure);
      return structure;
    },
  };
}
