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
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { createApp } from '@duban/http-api';
import { type AdvanceReport, advanceClock } from '@duban/local-cloud/advance';
import { AUDIENCE, createIssuer, LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { createSealer, newKeyRing, parseKeyRing } from '@duban/sealing';
import { ManualClock } from './manual-clock.ts';
import { type Cloud, cloudStore, memoryStore, type TestStore, type Through } from './test-store.ts';

export interface TestSystem {
  readonly deps: Dependencies;
  readonly app: ReturnType<typeof createApp>;
  readonly clock: ManualClock;
  readonly deliverer: Deliverer;
  readonly jurisdiction: string;
  /** What the log was told, for tests that nothing private reaches it. */
  readonly logged: readonly string[];
  token(person: string): Promise<string>;
  adminToken(): Promise<string>;
  /** All that the views show, in a form that can be compared. */
  dumpViews(): Promise<unknown>;
  /** Resolves when views and digests have followed the ledger. */
  settle(): Promise<void>;
  /** Moves the clock through all that is due, as `/dev/clock/advance` does. */
  advance(to: number): Promise<AdvanceReport>;
  close(): Promise<void>;
}

/** One over DynamoDB Local and the queue emulator, with the way to both. */
export type CloudTestSystem = TestSystem & Cloud;

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

export interface TestSystemOptions {
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
}

/**
 * The whole of Duban with a clock that moves only when told. What it keeps lies in memory, in stores that the contract
 * suites hold to the same promises as the real ones; with `DUBAN_TEST_STORE=dynamodb` every story runs on DynamoDB Local.
 */
export async function createTestSystem(options: TestSystemOptions): Promise<TestSystem> {
  const overDynamoDb = process.env.DUBAN_TEST_STORE === 'dynamodb';
  return systemOver(overDynamoDb ? await cloudStore() : memoryStore(), options);
}

/** The same over DynamoDB Local and a real SQS emulator, whatever is asked of the others: for what concerns them. */
export async function createCloudTestSystem(
  options: TestSystemOptions & { readonly through?: Through },
): Promise<CloudTestSystem> {
  const { client, sqs, tables, queues, ...store } = await cloudStore(options.through);
  return { ...(await systemOver(store, options)), client, sqs, tables, queues };
}

async function systemOver(testStore: TestStore, options: TestSystemOptions): Promise<TestSystem> {
  const clock = new ManualClock(options.now);
  const logged: string[] = [];
  const ids = countingIds();
  const log = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
  const keys = parseKeyRing(newKeyRing());
  const deps: Dependencies = {
    ...testStore.ports,
    structures: createStructureSource(testStore.ports.store, snapshotCodec),
    snapshots: snapshotCodec,
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
  const followers = testStore.follow(deps, (error) => log('stream.failed', { error: String(error) }));
  const settle = () => followers.drained();
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
    logged,
    app: createApp({
      deps,
      auth: { issuer: issuer.issuer, audience: AUDIENCE, keys: issuer.keys },
      bootstrapAdmins: [LOCAL_ADMIN],
      defaultJurisdiction: jurisdiction,
      notFoundBeatMs: 0,
    }),
    token: (person) => issuer.token(person),
    adminToken: () => issuer.token(LOCAL_ADMIN),
    dumpViews: testStore.dumpViews,
    settle,
    advance: (to) => advanceClock(deps, clock, settle, to, deliverer),
    close: async () => {
      await followers.stop();
      testStore.close();
    },
  };
}
