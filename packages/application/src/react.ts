import type { Instant } from '@duban/calendar';
import {
  type Addressed,
  type DigestCommand,
  type DigestState,
  digestAggregate,
  digestIdOf,
  type ExistingTask,
  type ItemEvent,
  needsItem,
  noticesFor,
  noticesTelling,
  releaseInstant,
  resolveTargets,
  type Structure,
} from '@duban/domain';
import { commitOf, sendSoon } from './commit.ts';
import { chunksOf } from './concurrency.ts';
import { requestDeliveries } from './delivery/request.ts';
import type { Dependencies } from './dependencies.ts';
import { answerByFacts } from './facts.ts';
import type { Commit, RecordedEvent, StreamRef } from './ports.ts';
import { refKey } from './ports.ts';
import { issueReports } from './reports/issue.ts';
import { structuresOnce } from './structure-source.ts';
import { toldOf } from './told.ts';
import { systemContext } from './write-item.ts';

/** Notices that fit one transaction beside the digest's own two rows. */
const NOTICES_PER_COMMIT = 90;
const ATTEMPTS = 8;

/**
 * Tells people what has happened: every event of an item that concerns somebody joins the digest of their mailbox and
 * window. A claim for each notice, in the same transaction, makes a repeated delivery harmless.
 * Throws when something could not be told; the batch is delivered again then.
 */
export async function react(
  deps: Dependencies,
  events: readonly RecordedEvent[],
): Promise<{ readonly joined: number }> {
  const telling = events.filter(({ ref, event }) => isItem(ref) && !isImported(event as ItemEvent));
  const items = await deps.store.loadMany(
    telling.filter((recorded) => needsItem(recorded.event as ItemEvent)).map((recorded) => recorded.ref),
  );
  const gathering = new Gathering(deps);
  for (const recorded of telling) {
    const structure = await gathering.structureOf(recorded.ref.jurisdiction);
    const head = items.get(refKey(recorded.ref));
    const told = head === undefined ? null : toldOf(head);
    const event = recorded.event as ItemEvent;
    for (const addressed of noticesFor(event, recorded.ref.id, recorded.version, told, structure)) {
      await gathering.add(structure, { ...addressed, correlationId: recorded.meta.correlationId });
    }
  }
  let joined = 0;
  for (const batch of gathering.batches.values()) joined += await joinAll(deps, batch);
  return { joined };
}

/**
 * All that follows from events: people are told, a fact reported answers whoever asks for it, and the reports that are
 * asked for are made. Repeating it is harmless.
 */
export async function reactTo(
  deps: Dependencies,
  events: readonly RecordedEvent[],
): Promise<{ readonly joined: number }> {
  const told = await react(deps, events);
  await requestDeliveries(deps, events);
  await answerByFacts(deps, events);
  await issueReports(deps, events);
  return told;
}

/** Events read together. */
const EVENTS_AT_ONCE = 100;

/**
 * Tells once more of everything that happened since an instant; what was told already stays told once. For when what
 * should have been told was lost on its way.
 * @returns how many events were looked at, and how many notices had been missing
 */
export async function reactSince(
  deps: Dependencies,
  since: Instant,
): Promise<{ readonly events: number; readonly joined: number }> {
  let looked = 0;
  let joined = 0;
  let waiting: RecordedEvent[] = [];
  const tell = async () => {
    joined += (await reactTo(deps, waiting)).joined;
    waiting = [];
  };
  for await (const { ref } of deps.store.scanHeads(null)) {
    if (!isItem(ref) && ref.type !== 'digest') continue;
    const events = (await deps.store.read(ref)).filter(({ meta }) => meta.at >= since);
    looked += events.length;
    waiting.push(...events);
    if (waiting.length >= EVENTS_AT_ONCE) await tell();
  }
  await tell();
  return { events: looked, joined };
}

function isItem({ type }: StreamRef): boolean {
  return type !== 'digest' && type !== 'structure' && type !== 'subscription' && type !== 'delivery';
}

/** What an import brings is told by the import, once it is published: see {@link tellOfImport}. */
function isImported(event: ItemEvent): boolean {
  return (event.type === 'TaskAssigned' || event.type === 'TaskCorrected') && event.importId !== null;
}

/** A task that an import has assigned or corrected. */
export interface ImportedTaskEvent {
  readonly type: 'TaskAssigned' | 'TaskCorrected';
  readonly at: Instant;
  readonly version: number;
  readonly task: ExistingTask;
}

/** Tells the units of a published import's tasks; what was told before is not told again. */
export async function tellOfImport(
  deps: Dependencies,
  structure: Structure,
  events: readonly ImportedTaskEvent[],
): Promise<void> {
  const gathering = new Gathering(deps);
  for (const { version, task, ...event } of events) {
    const told = { answerable: task, urgent: false };
    for (const addressed of noticesTelling(event, task.id, version, told, structure)) {
      await gathering.add(structure, { ...addressed, correlationId: null });
    }
  }
  for (const batch of gathering.batches.values()) await joinAll(deps, batch);
}

interface Caused extends Addressed {
  /** Of what the notice tells; null when an import told. */
  readonly correlationId: string | null;
}

interface DigestBatch {
  readonly structure: Structure;
  readonly mailbox: string;
  /** The item an urgent batch is about; null when it waits for its window. */
  readonly urgentItem: string | null;
  readonly notices: Caused[];
}

