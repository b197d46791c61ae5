import {
  aggregates,
  createStructureSource,
  type Dependencies,
  type Head,
  type RecordedEvent,
  rebuildViews,
  refKey,
} from '@duban/application';
import type { Instant } from '@duban/calendar';
import { snapshotCodec } from '@duban/contracts/stored/snapshots';
import type { DeliveryEvent, DigestEvent, ExistingDelivery, ExistingTask, ItemEvent } from '@duban/domain';
import { awaits, checkClock } from './clock-model.ts';
import type { Made, SimulatedCloud } from './cloud.ts';
import { addressedIn, type Report, type Told, type Violation } from './findings.ts';
import type { People } from './people.ts';
import { checkRecipients } from './recipients-model.ts';

const ITEMS = new Set(['task', 'incident', 'duty', 'problem']);

/** Looks at everything a history has left behind, once all that was under way has ended. */
export async function check(cloud: SimulatedCloud, people: People): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const report: Report = (rule, where, what) => void violations.push({ rule, where, what });
  const now = cloud.machine.now;
  const streams: Told[] = [];
  for await (const head of cloud.ledger.store.scanHeads(null)) {
    streams.push({ head, events: await cloud.ledger.store.read(head.ref) });
  }
  const structures = createStructureSource(cloud.ledger.store, snapshotCodec);
  await checkChains(cloud, streams, report);
  await checkNothingLeft(cloud, streams, report);
  for (const stream of streams.filter(({ head }) => ITEMS.has(head.ref.type))) {
    const made = madeOf(stream, cloud);
    checkClock(stream, { now, writtenAt: (version) => made.get(version)?.now ?? now }, report);
    checkRecipients(stream, made, people.appointments, report);
  }
  checkNotices(streams, now, report);
  checkMessages(streams, cloud, report);
  checkAnswers(streams, people, report);
  await checkViews(cloud, structures, report);
  return violations;
}

/** How each event of a stream was written, by its version. */
function madeOf({ head, events }: Told, cloud: SimulatedCloud): ReadonlyMap<number, Made> {
  const lastOf = new Map(events.map(({ commitHash, version }) => [commitHash, version]));
  const made = new Map<number, Made>();
  for (const { version, commitHash } of events) {
    const commit = cloud.made.get(`${refKey(head.ref)}@${lastOf.get(commitHash)}`);
    if (commit !== undefined) made.set(version, commit);
  }
  return made;
}

/** Gapless, chained, and each head is the fold of its events. */
async function checkChains(cloud: SimulatedCloud, streams: readonly Told[], report: Report): Promise<void> {
  for (const { head, events } of streams) {
    const verified = await cloud.ledger.store.verify(head.ref);
    if (!verified.ok) report('chain', refKey(head.ref), `version ${verified.version}: ${verified.fault}`);
    for (const [index, { version }] of events.entries()) {
      if (version !== index + 1) report('gap', refKey(head.ref), `version ${version} stands at ${index + 1}`);
    }
  }
}

/** No instant that has passed is still waited for, and nothing that is to come is forgotten. */
async function checkNothingLeft(cloud: SimulatedCloud, streams: readonly Told[], report: Report): Promise<void> {
  const now = cloud.machine.now;
  for await (const page of cloud.ledger.wakes.due(now)) {
    for (const { ref, at } of page) report('left over', refKey(ref), `due since ${(now - at) / 1_000} s`);
  }
  for (const { head } of streams) {
    const wanted = aggregates[head.ref.type].nextWakeAt(head.state);
    if (wanted !== head.nextWakeAt) report('wake', refKey(head.ref), `waits for ${head.nextWakeAt}, wants ${wanted}`);
    if (head.nextWakeAt === null && awaits(head)) {
      report('forgotten', refKey(head.ref), 'a limit that runs, or steps to come, and it waits for nothing');
    }
  }
}

/** Everybody who is named is told, once, in a digest of their own that is released once and not before its time. */
function checkNotices(streams: readonly Told[], now: Instant, report: Report): void {
  const told = new Map<string, number>();
  for (const { head, events } of streams.filter((stream) => stream.head.ref.type === 'digest')) {
    let releases = 0;
    let releaseAt = Number.NEGATIVE_INFINITY;
    for (const { event: stored } of events) {
      const event = stored as DigestEvent;
      if (event.type === 'NoticesJoined') {
        if (releases > 0) report('joined late', refKey(head.ref), 'a notice joined after the release');
        releaseAt = event.releaseAt;
        for (const { id } of event.notices) {
          const key = `${event.mailbox} ${id}`;
          told.set(key, (told.get(key) ?? 0) + 1);
        }
      }
      if (event.type === 'DigestReleased') {
        releases += 1;
        if (event.at < releaseAt) report('released early', refKey(head.ref), `by ${releaseAt - event.at} ms`);
      }
    }
    if (releases > 1) report('released twice', refKey(head.ref), `${releases} times`);
    if (releases === 0 && releaseAt <= now) report('not released', refKey(head.ref), `due at ${releaseAt}`);
  }
  for (const [key, times] of told) if (times > 1) report('told twice', key, `${times} times`);
  for (const { head, events } of streams) {
    for (const { event, version } of events) {
      const mailboxes = addressedIn(event)?.map(({ mailbox }) => mailbox) ?? leadUnitsToldOf(head, event);
      if (mailboxes === null) continue;
      if (mailboxes.length === 0) report('nobody', refKey(head.ref), `version ${version} tells nobody`);
      for (const mailbox of mailboxes) {
        if (!told.has(`${mailbox} ${head.ref.id}/${version}`)) {
          report('not told', refKey(head.ref), `${mailbox} was not told of version ${version}`);
        }
      }
    }
  }
}

