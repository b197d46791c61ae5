import { randomUUID } from 'node:crypto';
import { type Clock, createStructureSource, type Dependencies, type Log } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import {
  createDynamoClient,
  createEventStore,
  createStreamsClient,
  createTables,
  createViewStore,
  createWakeIndex,
  type TableNames,
} from '@duban/dynamodb';
import { createQueues, createSqsClient, createWakeQueue, type QueueUrls } from '@duban/messaging';
import { createSealer, type KeyRing } from '@duban/sealing';

const PREFIX = 'duban-';

interface Clocked {
  readonly clock: Clock;
  readonly speed: () => number;
  readonly log: Log;
  readonly keyRing: () => Promise<KeyRing>;
}

/** The use cases' dependencies over the emulators, and what the pollers and commands need besides. */
export async function composeParts(options: Clocked & { readonly dynamoDb: string; readonly sqs: string }) {
  const clients = clientsOf(options.dynamoDb, options.sqs);
  const tables = await createTables(clients.client, PREFIX);
  return partsOf(clients, tables, await createQueues(clients.sqs, PREFIX), options);
}

/** @param dynamoDb endpoint of an emulator; left out, the environment says where AWS is */
export function clientsOf(dynamoDb?: string, sqs?: string) {
  const of = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  return {
    client: createDynamoClient(of(dynamoDb)),
    streams: createStreamsClient(of(dynamoDb)),
    sqs: createSqsClient(of(sqs)),
  };
}

export function partsOf<Queues extends QueueUrls>(
  { client, streams, sqs }: ReturnType<typeof clientsOf>,
  tables: TableNames,
  queues: Queues,
  { clock, speed, log, keyRing }: Clocked,
) {
  const store = createEventStore({ client, tableName: tables.ledger, codecs });
  const deps: Dependencies = {
    store,
    wakes: createWakeIndex({ client, tableName: tables.ledger }),
    wakeQueue: createWakeQueue({ client: sqs, queues, speed }),
    structures: createStructureSource(store, snapshotCodec),
    snapshots: snapshotCodec,
    views: createViewStore({ client, tableName: tables.views }),
    clock,
    ids: { next: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}` },
    log,
    sealer: createSealer(keyRing),
  };
  const close = () => {
    client.destroy();
    streams.destroy();
    sqs.destroy();
  };
  return { deps, client, streams, sqs, tables, queues, close };
}

export type Parts = Awaited<ReturnType<typeof composeParts>>;
