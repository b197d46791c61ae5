import {
  type AggregateType,
  type ChainVerification,
  type Claim,
  type CodecRegistry,
  type Commit,
  type CommitOutcome,
  type DomainEvent,
  type DueWake,
  type EventStore,
  type Head,
  type RecordedEvent,
  refKey,
  type StreamRef,
  type WakeIndex,
} from '@duban/application';
import { planCommit } from '@duban/dynamodb/commit-plan';
import { commitHash, faultOfCommit, verifyHead } from '@duban/dynamodb/hash-chain';
import type { StoredCommit } from '@duban/dynamodb/rows';

/** Below this many characters of JSON no row can pass the service's limits, and nobody need ask. */
const SURELY_SMALL = 100_000;
const SHARDS = 8;

interface StoredHead {
  readonly version: number;
  readonly hash: string;
  readonly stateText: string;
  readonly nextWakeAt: number | null;
  parsed: Head | null;
}

interface MemoryCommit extends StoredCommit {
  recorded: readonly RecordedEvent[] | null;
}

interface Stream {
  readonly ref: StreamRef;
  readonly commits: MemoryCommit[];
  head: StoredHead;
}

/** What one commit brought, as the followers of a ledger's stream see it. */
export interface LedgerChange {
  readonly head: Head;
  readonly events: readonly RecordedEvent[];
}

/** The commits of a ledger in the order they were made. */
export interface LedgerStream {
  /** How many commits there have been. */
  readonly length: number;
  /** Those from a position on, as many as asked for. */
  changes(from: number, count: number): readonly LedgerChange[];
  /** Calls back after each commit. */
  onCommit(listener: (ref: StreamRef) => void): void;
}

/** The ledger in memory, its wake index, and what its readers follow. */
export interface MemoryLedger {
  readonly store: EventStore;
  readonly wakes: WakeIndex;
  readonly stream: LedgerStream;
}

/**
 * Keeps the same promises as the ledger on DynamoDB, which the same contract suite asks of both. What it holds is text,
 * parsed by the same schemas at its first read. Later ones share what came of it: it is frozen, and whoever would change a
 * piece of the store is told so.
 */
export function createMemoryLedger(codecs: CodecRegistry): MemoryLedger {
  const ledger = new Ledger(codecs);
  return {
    store: {
      load: (ref) => ledger.load(ref),
      loadMany: (refs) => ledger.loadMany(refs),
      commit: (commits) => ledger.commit(commits),
      refusal: (commit) => ledger.refusal(commit),
      read: (ref, range) => ledger.read(ref, range),
      readBlob: (ref, name) => ledger.readBlob(ref, name),
      writeBlobs: (ref, blobs) => ledger.writeBlobs(ref, blobs),
      removeBlobs: (ref, names) => ledger.removeBlobs(ref, names),
      claim: (jurisdiction, key) => ledger.claim(jurisdiction, key),
      keep: (jurisdiction, claim) => ledger.keep(jurisdiction, claim),
      verify: (ref) => ledger.verify(ref),
      scanHeads: (jurisdiction) => ledger.scanHeads(jurisdiction),
      scanStreams: (jurisdiction) => ledger.scanStreams(jurisdiction),
    },
    wakes: { due: (until) => ledger.due(until), earliest: () => ledger.earliest() },
    stream: ledger,
  };
}

class Ledger implements EventStore, WakeIndex, LedgerStream {
  readonly #codecs: CodecRegistry;
  readonly #streams = new Map<string, Stream>();
  readonly #waking = new Map<string, DueWake>();
  readonly #claims = new Map<string, string>();
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #listeners: ((ref: StreamRef) => void)[] = [];
  readonly #changes: { readonly key: string; readonly commit: number; readonly head: StoredHead }[] = [];

  constructor(codecs: CodecRegistry) {
    this.#codecs = codecs;
  }

  async load(ref: StreamRef): Promise<Head | null> {
    const stream = this.#streams.get(refKey(ref));
    return stream === undefined ? null : this.#parsed(stream.ref, stream.head);
  }

