import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createStructureSource, type EventStore, type StreamRef, taskRef } from '@duban/application';
import type { Instant } from '@duban/calendar';
import { codecs } from '@duban/contracts/stored/codecs';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import { createDynamoClient, createEventStore, createWakeIndex, dumpViews, tableNames } from '@duban/dynamodb';
import { Draw } from '@duban/testkit/draw';
import { reckon, unfinished } from '@duban/testkit/faults/reckoning';
import { say } from '../lib/progress.ts';
import { percentile, round } from '../lib/statistics.ts';
import { JURISDICTION, PLAN } from '../lib/tasks.ts';
import { FaultyProduct, VICTIMS, type Victim } from './product.ts';

export interface FaultsOptions {
  readonly seed: number;
  /** Items that fall due at one instant, in every storm. */
  readonly items: number;
  /** kill -9 of each process, over all storms. */
  readonly kills: number;
  readonly storms: number;
}

export interface FaultsFigure {
  readonly seed: number;
  readonly items: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly storms: number;
  /** Kills while items of the storm were still to be done; the others struck digests and views that followed. */
  readonly killsBeforeTheLastItem: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly notices: number;
  readonly lost: number;
  readonly duplicate: number;
  readonly chains: { readonly verified: boolean; readonly said: string };
  readonly viewsEqualRebuild: boolean;
  /** From a kill until the product answered again. */
  readonly recoverySeconds: { readonly p50: number; readonly max: number };
  readonly seconds: number;
}

const DUE = '2023-06-15';
/** From when the faults begin until the items fall due (ms of the clock). */
const LEAD_MS = 3_000;
/** The alarm clock then looks every twelve seconds, and takes a message for lost after six. */
const SPEED = 5;
/** Between a recovery and the next kill, while items are still to be done: less than a storm takes, or one blow is all of it (ms). */
const LONGEST_RUSH_MS = 400;
/** The same when every item is done, and digests and views follow (ms). */
const LONGEST_PEACE_MS = 1_500;
const PATIENCE_MS = 600_000;
const LOOK_EVERY_MS = 50;

/**
 * Items that share every instant climb their ladder, each rung a storm, while calls meet faults and processes are
 * killed; then everything is counted.
 */
export async function runStorms({ seed, items, kills, storms }: FaultsOptions): Promise<FaultsFigure> {
  const began = performance.now();
  const draw = new Draw(seed);
  const recoveries: number[] = [];
  let early = 0;
  const product = await FaultyProduct.start(seed);
  try {
    say(`importing ${items} items`);
    const refs = await plant(product, items);
    for (let storm = 1; storm <= storms; storm += 1) {
      const at = await nextInstant(product, refs);
      say(`storm ${storm} of ${storms}: ${new Date(at).toISOString()}`);
      await product.call('POST', '/dev/clock/advance', { to: iso(at - 2 * LEAD_MS) });
      product.faults(true);
      await until(
        () => product.call('PUT', '/dev/clock', { now: iso(at - LEAD_MS), speed: SPEED }),
        () => true,
      );
      await pause(LEAD_MS / SPEED);
      for (const victim of victims(
        Math.round((kills * storm) / storms) - Math.round((kills * (storm - 1)) / storms),
        draw,
      )) {
        const longest = (await goesOn(product, at)) ? LONGEST_RUSH_MS : LONGEST_PEACE_MS;
        await pause(draw.next() * longest);
        if (await goesOn(product, at)) early += 1;
        recoveries.push(await product.strike(victim));
      }
      await until(
        () => unfinished(ledgerOf(product), refs, at),
        (left) => left === 0,
      );
      product.faults(false);
      await settle(product);
    }
    return {
      ...{ seed, items, kills: { server: kills, dynamodb: kills }, storms, killsBeforeTheLastItem: early },
      faults: product.met(),
      ...(await finalCount(product, refs)),
      recoverySeconds: { p50: round(percentile(recoveries, 50), 2), max: round(Math.max(0, ...recoveries), 2) },
      seconds: round((performance.now() - began) / 1_000),
    };
  } finally {
    await product.stop();
  }
}