/** What its lead unit always hears of a task; null for everything else. */
const TOLD_TO_LEAD_UNIT: ReadonlySet<string> = new Set(['TaskAssigned', 'ExtensionDecided', 'CompletionReturned']);

function leadUnitsToldOf({ state }: Head, { type }: RecordedEvent['event']): readonly string[] | null {
  if (!TOLD_TO_LEAD_UNIT.has(type)) return null;
  return (state as ExistingTask).leadUnits.map((unit) => `unit:${unit}`);
}

/** One message a digest and channel, under one id at every attempt, and each has arrived. */
function checkMessages(streams: readonly Told[], cloud: SimulatedCloud, report: Report): void {
  const accepted = new Map<string, number>();
  for (const { messageId, accepted: isAccepted } of cloud.sent) {
    if (isAccepted) accepted.set(messageId, (accepted.get(messageId) ?? 0) + 1);
  }
  const seen = new Map<string, string>();
  for (const { head, events } of streams.filter((stream) => stream.head.ref.type === 'delivery')) {
    const state = head.state as ExistingDelivery;
    const attempts = events.filter(({ event }) => (event as DeliveryEvent).type === 'AttemptStarted').length;
    const made = cloud.sent.filter(({ messageId }) => messageId === state.messageId).length;
    if (made > attempts) report('unrecorded', refKey(head.ref), `${made} requests, ${attempts} attempts`);
    const twin = seen.get(state.messageId);
    if (twin !== undefined) report('shared id', refKey(head.ref), `has the message id of ${twin}`);
    seen.set(state.messageId, head.ref.id);
    if (state.status === 'delivered' && !accepted.has(state.messageId)) {
      report('not delivered', refKey(head.ref), 'is marked as delivered and was never accepted');
    }
  }
  for (const { messageId } of cloud.sent) {
    if (!seen.has(messageId)) report('stray', messageId, 'was sent and no delivery has this id');
  }
}

/** What was answered with success has happened once; what was refused has not; nobody waits for an answer. */
function checkAnswers(streams: readonly Told[], people: People, report: Report): void {
  const found = new Map<string, number>();
  const count = (marker: unknown) => {
    if (typeof marker === 'string') found.set(marker, (found.get(marker) ?? 0) + 1);
  };
  for (const { events } of streams) {
    for (const { event: stored } of events) {
      const event = stored as Partial<ItemEvent> & { definition?: { title: string }; title?: string; text?: string };
      if (event.type === 'TaskAssigned') count(event.definition?.title);
      if (event.type === 'IncidentOpened') count(event.title);
      if (event.type === 'ProgressReported') count(event.text);
    }
  }
  for (const { marker, kind, outcome, attempts } of people.asked) {
    if (outcome === 'pending') report('unanswered', `${kind} ${marker}`, 'was never answered');
    if (kind === 'begin' || marker === '') continue;
    const times = found.get(marker) ?? 0;
    // A signal has no key: whoever lost the post between an attempt that was not answered and the next hears no more of it.
    const mayHave = outcome === 'refused' && kind === 'signal' && attempts > 1 && times === 1;
    if (times !== (outcome === 'done' ? 1 : 0) && !mayHave)
      report('answer', `${kind} ${marker}`, `was answered ${outcome} and happened ${times} times`);
  }
}

/** What followed piece by piece shows what a rebuild from the ledger shows, counters included. */
async function checkViews(
  { ledger, views }: SimulatedCloud,
  structures: Dependencies['structures'],
  report: Report,
): Promise<void> {
  const followed = (await views.dump()) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  await rebuildViews({ store: ledger.store, views, structures });
  const rebuilt = (await views.dump()) as typeof followed;
  for (const part of Object.keys(rebuilt)) {
    const keys = new Set([...Object.keys(followed[part] ?? {}), ...Object.keys(rebuilt[part] ?? {})]);
    for (const key of keys) {
      const [was, is] = [followed[part]?.[key], rebuilt[part]?.[key]].map((value) => JSON.stringify(value));
      if (was !== is) report('view', `${part} ${key}`, `shows ${was?.slice(0, 200)}, rebuilt ${is?.slice(0, 200)}`);
    }
  }
}
