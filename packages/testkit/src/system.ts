import {
  type ChannelSender,
  createDeliverer,
  createStructureSource,
  type Deliverer,
  type Dependencies,
  type ImportBundle,
  importBundle,
} from '@duban/application';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import {
  createCheckpoint,
  createDynamoClient,
  createEventStore,
  createProjector,
  createReactor,
  createStreamsClient,
  createTables,
  createViewStore,
  createWakeIndex,
  pollStream,
  type TableNames,
} from '@duban/dynamodb';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { createApp } from '@duban/http-api';
import { type AdvanceReport, advanceClock } from '@duban/local-cloud/advance';
import { AUDIENCE, createIssuer, LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { createQueues, createSqsClient, createWakeQueue, type QueueUrls } from '@duban/messaging';
import { createSealer, newKeyRing, parseKeyRing } from '@duban/sealing';
import { testDynamoDb, testSqs } from './emulators.ts';
import { ManualClock } from './manual-clock.ts';

export interface TestSystem {
  readonly deps: Dependencies;
  readonly app: ReturnType<typeof createApp>;
  readonly clock: ManualClock;
  readonly deliverer: Deliverer;
  readonly jurisdiction: string;
  readonly client: ReturnType<typeof createDynamoClient>;
  readonly sqs: ReturnType<typeof createSqsClient>;
  readonly tables: TableNames;
  readonly queues: QueueUrls;
  /** What the log was told, for tests that nothing private reaches it. */
  readonly logged: readonly string[];
  token(person: string): Promise<string>;
  adminToken(): Promise<string>;
  /** Resolves when views and digests have followed the ledger. */
  settle(): Promise<void>;
  /** Moves the clock through all that is due, as `/dev/clock/advance` does. */
  advance(to: number): Promise<AdvanceReport>;
  close(): Promise<void>;
}

/** As of a deployment that has neither mail server nor way out. */
const NO_CHANNELS: ChannelSender = {
  kinds: new Set(),
  send: async () => ({
    ...{ accepted: false, status: null, latencyMs: 0, answer: null, fault: 'not_configured', retryAfterMs: null },
  }),
};

function countingIds(): Dependencies['ids'] {
  let last = 0;
  return {
    next: (prefix) => {
      last += 1;
      return `${prefix}_${String(last).padStart(6, '0')}`;
    },
  };
}

const STORY_LISTS = ['安全生产', '县定民生'];

let whole: ReturnType<typeof bundleSchema.parse> | null = null;
/** Hundreds of tasks and duties that a story never looks at would only make it slow. */
function luxi(which: County): ImportBundle {
  whole ??= bundleSchema.parse(toImportBundle(loadCounty('luxi')));
  const { tasks = [], duties = [], ...structure } = whole;
  if (which === 'structure of luxi') return structure;
  return {
    ...structure,
    duties: which === 'luxi' ? [] : duties,
    tasks: tasks.filter(({ list }) => which === 'all of luxi' || (which === 'luxi' && STORY_LISTS.includes(list))),
  };
}

type County = 'luxi' | 'structure of luxi' | 'duties of luxi' | 'all of luxi';

let systems = 0;

/** The whole of Duban over DynamoDB Local and a real SQS emulator, with a clock that moves only when told. */
export async function createTestSystem(options: {
  readonly now: number;
  /**
   * `luxi`: the county with the two lists most stories are about; `structure of luxi`: without tasks and duties;
   * `duties of luxi`: with its recurring duties and no task; `all of luxi`: with everything.
   */
  readonly bundle?: County | ImportBundle | null;
  /** What notices are sent with; default: nothing is configured. */
  readonly channels?: ChannelSender;
  /** What links in notices begin with; default: they have none. */
  readonly linkBase?: string | null;
}): Promise<TestSystem> {
  systems += 1;
  const [database, queueing] = await Promise.all([testDynamoDb(), testSqs()]);
  const client = createDynamoClient({ endpoint: database.endpoint });
  const streams = createStreamsClient({ endpoint: database.endpoint });
  const sqs = createSqsClient({ endpoint: queueing.endpoint });
  const tables = await createTables(client, `${database.tablePrefix}s${systems}-`);
  const queues = await createQueues(sqs, `${queueing.queuePrefix}s${systems}-`);
  const clock = new ManualClock(options.now);
  const store = createEventStore({ client, tableName: tables.ledger, codecs });
  const logged: string[] = [];
  const ids = countingIds();
  const log = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
  const keys = parseKeyRing(newKeyRing());
  const deps: Dependencies = {
    store,
    wakes: createWakeIndex({ client, tableName: tables.ledger }),
    wakeQueue: createWakeQueue({ client: sqs, queues, speed: () => 0 }),
    structures: createStructureSource(store, snapshotCodec),
    snapshots: snapshotCodec,
    views: createViewStore({ client, tableName: tables.views }),
    clock,
    ids,
    log: { info: log, warn: log, error: log },
    sealer: createSealer(async () => keys),
  };
  const deliverer = createDeliverer({
    ...deps,
    channels: options.channels ?? NO_CHANNELS,
    linkBase: options.linkBase ?? null,
  });
  const stop = new AbortController();
  const follow = (name: string, onBatch: ReturnType<typeof createProjector>) =>
    pollStream({
      client: streams,
      tableName: tables.ledger,
      checkpoint: createCheckpoint({ client, tableName: tables.views, name }),
      onBatch,
      signal: stop.signal,
      intervalMs: 5,
      onError: (error) => log('stream.failed', { error: String(error) }),
    });
  const pollers = [follow('project', createProjector(deps, codecs)), follow('react', createReactor(deps, codecs))];
  const settle = async () => {
    // What reacting appends is projected too: the second round waits for that.
    for (let round = 0; round < 2; round += 1) await Promise.all(pollers.map((poller) => poller.drained()));
  };
  const jurisdiction = '433122';
  const issuer = await createIssuer('https://issuer.test');
  const bundle = typeof options.bundle === 'string' ? luxi(options.bundle) : options.bundle;
  if (bundle != null) {
    const caller = {
      jurisdiction,
      actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
      correlationId: 'first-import',
    };
    const { problems } = await importBundle(deps, caller, bundle, { dryRun: false, idempotency: null, wait: true });
    if (problems.length > 0) throw new Error(`The bundle has problems: ${JSON.stringify(problems.slice(0, 3))}`);
  }
  await settle();
  return {
    deps,
    clock,
    deliverer,
    jurisdiction,
    client,
    sqs,
    tables,
    queues,
    logged,
    app: createApp({
      deps,
      auth: { issuer: issuer.issuer, audience: AUDIENCE, keys: issuer.keys },
      bootstrapAdmins: [LOCAL_ADMIN],
      defaultJurisdiction: jurisdiction,
    }),
    token: (person) => issuer.token(person),
    adminToken: () => issuer.token(LOCAL_ADMIN),
    settle,
    advance: (to) => advanceClock(deps, clock, settle, to, deliverer),
    close: async () => {
      stop.abort();
      await Promise.all(pollers.map((poller) => poller.finished));
      client.destroy();
      streams.destroy();
      sqs.destroy();
    },
  };
}