/** Everything is compared as it stands and, for the views, as the ledger alone would have it. */
async function finalCount(product: FaultyProduct, refs: readonly StreamRef[]) {
  say('counting');
  const store = ledgerOf(product);
  const structure = await createStructureSource(store, snapshotCodec).current(JURISDICTION);
  const { now } = await product.call<{ now: string }>('GET', '/dev/clock');
  const counted = await reckon(store, refs, structure, Date.parse(now));
  say('verifying every chain');
  const audit = await product.command('audit', 'verify');
  say('building the views anew');
  const followed = await viewsOf(product);
  const rebuilt = await product.command('views', 'rebuild');
  if (!rebuilt.ok) throw new Error(rebuilt.said);
  const viewsEqualRebuild = isDeepStrictEqual(followed, await viewsOf(product));
  return { ...counted, chains: { verified: audit.ok, said: audit.said.trim() }, viewsEqualRebuild };
}

async function plant(product: FaultyProduct, items: number): Promise<readonly StreamRef[]> {
  const numbers = Array.from({ length: items }, (_, index) => 1_000 + index);
  const tasks = numbers.map((seq) => ({
    ...{ documentNumber: '泸政办发〔2023〕5号', list: '安全生产', leadUnits: ['县住建局'], due: DUE },
    ...{ seq, title: `排查第${seq}处`, text: '排查并整改' },
  }));
  const token = await product.adminToken();
  const body = { jurisdiction: JURISDICTION, tasks };
  const { id } = await product.call<{ id: string }>('POST', '/v1/imports', body, token);
  const asked = () => product.call<{ state: string }>('GET', `/v1/imports/${id}?limit=1`, undefined, token);
  await until(asked, ({ state }) => state === 'done');
  await settle(product);
  return numbers.map((seq) => taskRef(JURISDICTION, `task_${PLAN}-${seq}`));
}

/** The next storm's instant: that of every item. */
async function nextInstant(product: FaultyProduct, refs: readonly StreamRef[]): Promise<Instant> {
  const heads = await ledgerOf(product).loadMany(refs);
  const instants = new Set([...heads.values()].map(({ nextWakeAt }) => nextWakeAt));
  const [only, another] = instants;
  if (only == null || another !== undefined || heads.size < refs.length) {
    throw new Error(`${heads.size} items wait for ${instants.size} instants`);
  }
  return only;
}

/** Whether items of the storm are still to be done: one look at the wake index, for a look at all items takes as long as they do. */
function goesOn(product: FaultyProduct, at: Instant): Promise<boolean> {
  const wakes = createWakeIndex({ client: clientOf(product), tableName: tableNames('duban-').ledger });
  return until(
    async () => {
      for await (const page of wakes.due(at)) if (page.some(({ ref }) => ref.type === 'task')) return true;
      return false;
    },
    () => true,
  );
}

/** Views and digests have followed when a clock that goes nowhere has arrived. */
async function settle(product: FaultyProduct): Promise<void> {
  const { now } = await product.call<{ now: string }>('PUT', '/dev/clock', { speed: 0 });
  await product.call('POST', '/dev/clock/advance', { to: now });
}

/** Each process as often as the others, in an order of the seed's. */
function victims(each: number, draw: Draw): readonly Victim[] {
  const all = VICTIMS.flatMap((victim) => Array.from({ length: each }, () => ({ victim, place: draw.next() })));
  return all.sort((a, b) => a.place - b.place).map(({ victim }) => victim);
}

/** Asks again until the answer is one to stop at; what cannot be asked just now is asked later. */
async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && enough(answer)) return answer;
    if (performance.now() - began > PATIENCE_MS) throw new Error('It did not happen in ten minutes');
    await pause(LOOK_EVERY_MS);
  }
}

function ledgerOf(product: FaultyProduct): EventStore {
  return createEventStore({ client: clientOf(product), tableName: tableNames('duban-').ledger, codecs });
}

function viewsOf(product: FaultyProduct): Promise<Readonly<Record<string, unknown>>> {
  return dumpViews(clientOf(product), tableNames('duban-').views);
}

const clients = new Map<string, ReturnType<typeof createDynamoClient>>();
/** Past the proxy: whoever counts must not be deceived. */
function clientOf({ dynamoDbEndpoint: endpoint }: FaultyProduct) {
  const client = clients.get(endpoint) ?? createDynamoClient({ endpoint });
  clients.set(endpoint, client);
  return client;
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
