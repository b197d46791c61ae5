import {
  createDeliverer,
  type Deliverer,
  type Dependencies,
  finishImport,
  importBundle,
  type Log,
  structureRef,
} from '@duban/application';
import type { Instant } from '@duban/calendar';
import { createChannels, type OutboundSettings } from '@duban/channels';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { createApp } from '@duban/http-api';
import { handleWakeMessages } from '@duban/messaging';
import { startAdmission } from './admission/admission.ts';
import { type AdvanceReport, advanceClock } from './advance.ts';
import { startAlarmClock } from './alarm-clock.ts';
import { FIRST_MORNING, JURISDICTION } from './county.ts';
import { DataFolder } from './data-folder.ts';
import { devRoutes } from './dev-routes.ts';
import { HOST, openDoor } from './door.ts';
import { type Emulators, PINNED_EMULATORS } from './emulators/index.ts';
import { AUDIENCE, createIssuer, LOCAL_ADMIN } from './issuer.ts';
import { followLedger } from './ledger-followers.ts';
import { watchLoad } from './load-figures.ts';
import { outboundSettings } from './outbound.ts';
import { composeParts, type Parts } from './parts.ts';
import { type PollQueueOptions, pollQueue } from './queue-poller.ts';
import { superviseDynamoDb } from './supervise.ts';
import { VirtualClock } from './virtual-clock.ts';

type Width = Pick<PollQueueOptions, 'receivers' | 'batchesAtOnce'>;
/** A batch may wait up to a second for its instants. */
const WAKES_WIDTH: Width = { receivers: 6, batchesAtOnce: 6 };
/** A batch waits as long as the slowest endpoint of it; meanwhile others are carried out. */
const DELIVERIES_WIDTH: Width = { receivers: 2, batchesAtOnce: 64 };

export interface LocalCloudOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Where the clock of a new folder begins; default {@link FIRST_MORNING}. */
  readonly now?: Instant;
  readonly speed?: number;
  /** How notices leave; default: what the file named by `DUBAN_OUTBOUND` says. */
  readonly outbound?: OutboundSettings;
  /** What stands in for AWS; default: the pinned emulators, spoken to directly. */
  readonly emulators?: Emulators;
  /** No log lines but errors. */
  readonly quiet?: boolean;
}

