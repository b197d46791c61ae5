import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildApp } from 'fauxqs';
import { packageFolder } from './package-folder.ts';

export interface SqsOptions {
  /** Folder of the queues and their messages; null keeps them in memory. It is created when it does not exist. */
  readonly dataDir: string | null;
  /** A free one is picked when left out. */
  readonly port?: number;
  /** Address to listen on, 127.0.0.1 when left out. */
  readonly host?: string;
}

export interface LocalSqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

interface Persistence {
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void;
  close(): void;
}

interface Internals {
  readonly stores: Stores;
  openPersistence(dataDir: string): Persistence;
}

/**
 * fauxqs keeps data only through startFauxqs(), which listens on every interface, and exports neither its stores nor
 * its persistence; so they are loaded by file. The exact version is pinned, and a test opens what another run wrote.
 */
async function loadInternals(): Promise<Internals> {
  const dist = join(packageFolder('fauxqs'), 'dist');
  const part = (path: string): Promise<Record<string, new (...args: unknown[]) => unknown>> =>
    import(pathToFileURL(join(dist, path)).href);
  const create = async (path: string, name: string): Promise<new (...args: unknown[]) => unknown> => {
    const found = (await part(path))[name];
    if (!found) throw new Error(`fauxqs has no ${name} in ${path}: its version is not the pinned one`);
    return found;
  };
  const [Sqs, Sns, S3, Manager] = await Promise.all([
    create('sqs/sqsStore.js', 'SqsStore'),
    create('sns/snsStore.js', 'SnsStore'),
    create('s3/s3Store.js', 'S3Store'),
    create('persistence.js', 'PersistenceManager'),
  ]);
  return {
    stores: { sqsStore: new Sqs(), snsStore: new Sns(), s3Store: new S3() } as Stores,
    openPersistence: (dataDir) => new Manager(dataDir) as Persistence,
  };
}

function attachPersistence({ stores, openPersistence }: Internals, dataDir: string): Persistence {
  mkdirSync(dataDir, { recursive: true });
  const persistence = openPersistence(dataDir);
  // Load before attaching: attached, every loaded queue would be written again and its messages deleted with the old row.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  Object.assign(stores.sqsStore, { persistence });
  for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  return persistence;
}

/** A queue remembers the address it was made under, and the port may be another one now. */
function moveQueues(store: Stores['sqsStore'], endpoint: string): void {
  const byUrl = (store as unknown as { queues: Map<string, unknown> }).queues;
  for (const queue of [...store.allQueues()]) {
    byUrl.delete(queue.url);
    Object.assign(queue, { url: endpoint + new URL(queue.url).pathname });
    byUrl.set(queue.url, queue);
  }
}

/**
 * Starts SQS in this process. Queue URLs stand under the endpoint; with a data folder, queues and messages (delayed
 * ones too) outlive a kill -9, also when the port changes.
 */
export async function startSqs(options: SqsOptions): Promise<LocalSqs> {
  const internals = await loadInternals();
  const { sqsStore } = internals.stores;
  const persistence = options.dataDir === null ? null : attachPersistence(internals, options.dataDir);
  const app = buildApp({ logger: false, stores: internals.stores });
  // Without a host of its own the store names queues by the address the client used: no name has to be resolved.
  sqsStore.host = '';
  if (persistence) app.addHook('preClose', async () => persistence.close());
  const host = options.host ?? '127.0.0.1';
  await app.listen({ host, port: options.port ?? 0 });
  const endpoint = `http://${host}:${(app.server.address() as AddressInfo).port}`;
  moveQueues(sqsStore, endpoint);
  return { endpoint, stop: () => app.close() };
}
