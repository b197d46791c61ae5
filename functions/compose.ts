import { type Clock, createStructureSource, type Dependencies } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import { createDynamoClient, createEventStore, createViewStore, createWakeIndex } from '@duban/dynamodb';
import { createSqsClient, createWakeQueue } from '@duban/messaging';
import { monotonicFactory } from 'ulid';
import { type PipelineEnv, pipelineEnv } from './env.ts';
import { log } from './log.ts';

/** The real clock; read here and nowhere else. */
const clock: Clock = {
  now: () => Date.now(),
  until: async (at) => {
    // A timer may fire a millisecond early; a deadline never does.
    for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  },
};

/** Asks the random source once a millisecond and not sixteen times an id: a storm needs ten thousand. */
const ulid = monotonicFactory();

/** The use cases' dependencies on AWS, put together once an execution environment. */
export function compose(env: PipelineEnv = pipelineEnv()): Dependencies {
  const client = createDynamoClient({});
  const store = createEventStore({ client, tableName: env.DUBAN_LEDGER_TABLE, codecs });
  return {
    store,
    wakes: createWakeIndex({ client, tableName: env.DUBAN_LEDGER_TABLE }),
    wakeQueue: createWakeQueue({ client: createSqsClient({}), queueUrl: env.DUBAN_WAKE_QUEUE_URL }),
    structures: createStructureSource(store, snapshotCodec),
    snapshots: snapshotCodec,
    views: createViewStore({ client, tableName: env.DUBAN_VIEWS_TABLE }),
    clock,
    ids: { next: (prefix) => `${prefix}_${ulid()}` },
    log,
  };
}
