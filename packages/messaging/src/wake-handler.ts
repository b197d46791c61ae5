import { type Dependencies, type DueWake, type WakeFault, wakeBatch } from '@duban/application';
import { parseWakeMessage, type WakeMessage, WakeMessageError } from '@duban/contracts/wake-message';

/** What the handler needs of a queue record, as Lambda hands it over and as the poller does. */
export interface WakeRecord {
  readonly messageId: string;
  readonly body: string;
}

export interface PartialBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What Lambda is answered, and what was done. */
export interface WakeBatchReport extends PartialBatchResponse {
  /** Events committed, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Of each wake carried out: from its instant until it was committed (ms). */
  readonly lateMs: readonly number[];
}

/** Arriving earlier than this, a message was not sent for this moment: its delay was capped, or the clock was moved (ms). */
const WAIT_AT_MOST_MS = 2_000;
/** Wakes carried out together; several group commits' worth. */
const WAKES_AT_ONCE = 500;

interface Received {
  readonly messageId: string;
  readonly message: WakeMessage;
  readonly wakes: readonly DueWake[];
}

/** What was done about some wakes. */
interface CarriedOut {
  readonly events: Readonly<Record<string, number>>;
  readonly lateMs: readonly number[];
  readonly failed: readonly WakeFault[];
}

/**
 * Carries out a batch of wake messages. A message that cannot be read fails alone and ends with the dead letters. A
 * wake that fails is sent again by itself, so that its neighbours are done and only it can end there.
 * @param wake carries out what has come due; default: asks each aggregate what time has brought
 */
export async function handleWakeMessages(
  deps: Dependencies,
  records: readonly WakeRecord[],
  wake: (wakes: readonly DueWake[]) => Promise<CarriedOut> = (wakes) => wakeBatch(deps, wakes),
): Promise<WakeBatchReport> {
  const failures = new Set<string>();
  const done: Done = { events: {}, lateMs: [] };
  const received = records.flatMap((record) => readMessage(deps, record, failures));
  const now = deps.clock.now();
  const early = received.filter(({ message }) => message.at > now + WAIT_AT_MOST_MS);
  const due = received
    .filter(({ message }) => message.at <= now + WAIT_AT_MOST_MS)
    .sort((a, b) => a.message.at - b.message.at);
  await attempt(failures, early, () =>
    deps.wakeQueue.send(
      early.flatMap(({ wakes }) => wakes),
      now,
    ),
  );
  for (let rest = due; rest.length > 0; ) {
    const together = takeTogether(deps, rest);
    rest = rest.slice(together.length);
    await attempt(failures, together, () => carryOut(deps, wake, together, failures, done));
  }
  return { batchItemFailures: [...failures].map((itemIdentifier) => ({ itemIdentifier })), ...done };
}

interface Done {
  readonly events: Record<string, number>;
  readonly lateMs: number[];
}

function readMessage(deps: Dependencies, { messageId, body }: WakeRecord, failures: Set<string>): Received[] {
  try {
    const message = parseWakeMessage(body);
    const wakes = message.wakes.map(({ at, ...ref }) => ({ ref, at }));
    return [{ messageId, message, wakes }];
  } catch (error) {
    if (!(error instanceof WakeMessageError)) throw error;
    deps.log.error('wake.unreadable_message', { messageId, fault: error.message });
    failures.add(messageId);
    return [];
  }
}

/** What is due already goes together, so that group commit finds full groups; else what shares the next instant. */
function takeTogether(deps: Dependencies, due: readonly Received[]): Received[] {
  const until = Math.max(deps.clock.now(), lastInstant(due[0]));
  const together: Received[] = [];
  let wakes = 0;
  for (const item of due) {
    if (together.length > 0 && (lastInstant(item) > until || wakes + item.wakes.length > WAKES_AT_ONCE)) break;
    together.push(item);
    wakes += item.wakes.length;
  }
  return together;
}

/** A message's wakes fall in one second; it is carried out when the last of them is due, each at its own instant. */
function lastInstant(item: Received | undefined): number {
  return item?.wakes.reduce((latest, wake) => Math.max(latest, wake.at), item.message.at) ?? 0;
}

async function carryOut(
  deps: Dependencies,
  wake: (wakes: readonly DueWake[]) => Promise<CarriedOut>,
  messages: readonly Received[],
  failures: Set<string>,
  done: Done,
): Promise<void> {
  const wakes = messages.flatMap((item) => item.wakes).sort((a, b) => a.at - b.at);
  for (let rest = wakes; rest.length > 0; ) {
    // Delays are whole seconds and end early; the last fraction is waited out here.
    await deps.clock.until(rest[0]?.at ?? 0);
    const now = deps.clock.now();
    const ready = rest.filter((wake) => wake.at <= now);
    rest = rest.slice(ready.length);
    const { failed, events, lateMs } = await wake(ready);
    for (const [type, count] of Object.entries(events)) done.events[type] = (done.events[type] ?? 0) + count;
    done.lateMs.push(...lateMs);
    if (failed.length === 0) continue;
    for (const { wake: one, reason } of failed) {
      deps.log.error('wake.failed', { type: one.ref.type, id: one.ref.id, at: one.at, reason });
    }
    await setApart(
      deps,
      messages,
      failed.map((fault) => fault.wake),
      failures,
    );
  }
}

/** A wake that travelled alone fails with its message; one that had neighbours goes on alone. */
async function setApart(
  deps: Dependencies,
  messages: readonly Received[],
  failed: readonly DueWake[],
  failures: Set<string>,
): Promise<void> {
  const apart: DueWake[] = [];
  for (const wake of failed) {
    const message = messages.find((item) =>
      item.wakes.some(({ ref }) => ref.id === wake.ref.id && ref.type === wake.ref.type),
    );
    if (message?.wakes.length === 1) failures.add(message.messageId);
    else apart.push(wake);
  }
  if (apart.length > 0) await deps.wakeQueue.send(apart, deps.clock.now(), { alone: true });
}

/** When the store or the queue is out of reach, all messages concerned come again. */
async function attempt(failures: Set<string>, messages: readonly Received[], work: () => Promise<void>): Promise<void> {
  if (messages.length === 0) return;
  try {
    await work();
  } catch {
    for (const { messageId } of messages) failures.add(messageId);
  }
}