export interface LocalCloud {
  readonly url: string;
  readonly deps: Dependencies;
  readonly dynamoDb: { readonly endpoint: string; readonly pid: number; readonly ledger: string };
  /** The folder was new: the gazette has just been loaded. */
  readonly isFirstStart: boolean;
  /** Resolves when views and digests have followed everything written so far. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * All of Duban on one machine, with its data in one folder.
 * @throws FolderInUseError, UnfinishedRestoreError, JavaMissingError, or an error with code EADDRINUSE
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const folder = new DataFolder(options.dataDir);
  folder.lock();
  const undo: (() => unknown)[] = [() => folder.unlock()];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    folder.refuseUnfinished();
    return await start(options, folder, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalCloudOptions,
  folder: DataFolder,
  undo: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<LocalCloud> {
  const log = consoleLog(options.quiet ?? false);
  const url = `http://${HOST}:${options.port}`;
  // Asked for first: a port that is taken should be said before anything else is started.
  const door = await openDoor(options.port);
  undo.push(() => door.close());
  let tick: () => Promise<void> = async () => undefined;
  const { startDynamoDb, startSqs } = options.emulators ?? PINNED_EMULATORS;
  const database = await superviseDynamoDb({ dataDir: folder.dynamoDb, start: startDynamoDb }, ({ endpoint, pid }) => {
    log.warn('dynamodb_local.restarted', { pid });
    folder.keepRuntime({ pid: process.pid, url, dynamoDb: { endpoint, pid }, sqs: { endpoint: sqs.endpoint } });
    void tick();
  });
  undo.push(() => database.stop());
  const sqs = await startSqs({ dataDir: folder.sqs });
  undo.push(() => sqs.stop());
  const { endpoint, pid } = database.current();
  folder.keepRuntime({ pid: process.pid, url, dynamoDb: { endpoint, pid }, sqs: { endpoint: sqs.endpoint } });
  const isFirstStart = !folder.seeded;
  // A new county's clock stands still until everything is assigned: all of it on the stroke of the first morning.
  const clock = new VirtualClock(
    (isFirstStart ? null : folder.clockBase()) ?? { virtual: options.now ?? FIRST_MORNING, real: Date.now(), speed: 0 },
    (base) => folder.keepClockBase(base),
  );
  const keyRing = async () => folder.keyRing();
  const parts = await composeParts({
    dynamoDb: endpoint,
    sqs: sqs.endpoint,
    clock,
    speed: () => clock.speed,
    log,
    keyRing,
  });
  undo.push(() => parts.close());
  const ending = new AbortController();
  const outbound = options.outbound ?? outboundSettings(process.env.DUBAN_OUTBOUND);
  const channels = createChannels(outbound);
  undo.push(() => channels.close());
  const deliverer = createDeliverer({ ...parts.deps, channels, linkBase: outbound.linkBase ?? url });
  const poll = (queueUrl: string, width: Width, wake?: Deliverer['deliver']) =>
    pollQueue({
      ...{ client: parts.sqs, queueUrl, ...width, signal: ending.signal, log },
      carryOut: (records) => handleWakeMessages(parts.deps, records, wake),
    });
  const wakes = poll(parts.queues.wake, WAKES_WIDTH);
  const deliveries = poll(parts.queues.delivery, DELIVERIES_WIDTH, deliverer.deliver);
  const { admission, stop: stopAdmission } = startAdmission(log);
  undo.push(stopAdmission);
  const before = { wakes: wakes.busy, deliveries: deliveries.busy, requests: () => admission.figures().waiting > 0 };
  const followers = followLedger(parts, before, ending.signal);
  undo.push(async () => {
    ending.abort();
    for (const poller of [wakes, deliveries]) poller.resume();
    await Promise.all([wakes.finished, deliveries.finished, followers.finished]);
  });
  if (isFirstStart) {
    await seed(parts);
    clock.set(clock.now(), options.speed ?? 1);
    folder.markSeeded();
  }
  const alarm = startAlarmClock(parts.deps, clock);
  tick = alarm.lookNow;
  undo.push(() => alarm.stop());
  const advance = oneAtATime(async (to: Instant) => {
    const { speed } = clock;
    for (const poller of [wakes, deliveries]) poller.pause();
    clock.set(clock.now(), 0);
    try {
      return await advanceClock(parts.deps, clock, followers.settle, to, deliverer);
    } finally {
      clock.set(clock.now(), speed);
      for (const poller of [wakes, deliveries]) poller.resume();
      await alarm.lookNow();
    }
  });
  const issuer = await createIssuer(url, folder.issuerKey());
  folder.keepIssuerKey(issuer.privateKey);
  const api = createApp({
    deps: parts.deps,
    admission,
    auth: { issuer: issuer.issuer, audience: AUDIENCE, keys: issuer.keys },
    bootstrapAdmins: [LOCAL_ADMIN],
    defaultJurisdiction: JURISDICTION,
  });
  const load = watchLoad(admission.figures);
  undo.push(load.stop);
  const { lookNow } = alarm;
  door.answer(devRoutes({ deps: parts.deps, clock, issuer, api, advance, lookNow, load: load.read }).fetch);
  await alarm.lookNow();
  return {
    url,
    deps: parts.deps,
    dynamoDb: { endpoint, pid, ledger: parts.tables.ledger },
    isFirstStart,
    settle: followers.settle,
    stop,
  };
}

async function seed({ deps }: Parts): Promise<void> {
  const bundle = bundleSchema.parse(toImportBundle(loadCounty('luxi')));
  const caller = {
    jurisdiction: JURISDICTION,
    actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
    correlationId: 'first-start',
  };
  // A first start may have died in the middle of it.
  await finishImport(deps, JURISDICTION);
  const { problems } = await importBundle(deps, caller, bundle, { dryRun: false, idempotency: null, wait: true });
  const [first] = problems;
  if (first !== undefined) throw new Error(`The gazette's data has ${problems.length} problems: ${first.message}`);
  if ((await deps.store.load(structureRef(JURISDICTION))) === null) throw new Error('The gazette was not loaded.');
}

function oneAtATime(work: (to: Instant) => Promise<AdvanceReport>): (to: Instant) => Promise<AdvanceReport> {
  let last: Promise<unknown> = Promise.resolve();
  return (to) => {
    const mine = last.catch(() => undefined).then(() => work(to));
    last = mine;
    return mine;
  };
}

function consoleLog(quiet: boolean): Log {
  const write = (level: string, message: string, fields: Parameters<Log['info']>[1]) =>
    process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`);
  return {
    // A request a line would bury what the terminal is for; the functions log them.
    info: () => undefined,
    warn: (message, fields) => void (quiet || write('warn', message, fields)),
    error: (message, fields) => void write('error', message, fields),
  };
}
