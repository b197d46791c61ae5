import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Caller, createStructureSource, type Dependencies, type DueWake, importBundle } from '@duban/application';
import type { Instant } from '@duban/calendar';
import { importBundle as importBundleSchema } from '@duban/contracts/http/imports';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import {
  createDynamoClient,
  createEventStore,
  createTables,
  createViewStore,
  createWakeIndex,
  type TableNames,
} from '@duban/dynamodb';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { type DynamoDbLocal, startDynamoDbLocal } from '@duban/local-cloud/emulators/index';
import { createSealer, newKeyRing, parseKeyRing } from '@duban/sealing';
import { ulid } from 'ulid';
import { createMeter } from './meter.ts';
import { JURISDICTION } from './tasks.ts';

const BARE_START: Instant = Date.parse('2023-05-15T08:30:00+08:00');

/** The use cases over a real DynamoDB Local and nothing else: no server, no streams; the clock stands until it is set. */
export interface BareCloud {
  readonly deps: Dependencies;
  readonly client: DynamoDBClient;
  readonly tables: TableNames;
  readonly dynamoDb: DynamoDbLocal;
  readonly during: ReturnType<typeof createMeter>['during'];
  /** What the queue would have carried. */
  readonly sent: DueWake[];
  setClock(now: Instant): void;
  stop(): Promise<void>;
}

/** @param prefix of the tables; a deployed function of the benchmark finds them by it */
export async function startBareCloud(prefix = 'bench-'): Promise<BareCloud> {
  const dynamoDb = await startDynamoDbLocal({ dataDir: null });
  const meter = createMeter();
  const client = createDynamoClient({ endpoint: dynamoDb.endpoint, onCapacity: meter.hook });
  const tables = await createTables(client, prefix);
  const store = createEventStore({ client, tableName: tables.ledger, codecs });
  const sent: DueWake[] = [];
  let now = BARE_START;
  const keys = parseKeyRing(newKeyRing());
  const deps: Dependencies = {
    store,
    wakes: createWakeIndex({ client, tableName: tables.ledger }),
    wakeQueue: { send: async (wakes) => void sent.push(...wakes) },
    structures: createStructureSource(store, snapshotCodec),
    snapshots: snapshotCodec,
    views: createViewStore({ client, tableName: tables.views }),
    clock: { now: () => now, until: async () => undefined },
    ids: { next: (kind) => `${kind}_${ulid()}` },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sealer: createSealer(async () => keys),
  };
  return {
    ...{ deps, client, tables, dynamoDb, sent },
    during: meter.during,
    setClock: (instant) => {
      now = instant;
    },
    stop: async () => {
      client.destroy();
      await dynamoDb.stop();
    },
  };
}

/** The real county: its structure and, when asked for, its tasks. */
export async function importCounty(deps: Dependencies, options: { readonly tasks: boolean }): Promise<void> {
  const caller: Caller = {
    jurisdiction: JURISDICTION,
    actor: { person: 'system:bench', bootstrapAdmin: true },
    correlationId: 'bench',
  };
  const { tasks, ...structure } = importBundleSchema.parse(toImportBundle(loadCounty('luxi')));
  const bundle = options.tasks ? { ...structure, tasks } : structure;
  const { problems } = await importBundle(deps, caller, bundle, { dryRun: false, idempotency: null });
  if (problems.length > 0) throw new Error(`The county's gazette has ${problems.length} problems.`);
}