/** Gathers notices by the digest they join, and reads each jurisdiction's structure once. */
class Gathering {
  readonly batches = new Map<string, DigestBatch>();
  readonly #deps: Dependencies;
  readonly structureOf: (jurisdiction: string) => Promise<Structure>;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.structureOf = structuresOnce(deps.structures);
  }

  async add(structure: Structure, addressed: Caused): Promise<void> {
    this.#join(structure, addressed);
    for (const { above, notice } of await this.#crossing(structure, addressed)) this.#join(above, notice);
  }

  /** One digest a mailbox and release instant; what is raised at different times may be released together. */
  #join(structure: Structure, addressed: Caused): void {
    const { mailbox, urgent, notice } = addressed;
    const at = Math.max(this.#deps.clock.now(), notice.at);
    const releaseAt = releaseInstant(structure.calendar, structure.jurisdiction, at, urgent);
    const urgentItem = urgent ? notice.itemId : null;
    const key = `${structure.jurisdiction.code}/${digestIdOf(mailbox, releaseAt, urgentItem)}`;
    const batch = this.batches.get(key) ?? { structure, mailbox, urgentItem, notices: [] };
    this.batches.set(key, batch);
    batch.notices.push(addressed);
  }

  /**
   * What climbs above the county reaches the supervision offices of the parent jurisdiction, when that one is hosted
   * here too; the county's own record of it stays.
   */
  async #crossing(structure: Structure, { mailbox, urgent, notice, correlationId }: Caused) {
    if (!mailbox.startsWith(ABOVE)) return [];
    const above = await this.structureOf(mailbox.slice(ABOVE.length));
    if (above.version === 0) return [];
    const { code } = structure.jurisdiction;
    const crossed = { ...notice, id: `${code}:${notice.id}`, jurisdiction: code };
    const nobody = { group: null, leadUnits: [] };
    return resolveTargets(above, notice.at, nobody, ['supervision_office']).map((recipient) => ({
      above,
      notice: { mailbox: recipient.mailbox, urgent, notice: crossed, correlationId },
    }));
  }
}

const ABOVE = 'jurisdiction:';

async function joinAll(deps: Dependencies, batch: DigestBatch): Promise<number> {
  let joined = 0;
  for (const chunk of chunksOf(batch.notices, NOTICES_PER_COMMIT)) joined += await joinChunk(deps, batch, chunk);
  return joined;
}

async function joinChunk(deps: Dependencies, batch: DigestBatch, chunk: readonly Caused[]): Promise<number> {
  let notices = chunk;
  for (let attempt = 1; attempt <= ATTEMPTS && notices.length > 0; attempt += 1) {
    const commit = await joining(deps, batch, notices);
    const [outcome] = await deps.store.commit([commit]);
    switch (outcome?.status) {
      case 'committed':
        logJoined(deps, commit, notices);
        await sendSoon(deps, [commit]);
        return notices.length;
      case 'claimed': {
        const told = new Set(outcome.keys);
        notices = notices.filter((addressed) => !told.has(claimKey(addressed)));
        break;
      }
      case 'rejected':
        throw new Error(`A digest refused its notices: ${outcome.reason}`);
      default:
        break;
    }
  }
  if (notices.length === 0) return 0;
  throw new Error(`${notices.length} notices could not join the digest of ${batch.mailbox}; they are tried again.`);
}

/** Decides on the first window that still collects: one that was released meanwhile is closed. */
async function joining(deps: Dependencies, batch: DigestBatch, notices: readonly Addressed[]): Promise<Commit> {
  const { structure, mailbox, urgentItem } = batch;
  const urgent = urgentItem !== null;
  const jurisdiction = structure.jurisdiction.code;
  const now = deps.clock.now();
  const raisedAt = notices.reduce((latest, { notice }) => Math.max(latest, notice.at), now);
  for (let from = raisedAt; ; ) {
    const releaseAt = releaseInstant(structure.calendar, structure.jurisdiction, from, urgent);
    const digestId = digestIdOf(mailbox, releaseAt, urgentItem);
    const ref: StreamRef = { jurisdiction, type: 'digest', id: digestId };
    const head = await deps.store.load(ref);
    const state = (head?.state ?? digestAggregate.initial) as DigestState;
    if (state.status === 'released') {
      from = releaseAt + 1;
      continue;
    }
    const command: DigestCommand = {
      type: 'JoinNotices',
      digestId,
      mailbox,
      releaseAt,
      urgent,
      notices: notices.map(({ notice }) => notice),
    };
    const actor = 'system:react';
    const context = systemContext(deps, structure, actor);
    const events = digestAggregate.decide(state, command, context);
    const meta = { at: now, actor, correlationId: deps.ids.next('react') };
    const claims = notices.map((addressed) => ({ key: claimKey(addressed), value: digestId, expiresAt: null }));
    return { ...commitOf(head, ref, events, meta), claims };
  }
}

/** Ties what is told to the request, or the wake, that it tells of; the digest's own events are logged under its id. */
function logJoined({ log }: Dependencies, { ref, meta }: Commit, notices: readonly Caused[]): void {
  for (const { notice, correlationId } of notices) {
    log.info('notice.joined', {
      jurisdiction: ref.jurisdiction,
      notice: notice.id,
      digest: ref.id,
      correlationId,
      digestCorrelationId: meta.correlationId,
    });
  }
}

function claimKey({ mailbox, notice }: Addressed): string {
  return `notice/${notice.id}/${mailbox}`;
}
