import type { Instant } from '@duban/calendar';
import type { ReportData, Structure, StructureData, TaskDefinition } from '@duban/domain';

/** Every kind of aggregate the ledger holds. The first part of each stored key. */
export type AggregateType =
  | 'task'
  | 'incident'
  | 'duty'
  | 'problem'
  | 'report'
  | 'digest'
  | 'subscription'
  | 'delivery'
  | 'structure';

/** Names one stream of the ledger. The jurisdiction leads every stored key, so that tenants never share a partition. */
export interface StreamRef {
  readonly jurisdiction: string;
  readonly type: AggregateType;
  /** With its type prefix, e.g. `task_01H…`. */
  readonly id: string;
}

/** A domain event as decide and wake return it. */
export interface DomainEvent {
  readonly type: string;
}

/** Who caused a commit, when, and which request it belongs to. */
export interface CommitMeta {
  /** The injected clock's now. */
  readonly at: Instant;
  /** Person code, or `system:wake`, `system:react`, `system:import`. */
  readonly actor: string;
  /** Follows an item from the HTTP request to delivery. */
  readonly correlationId: string;
}

/** A row written in the same transaction as a commit, on condition that it does not exist yet. */
export interface Claim {
  /** Unique within the jurisdiction, e.g. `notice/task_…/12` or `idempotency/<person>/<key>`. */
  readonly key: string;
  /** Small JSON value kept with the claim (< 1 kB). */
  readonly value: unknown;
  /** When the store may forget the claim (epoch milliseconds, real time); null keeps it for ever. */
  readonly expiresAt: Instant | null;
}

/** Events to append to one stream, with the head that results. All of it happens or nothing. */
export interface Commit {
  readonly ref: StreamRef;
  /** Version (count of events) of the head the events were decided on; 0 for a new stream. */
  readonly expectedVersion: number;
  /** Hash of the last commit of that head; null for a new stream. */
  readonly expectedHash: string | null;
  /** One or more. */
  readonly events: readonly DomainEvent[];
  /** The state after the events. */
  readonly state: unknown;
  /** When the aggregate wants to be woken next; null for never. */
  readonly nextWakeAt: Instant | null;
  readonly meta: CommitMeta;
  readonly claims?: readonly Claim[];
  /** Blobs written beside the commit under the stream's key (structure snapshots, bundles); each ≤ 300 kB. */
  readonly blobs?: readonly { readonly name: string; readonly data: Uint8Array }[];
}

export type CommitOutcome =
  | { readonly status: 'committed'; readonly version: number; readonly hash: string }
  /** Somebody else appended first (or a transaction conflict outlasted the retries): load and decide again. */
  | { readonly status: 'conflict' }
  /** These claims were taken by an earlier commit; nothing of this commit was written. */
  | { readonly status: 'claimed'; readonly keys: readonly string[] }
  /** This commit alone can never be stored (too large, malformed); its neighbours were. */
  | { readonly status: 'rejected'; readonly reason: string };

/** The fold of a stream's events, as stored beside them. */
export interface Head {
  readonly ref: StreamRef;
  readonly version: number;
  readonly hash: string;
  /** Parsed by the stored-state schema of its type. */
  readonly state: unknown;
  readonly nextWakeAt: Instant | null;
}

/** One event as the ledger keeps it. Events of one commit share `commitHash` and `previousHash`. */
export interface RecordedEvent {
  readonly ref: StreamRef;
  /** 1 for the first event of a stream, gapless. */
  readonly version: number;
  readonly event: DomainEvent;
  readonly meta: CommitMeta;
  readonly commitHash: string;
  readonly previousHash: string | null;
}

export type ChainVerification =
  | { readonly ok: true; readonly versions: number }
  | { readonly ok: false; readonly version: number; readonly fault: string };

