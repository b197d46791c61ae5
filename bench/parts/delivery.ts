import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '@duban/calendar';
import { parseOutboundSettings } from '@duban/channels';
import { createDynamoClient } from '@duban/dynamodb';
import { plantRecipients, plantTasksOfUnits } from '../delivery/county.ts';
import { countLedger, type LedgerCount } from '../delivery/ledger.ts';
import { type ReceiverProcess, startReceiverProcess, type Tally } from '../delivery/receiver-port.ts';
import { type BenchCloud, startBenchCloud } from '../lib/cloud.ts';
import { watchCpu } from '../lib/cpu.ts';
import { say } from '../lib/progress.ts';
import { percentile, round } from '../lib/statistics.ts';
import { untilNothingDue } from '../lib/wait.ts';

const LOOPBACK = parseOutboundSettings({ allow: ['127.0.0.0/8'] });

/** Recipients of one release: every bureau, township and village office of a county, and more. */
const RECIPIENTS = 1_300;
/** 1,000 units, 34 tasks each, three notices each. */
const UNITS = 1_000;
const TASKS_EACH = 34;
/** Before the release, for the clock to be set and the alarm clock to look. */
const LEAD_MS = 6_000;
const PATIENCE_MS = 120_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Digests on webhooks: how soon a thousand recipients have theirs, and what becomes of a hundred thousand notices. */
export async function measureDelivery() {
  return { recipients: await withCloud(measureRecipients), notices: await withCloud(measureNotices) };
}

async function withCloud<T>(measure: (cloud: BenchCloud, receiver: ReceiverProcess) => Promise<T>): Promise<T> {
  const receiver = await startReceiverProcess();
  const cloud = await startBenchCloud(LOOPBACK);
  try {
    return await measure(cloud, receiver);
  } finally {
    await cloud.stop();
    receiver.stop();
  }
}

/** Every recipient's digest is released at one instant of a clock that runs as all clocks do. */
async function measureRecipients(cloud: BenchCloud, receiver: ReceiverProcess) {
  const { deps, dynamoDb } = cloud;
  say(`delivery: planting ${RECIPIENTS} recipients`);
  await plantRecipients(deps, RECIPIENTS, receiver.url);
  await cloud.settle();
  const begun = deps.clock.now();
  // The end of the window that the notices join; they are all raised before it ends.
  const releaseAt = begun - (begun % (5 * MINUTE)) + 5 * MINUTE;
  await cloud.setClock(releaseAt - 4 * MINUTE);
  await plantTasksOfUnits(deps, RECIPIENTS, 1, null);
  await cloud.settle();
  const cpu = watchCpu(dynamoDb.pid);
  await cloud.setClock(releaseAt - LEAD_MS);
  await deps.clock.until(releaseAt);
  const start = Date.now();
  const tally = await untilAll(receiver, RECIPIENTS);
  const { own, all } = cpu();
  await untilDelivered(cloud);
  const recordedSeconds = (deps.clock.now() - releaseAt) / 1_000;
  await cloud.settle();
  const counted = await counts(cloud);
  const seconds = Object.values(tally.firstAt).map((at) => (at - start) / 1_000);
  return {
    recipients: RECIPIENTS,
    p50Seconds: round(percentile(seconds, 50), 1),
    p99Seconds: round(percentile(seconds, 99), 1),
    lastSeconds: round(Math.max(...seconds), 1),
    allRecordedSeconds: round(recordedSeconds, 1),
    ...reckoned(counted, await receiver.tally()),
    ownCpuSeconds: round(own, 1),
    cpuSeconds: all === null ? null : round(all, 1),
  };
}

/** Until no attempt is under way: each that is has a lease in the wake index. */
async function untilDelivered({ deps, dynamoDb }: BenchCloud): Promise<void> {
  const client = createDynamoClient({ endpoint: dynamoDb.endpoint });
  await untilNothingDue(client, dynamoDb.ledger, deps.clock.now() + 2 * MINUTE, PATIENCE_MS);
  client.destroy();
}

