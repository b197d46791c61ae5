import { type Clock, createStructureSource, type Dependencies, type Sealer } from '@duban/application';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import { createDynamoClient, createEventStore, createViewStore, createWakeIndex } from '@duban/dynamodb';
import { createSqsClient, createWakeQueue } from '@duban/messaging';
import { createSealer, parseKeyRing } from '@duban/sealing';
import { monotonicFactory } from 'ulid';
import type { Env, LEDGER, SEALED, VIEWS, WAKES } from './env.ts';
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

type LedgerEnv = Env<typeof LEDGER>;
type ViewsEnv = LedgerEnv & Env<typeof VIEWS>;
type WakesEnv = LedgerEnv & Env<typeof WAKES>;

const client = createDynamoClient({});

/** What finds wakes and sends them. */
export function composeWakes(env: WakesEnv) {
  return {
    wakes: createWakeIndex({ client, tableName: env.DUBAN_LEDGER_TABLE }),
    wakeQueue: createWakeQueue({
      client: createSqsClient({}),
      queues: { wake: env.DUBAN_WAKE_QUEUE_URL, delivery: env.DUBAN_DELIVERY_QUEUE_URL },
    }),
    clock,
    log,
  };
}

/** What reads the ledger and writes the views. */
export function composeViews(env: ViewsEnv) {
  const store = createEventStore({ client, tableName: env.DUBAN_LEDGER_TABLE, codecs });
  return {
    store,
    structures: createStructureSource(store, snapshotCodec),
    views: createViewStore({ client, tableName: env.DUBAN_VIEWS_TABLE }),
    log,
  };
}

/**
 * All of the use cases' dependencies on AWS, put together once an execution environment.
 * @param sealer of a function that opens or seals; others have no keys
 */
export function compose(env: ViewsEnv & WakesEnv, sealer: Sealer = WITHOUT_KEYS): Dependencies {
  return {
    ...composeViews(env),
    ...composeWakes(env),
    snapshots: snapshotCodec,
    sealer,
    ids: { next: (prefix) => `${prefix}_${ulid()}` },
  };
}

/** Reads the keys when something is first sealed or opened: an address, a link, the cursor of a next page. */
export function composeSealer({ DUBAN_SEALING_SECRET: arn }: Env<typeof SEALED>): Sealer {
  return createSealer(async () => parseKeyRing(await readSecret(arn)));
}

export async function readSecret(arn: string): Promise<string> {
  const secrets = await import('@duban/sealing/secrets-manager');
  return secrets.readSecret(arn);
}

const WITHOUT_KEYS: Sealer = createSealer(async () => {
  throw new Error('This function has no keys to seal with.');
});
