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
} from '@duban/dynamodb';
import { createQueues, createSqsClient, createWakeQueue } from '@duban/messaging';

const PREFIX = 'duban-';

/** The use cases' dependencies over the emulators, and what the pollers and commands need besides. */
export async function composeParts(options: {
  readonly dynamoDb: string;
  readonly sqs: string;
  readonly clock: Clock;
  readonly speed: () => number;
  readonly log: Log;
}) {
  const client = createDynamoClient({ endpoint: options.dynamoDb });
  const streams = createStreamsClient({ endpoint: options.dynamoDb });
  const sqs = createSqsClient({ endpoint: options.sqs });
  const tables = await createTables(client, PREFIX);
  const queues = await createQueues(sqs, PREFIX);
  const store = createEventStore({ client, tableName: tables.ledger, codecs });
  const deps: Dependencies = {
    store,
    wakes: createWakeIndex({ client, tableName: tables.ledger }),
    wakeQueue: createWakeQueue({ client: sqs, queueUrl: queues.wake, speed: options.speed }),
    structures: createStructureSource(store, snapshotCodec),
    snapshots: snapshotCodec,
    views: createViewStore({ client, tableName: tables.views }),
    clock: options.clock,
    ids: { next: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}` },
    log: options.log,
  };
  const close = () => {
    client.destroy();
    streams.destroy();
    sqs.destroy();
  };
  return { deps, client, streams, sqs, tables, queues, close };
}

export type Parts = Awaited<ReturnType<typeof composeParts>>;