/** The ledger. DynamoDB in production, the same contract suite for every implementation. */
export interface EventStore {
  /**
   * Strongly consistent.
   * @throws StoredRowError when what is stored is not of its shape
   */
  load(ref: StreamRef): Promise<Head | null>;
  /**
   * Strongly consistent; absent streams are missing from the result. Key of the map: `refKey(ref)`.
   * @throws StoredRowError when one of them cannot be read
   */
  loadMany(refs: readonly StreamRef[]): Promise<ReadonlyMap<string, Head>>;
  /**
   * Group commit: puts as many commits into one transaction as fit (≤ 50 plain ones); when a transaction is
   * cancelled, the commits it names get their outcome and the others are tried again. Two commits for one stream
   * in one call are not allowed. Outcomes in the order of the commits. Throws only when the store is out of reach;
   * then every commit may or may not have happened.
   */
  commit(commits: readonly Commit[]): Promise<readonly CommitOutcome[]>;
  /** Why this commit can never be stored, whatever the state of the store; null when it can. Writes nothing. */
  refusal(commit: Commit): string | null;
  /** Events of one stream in order, from a version on (default 1). Parsed and upcast. */
  read(ref: StreamRef, options?: { from?: number; to?: number; limit?: number }): Promise<readonly RecordedEvent[]>;
  readBlob(ref: StreamRef, name: string): Promise<Uint8Array | null>;
  /**
   * Lays blobs down before the commit whose events will name them; until then nobody looks for them. Writing one twice
   * changes nothing: a name carries the digest of its content. Each ≤ 300 kB.
   */
  writeBlobs(ref: StreamRef, blobs: readonly { readonly name: string; readonly data: Uint8Array }[]): Promise<void>;
  /** Takes away blobs that no event names. */
  removeBlobs(ref: StreamRef, names: readonly string[]): Promise<void>;
  claim(jurisdiction: string, key: string): Promise<unknown | null>;
  /** Writes a row that belongs to no stream, unless one of that key is there already. */
  keep(jurisdiction: string, claim: Claim): Promise<void>;
  /** Walks the hash chain of a stream and compares the head with the fold of the events. */
  verify(ref: StreamRef): Promise<ChainVerification>;
  /** Every head of a jurisdiction, of every jurisdiction when null; order unspecified. Used by rebuild and what reads a whole jurisdiction. */
  scanHeads(jurisdiction: string | null): AsyncIterable<Head>;
  /** Every stream of which anything is there, be it without a head or with one that cannot be read. Used by audit only. */
  scanStreams(jurisdiction: string | null): AsyncIterable<StreamRef>;
}

/** What the wake index answers: which stream wants to be woken when. */
export interface DueWake {
  readonly ref: StreamRef;
  readonly at: Instant;
}

/** The sparse, sharded index on heads by `nextWakeAt`. */
export interface WakeIndex {
  /** All wakes due at or before `until`, page by page, each shard sorted by instant. Cost grows with what is due only. */
  due(until: Instant): AsyncIterable<readonly DueWake[]>;
  /** The earliest pending wake, or null. */
  earliest(): Promise<Instant | null>;
}

/** Wakes travelling through the queue. A message carries up to 50 wakes that fall in the same second. */
export interface WakeQueue {
  /**
   * Never loses silently: throws when a message could not be sent after retries.
   * @param options `alone`: one wake a message, so that a bad one cannot keep others from being done
   */
  send(wakes: readonly DueWake[], now: Instant, options?: { readonly alone?: boolean }): Promise<void>;
}

/** Real or virtual. */
export interface Clock {
  now(): Instant;
  /** Resolves when `now()` has reached the instant; at once when it has passed. */
  until(at: Instant): Promise<void>;
}

/** Structure snapshots, cached in memory by version. */
export interface StructureSource {
  /** The structure in force; an empty one when nothing has been imported yet. One small read a call, not a reload. */
  current(jurisdiction: string): Promise<Structure>;
}

/** Turns a structure into bytes and back; parsing is the edge's business. */
export interface SnapshotCodec {
  /** Compressed chunks of ≤ 300 kB, each with the sha-256 of its bytes (hex). */
  encode(data: unknown): readonly { readonly digest: string; readonly data: Uint8Array }[];
  decodeStructure(chunks: readonly Uint8Array[]): StructureData;
  decodeChanges(chunks: readonly Uint8Array[]): readonly RecordChange[];
  decodeReport(chunks: readonly Uint8Array[]): ReportData;
  /** Of a part that holds tasks alone. */
  decodeTasks(chunks: readonly Uint8Array[]): readonly TaskChange[];
}