  async loadMany(refs: readonly StreamRef[]): Promise<ReadonlyMap<string, Head>> {
    const heads = new Map<string, Head>();
    for (const ref of refs) {
      const stream = this.#streams.get(refKey(ref));
      if (stream !== undefined) heads.set(refKey(ref), this.#parsed(stream.ref, stream.head));
    }
    return heads;
  }

  async commit(commits: readonly Commit[]): Promise<readonly CommitOutcome[]> {
    if (new Set(commits.map(({ ref }) => refKey(ref))).size < commits.length) {
      throw new RangeError('Two commits for one stream in one call');
    }
    return commits.map((commit) => this.#written(commit));
  }

  refusal(commit: Commit): string | null {
    return this.#refusalOf(commit, textsOf(commit));
  }

  async read(ref: StreamRef, range: { from?: number; to?: number; limit?: number } = {}): Promise<RecordedEvent[]> {
    const { from = 1, to = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER } = range;
    const commits = this.#streams.get(refKey(ref))?.commits ?? [];
    return commits
      .flatMap((commit) => this.#recorded(ref, commit))
      .filter(({ version }) => version >= from && version <= to)
      .slice(0, limit);
  }

  async readBlob(ref: StreamRef, name: string): Promise<Uint8Array | null> {
    return this.#blobs.get(blobKey(ref, name))?.slice() ?? null;
  }

  async writeBlobs(ref: StreamRef, blobs: readonly { readonly name: string; readonly data: Uint8Array }[]) {
    for (const { name, data } of blobs) this.#blobs.set(blobKey(ref, name), data.slice());
  }

  async removeBlobs(ref: StreamRef, names: readonly string[]): Promise<void> {
    for (const name of names) this.#blobs.delete(blobKey(ref, name));
  }

  async claim(jurisdiction: string, key: string): Promise<unknown | null> {
    const text = this.#claims.get(claimKey(jurisdiction, key));
    return text === undefined ? null : JSON.parse(text);
  }

  async keep(jurisdiction: string, claim: Claim): Promise<void> {
    const key = claimKey(jurisdiction, claim.key);
    if (!this.#claims.has(key)) this.#claims.set(key, JSON.stringify(claim.value ?? null));
  }

  async verify(ref: StreamRef): Promise<ChainVerification> {
    const stream = this.#streams.get(refKey(ref));
    const codec = this.#codecs[ref.type];
    let position = { version: 0, hash: null as string | null };
    let fold = codec.initial;
    for (const commit of stream?.commits ?? []) {
      const fault = faultOfCommit(ref, position, commit);
      if (fault !== null) return { ok: false, ...fault };
      for (const { event } of this.#recorded(ref, commit)) fold = codec.evolve(fold, event);
      position = { version: position.version + commit.events.length, hash: commit.hash };
    }
    return verifyHead(await this.load(ref), position, fold, codec);
  }

  async *scanHeads(jurisdiction: string | null): AsyncGenerator<Head> {
    for (const { ref, head } of [...this.#streams.values()]) {
      if (jurisdiction === null || ref.jurisdiction === jurisdiction) yield this.#parsed(ref, head);
    }
  }

  async *scanStreams(jurisdiction: string | null): AsyncGenerator<StreamRef> {
    for (const { ref } of [...this.#streams.values()]) {
      if (jurisdiction === null || ref.jurisdiction === jurisdiction) yield ref;
    }
  }

  async *due(until: number): AsyncGenerator<readonly DueWake[]> {
    const due = [...this.#waking.values()].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (due.length > 0) yield due;
  }

  async earliest(): Promise<number | null> {
    let earliest: number | null = null;
    for (const { at } of this.#waking.values()) earliest = earliest === null ? at : Math.min(earliest, at);
    return earliest;
  }

  onCommit(listener: (ref: StreamRef) => void): void {
    this.#listeners.push(listener);
  }

  get length(): number {
    return this.#changes.length;
  }

  changes(from: number, count: number): readonly LedgerChange[] {
    return this.#changes.slice(from, from + count).map(({ key, commit, head }) => {
      const stream = this.#streams.get(key) as Stream;
      const events = this.#recorded(stream.ref, stream.commits[commit] as MemoryCommit);
      return { head: this.#parsed(stream.ref, head), events };
    });
  }

  #written(commit: Commit): CommitOutcome {
    let texts: Texts;
    try {
      texts = textsOf(commit);
    } catch (error) {
      // BigInt and cycles: JSON.stringify says so by throwing.
      if (error instanceof TypeError) return { status: 'rejected', reason: `malformed: ${error.message}` };
      throw error;
    }
    const reason = this.#refusalOf(commit, texts);
    return reason === null ? this.#append(commit, texts) : { status: 'rejected', reason };
  }

  /** Asks the plan of the real store where a commit might be too much for it. */
  #refusalOf(commit: Commit, { events, state }: Texts): string | null {
    const isSmall = commit.events.length > 0 && (commit.blobs ?? []).length === 0 && (commit.claims ?? []).length < 98;
    if (isSmall && events.length < SURELY_SMALL && state.length < SURELY_SMALL) return null;
    const schema = (type: AggregateType) => this.#codecs[type].schema;
    const plan = planCommit(commit, 0, { tableName: 'memory', wakeShards: SHARDS, schema });
    return 'rejected' in plan ? plan.rejected : null;
  }

  #append(commit: Commit, texts: Texts): CommitOutcome {
    const { ref, expectedHash, expectedVersion } = commit;
    const key = refKey(ref);
    const stream = this.#streams.get(key);
    if ((stream?.head.version ?? 0) !== expectedVersion || (stream?.head.hash ?? null) !== expectedHash) {
      return { status: 'conflict' };
    }
    const claims = commit.claims ?? [];
    const taken = claims.filter((claim) => this.#claims.has(claimKey(ref.jurisdiction, claim.key)));
    if (taken.length > 0) return { status: 'claimed', keys: taken.map((claim) => claim.key) };

    const stored = this.#stored(commit, texts.events);
    const head: StoredHead = {
      version: expectedVersion + commit.events.length,
      hash: stored.hash,
      stateText: texts.state,
      nextWakeAt: commit.nextWakeAt,
      parsed: null,
    };
    const kept = stream ?? { ref: { ...ref }, commits: [], head };
    kept.commits.push(stored);
    kept.head = head;
    this.#streams.set(key, kept);
    if (head.nextWakeAt === null) this.#waking.delete(key);
    else this.#waking.set(key, { ref: kept.ref, at: head.nextWakeAt });
    for (const claim of claims) {
      this.#claims.set(claimKey(ref.jurisdiction, claim.key), JSON.stringify(claim.value ?? null));
    }
    for (const { name, data } of commit.blobs ?? []) this.#blobs.set(blobKey(ref, name), data.slice());
    this.#changes.push({ key, commit: kept.commits.length - 1, head });
    for (const listener of this.#listeners) listener(kept.ref);
    return { status: 'committed', version: head.version, hash: head.hash };
  }

  #stored({ ref, expectedHash, expectedVersion, meta }: Commit, eventsText: string): MemoryCommit {
    const { schema } = this.#codecs[ref.type];
    const place = { firstVersion: expectedVersion + 1, schema, eventsText, previousHash: expectedHash };
    const { at, actor, correlationId } = meta;
    const hash = commitHash({ ref, meta, ...place });
    const stored = JSON.parse(eventsText) as DomainEvent[];
    return { ...place, at, actor, correlationId, events: stored, hash, recorded: null };
  }

  #parsed(ref: StreamRef, stored: StoredHead): Head {
    const { version, hash, stateText, nextWakeAt } = stored;
    stored.parsed ??= frozen({
      ...{ ref, version, hash, nextWakeAt },
      state: this.#codecs[ref.type].parseState(JSON.parse(stateText)),
    });
    return stored.parsed;
  }

  #recorded(ref: StreamRef, commit: MemoryCommit): readonly RecordedEvent[] {
    const { at, actor, correlationId, hash, previousHash, schema, firstVersion } = commit;
    commit.recorded ??= commit.events.map((stored, index) =>
      frozen({
        ref,
        version: firstVersion + index,
        event: this.#codecs[ref.type].parseEvent(stored, schema),
        meta: { at, actor, correlationId },
        commitHash: hash,
        previousHash,
      }),
    );
    return commit.recorded;
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** A commit as it is kept. */
interface Texts {
  readonly events: string;
  readonly state: string;
}

function textsOf({ events, state }: Commit): Texts {
  return { events: JSON.stringify(events), state: JSON.stringify(state ?? null) };
}

function blobKey(ref: StreamRef, name: string): string {
  return `${refKey(ref)} ${name}`;
}

function claimKey(jurisdiction: string, key: string): string {
  return `${jurisdiction} ${key}`;
}