async function untilAll(receiver: ReceiverProcess, recipients: number): Promise<Tally> {
  const start = performance.now();
  for (;;) {
    const tally = await receiver.tally();
    if (Object.keys(tally.firstAt).length >= recipients || performance.now() - start > PATIENCE_MS) return tally;
    await pause(200);
  }
}

/** A fifth of all requests fail, and one morning the receiver is away for an hour. */
async function measureNotices(cloud: BenchCloud, receiver: ReceiverProcess) {
  const { deps, dynamoDb } = cloud;
  say(`delivery: planting ${UNITS} recipients, ${UNITS * TASKS_EACH} tasks`);
  await plantRecipients(deps, UNITS, receiver.url);
  await cloud.settle();
  const start = performance.now();
  const cpu = watchCpu(dynamoDb.pid);
  const { calendar } = await deps.structures.current('433122');
  const begun = deps.clock.now();
  const dueAt = calendar.endOfDay(calendar.addDays(calendar.dateOf(begun), 21));
  await receiver.behave(FAILING, false);
  await plantTasksOfUnits(deps, UNITS, TASKS_EACH, dueAt);
  await cloud.settle();
  // The morning of a reminder, ten days on.
  const morning = calendar.startOfDay(calendar.addDays(calendar.dateOf(begun), 14)) + 8 * HOUR + 25 * MINUTE;
  await advanceBy(cloud, begun, morning);
  say('delivery: the receiver is away for an hour');
  await receiver.behave(FAILING, true);
  await cloud.advance(morning + HOUR);
  await receiver.behave(FAILING, false);
  await advanceBy(cloud, morning + HOUR, dueAt - MINUTE);
  const seconds = (performance.now() - start) / 1_000;
  const { own, all } = cpu();
  say('delivery: reading the ledger');
  const counted = await counts(cloud);
  const tally = await receiver.tally();
  return {
    ...reckoned(counted, tally),
    refused: tally.refused,
    cut: tally.cut,
    seconds: round(seconds),
    noticesPerSecond: round(counted.notices.size / seconds),
    ownCpuSeconds: round(own),
    cpuSeconds: all === null ? null : round(all),
  };
}

const FAILING = 0.2;

async function advanceBy(cloud: BenchCloud, from: Instant, to: Instant): Promise<void> {
  for (let at = from; at < to; ) {
    at = Math.min(to, at + DAY);
    await cloud.advance(at);
    say(`delivery: ${new Date(at).toISOString()}`);
  }
}

async function counts(cloud: BenchCloud): Promise<LedgerCount> {
  const client = createDynamoClient({ endpoint: cloud.dynamoDb.endpoint });
  try {
    return await countLedger(client, cloud.dynamoDb.ledger);
  } finally {
    client.destroy();
  }
}

/** The ledger's account beside the receiver's. */
function reckoned({ notices, digests, events, statuses }: LedgerCount, tally: Tally) {
  const { AttemptStarted = 0, AttemptSucceeded = 0, AttemptFailed = 0, AttemptLapsed = 0 } = events;
  const lost = [...notices].filter((notice) => tally.notices[notice] === undefined).length;
  return {
    notices: notices.size,
    digests,
    deliveries: events.DeliveryRequested ?? 0,
    delivered: statuses.delivered ?? 0,
    attempts: AttemptStarted,
    failedAttempts: AttemptFailed,
    deferrals: events.DeliveryDeferred ?? 0,
    lost,
    toldTwice: Object.values(tally.notices).filter((times) => times > 1).length,
    /** Taken in by a receiver that gave no answer, then sent again under the same id. */
    doublesToDrop: Object.values(tally.arrived).reduce((sum, times) => sum + times - 1, 0),
    alteredDoubles: tally.altered,
    attemptsWithoutEnd: AttemptStarted - AttemptSucceeded - AttemptFailed - AttemptLapsed,
    requestsUnaccounted: tally.requests - AttemptStarted,
  };
}