/** One record of a structure import, before and after. */
export interface RecordChange {
  readonly kind: string;
  readonly key: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly before: unknown;
  readonly after: unknown;
  /** Of a task that was there before: which fields change, and what allows a running limit to move. */
  readonly fields?: readonly string[] | undefined;
  readonly basis?: string | null | undefined;
}

/** A task that an import assigns or corrects. */
export interface TaskChange {
  readonly key: string;
  readonly change: 'added' | 'changed';
  readonly after: TaskDefinition;
  readonly fields: readonly string[];
  readonly basis: string | null;
}

/** An entry of a list: found by partition, sorted by `sort`. `data` is there for lists that need no further read. */
export interface IndexEntry {
  readonly partition: string;
  readonly sort: string;
  readonly data?: unknown;
}

/** What the views show of one aggregate at one version. Derived from its head, and from whether that is published. */
export interface Projection {
  readonly jurisdiction: string;
  /** The aggregate's id. */
  readonly id: string;
  /** Grows with every change of what is shown. */
  readonly version: number;
  readonly body: unknown;
  readonly entries: readonly IndexEntry[];
  /** Counter cells this item is counted in: scope such as `plan/luxi-2023-anquan`, bucket such as `light/red`. */
  readonly counts: readonly { readonly scope: string; readonly bucket: string }[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Sort key to continue after; null at the end. */
  readonly next: string | null;
}

export interface ReadOptions {
  /** See every row as it was last written; costs twice as much. Default false: a moment behind at times. */
  readonly consistent?: boolean;
}

/** Lists, counters, inbox: everything that can be rebuilt from the ledger. */
export interface ViewStore {
  /**
   * Brings the views of these aggregates to at least the given versions. Older or equal versions change nothing.
   * An item's row, its entries and the counters it moves change in one transaction.
   */
  apply(projections: readonly Projection[]): Promise<void>;
  /** Bodies by aggregate id; missing ones are absent. */
  get(
    jurisdiction: string,
    ids: readonly string[],
    options?: ReadOptions,
  ): Promise<ReadonlyMap<string, { version: number; body: unknown }>>;
  /** Entries of a partition in sort order (or descending), after a sort key, up to and excluding `before`. */
  list(
    jurisdiction: string,
    partition: string,
    options: ReadOptions & { after?: string; before?: string; limit: number; descending?: boolean },
  ): Promise<Page<IndexEntry>>;
  /** Counter buckets of a scope; absent buckets are zero. */
  counters(jurisdiction: string, scope: string, options?: ReadOptions): Promise<Readonly<Record<string, number>>>;
  /** Scopes below a prefix, e.g. `plan/x/lead/`. */
  countersBelow(
    jurisdiction: string,
    prefix: string,
    options?: ReadOptions,
  ): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>;
  /**
   * Builds a new generation of all views from projections of every head, switches readers to it, removes the old one.
   * Live projection goes on meanwhile and loses nothing. `heads` is called again for each pass.
   */
  rebuild(heads: () => AsyncIterable<Projection>): Promise<{ readonly projected: number; readonly passes: number }>;
}

/** Structured log without personal data or report text. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

/** New ids; the random source and its clock stay outside the domain. */
export interface Ids {
  /** e.g. `next('task')` → `task_01HZ…`. */
  next(prefix: string): string;
}

/** Each stream once, where it was named first. */
export function distinctRefs(refs: readonly StreamRef[]): StreamRef[] {
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
}

/** The map key of a stream. */
export function refKey(ref: StreamRef): string {
  return `${ref.jurisdiction}/${ref.type}/${ref.id}`;
}

/** What a store must know of an aggregate to parse what it reads and to check a head against its events. */
export interface AggregateCodec {
  readonly initial: unknown;
  /** The shape number new events are written with. */
  readonly schema: number;
  evolve(state: unknown, event: DomainEvent): unknown;
  /** Throws with a message naming the field when a stored state is not of its shape. */
  parseState(stored: unknown): unknown;
  /** Parses a stored event and upcasts old shapes; `schema` is the shape number it was written with. */
  parseEvent(stored: unknown, schema: number): DomainEvent;
}

export type CodecRegistry = Readonly<Record<AggregateType, AggregateCodec>>;
