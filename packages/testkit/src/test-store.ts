import type { Dependencies } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
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
  dumpViews,
  pollStream,
  type TableNames,
} from '@duban/dynamodb';
import { createQueues, createSqsClient, createWakeQueue, type QueueUrls } from '@duban/messaging';
import { testDynamoDb, testSqs } from './emulators.ts';
import { LedgerFollower, projectChanges, reactToChanges } from './memory/followers.ts';
import { createMemoryLedger } from './memory/ledger.ts';
import { MemoryViews } from './memory/views.ts';

/** Where a test system keeps what it is told, and how views and digests follow it. */
export interface TestStore {
  readonly ports: Pick<Dependencies, 'store' | 'wakes' | 'views' | 'wakeQueue'>;
  /** All that the views show, in a form that two of them can be compared by. */
  dumpViews(): Promise<unknown>;
  /** Starts following the ledger. */
  follow(deps: Dependencies, onError: (error: unknown) => void): Followers;
  close(): void;
}

export interface Followers {
  /** Resolves when views and digests have followed the ledger. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** What only a system over DynamoDB Local and the queue emulator has. */
export interface Cloud {
  readonly client: ReturnType<typeof createDynamoClient>;
  readonly sqs: ReturnType<typeof createSqsClient>;
  readonly tables: TableNames;
  readonly queues: QueueUrls;
}

/** The stores that obey the same contract suites in memory. Nobody takes from its queue: stories move the clock. */
export function memoryStore(): TestStore {
  const { store, wakes, stream } = createMemoryLedger(codecs);
  const views = new MemoryViews();
  return {
    ports: { store, wakes, views, wakeQueue: { send: async () => {} } },
    dumpViews: () => views.dump(),
    follow: (deps, onError) => {
      const followers = [
        new LedgerFollower(stream, (changes) => projectChanges(deps, changes), onError),
        new LedgerFollower(stream, (changes) => reactToChanges(deps, changes), onError),
      ];
      const drained = () => drainTwice(followers);
      return { drained, stop: drained };
    },
    close: () => {},
  };
}

let systems = 0;

export interface Endpoints {
  readonly dynamoDb: string;
  readonly sqs: string;
}

/** Where the emulators are reached instead of where they are: through something that stands between. */
export type Through = (direct: Endpoints) => Promise<Endpoints>;

/** Tables of their own on DynamoDB Local, queues of their own on the emulator. */
export async function cloudStore(through: Through = async (direct) => direct): Promise<TestStore & Cloud> {
  systems += 1;
  const [database, queueing] = await Promise.all([testDynamoDb(), testSqs()]);
  const endpoints = await through({ dynamoDb: database.endpoint, sqs: queueing.endpoint });
  const client = createDynamoClient({ endpoint: endpoints.dynamoDb });
  const streams = createStreamsClient({ endpoint: endpoints.dynamoDb });
  const sqs = createSqsClient({ endpoint: endpoints.sqs });
  const tables = await createTables(client, `${database.tablePrefix}s${systems}-`);
  const queues = await createQueues(sqs, `${queueing.queuePrefix}s${systems}-`);
  return {
    ...{ client, sqs, tables, queues },
    ports: {
      store: createEventStore({ client, tableName: tables.ledger, codecs }),
      wakes: createWakeIndex({ client, tableName: tables.ledger }),
      views: createViewStore({ client, tableName: tables.views }),
      wakeQueue: createWakeQueue({ client: sqs, queues, speed: () => 0 }),
    },
    dumpViews: () => dumpViews(client, tables.views),
    follow: (deps, onError) => {
      const stopping = new AbortController();
      const poll = (name: string, onBatch: ReturnType<typeof createProjector>) =>
        pollStream({
          ...{ client: streams, tableName: tables.ledger, onBatch, onError, signal: stopping.signal, intervalMs: 5 },
          checkpoint: createCheckpoint({ client, tableName: tables.views, name }),
        });
      const pollers = [poll('project', createProjector(deps, codecs)), poll('react', createReactor(deps, codecs))];
      return {
        drained: () => drainTwice(pollers),
        stop: async () => {
          stopping.abort();
          await Promise.all(pollers.map(({ finished }) => finished));
        },
      };
    },
    close: () => {
      client.destroy();
      streams.destroy();
      sqs.destroy();
    },
  };
}

/** What reacting appends is projected too: the second round waits for that. */
async function drainTwice(followers: readonly { drained(): Promise<void> }[]): Promise<void> {
  for (let round = 0; round < 2; round += 1) await Promise.all(followers.map((follower) => follower.drained()));
}
