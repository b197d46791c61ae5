import type { Instant } from '@duban/calendar';
import {
  type Addressed,
  type DigestCommand,
  type DigestState,
  digestAggregate,
  digestIdOf,
  type ExistingTask,
  needsTask,
  noticesFor,
  noticesTelling,
  releaseInstant,
  type Structure,
  seatsOf,
  type TaskEvent,
} from '@duban/domain';
import { commitOf, sendSoon } from './commit.ts';
import type { Dependencies } from './dependencies.ts';
import type { Commit, RecordedEvent, StreamRef } from './ports.ts';
import { refKey } from './ports.ts';

/** Notices that fit one transaction beside the digest's own two rows. */
const NOTICES_PER_COMMIT = 90;
const ATTEMPTS = 8;

/**
 * Tells people what has happened: every event of a task that concerns somebody joins the digest of their mailbox and
 * window. A claim for each notice, in the same transaction, makes a repeated delivery harmless.
 * Throws when something could not be told; the batch is delivered again then.
 */
export async function react(
  deps: Dependencies,
  events: readonly RecordedEvent[],
): Promise<{ readonly joined: number }> {
  const telling = events.filter(({ ref, event }) => ref.type === 'task' && !isImported(event as TaskEvent));
  const tasks = await deps.store.loadMany(
    telling.filter((recorded) => needsTask(recorded.event as TaskEvent)).map((recorded) => recorded.ref),
  );
  const batches = new Map<string, DigestBatch>();
  for (const recorded of telling) {
    const structure = await structureFor(deps, recorded, batches);
    const task = (tasks.get(refKey(recorded.ref))?.state ?? null) as ExistingTask | null;
    const event = recorded.event as TaskEvent;
    for (const addressed of noticesFor(event, recorded.ref.id, recorded.version, task, structure)) {
      batchFor(batches, structure, addressed, deps.clock.now()).notices.push(addressed);
    }
  }
  let joined = 0;
  for (const batch of batches.values()) joined += await joinAll(deps, batch);
  return { joined };
}

/** What an import brings is told by the import, once it is published: see {@link tellOfImport}. */
function isImported(event: TaskEvent): boolean {
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
  const batches = new Map<string, DigestBatch>();
  for (const { version, task, ...event } of events) {
    for (const addressed of noticesTelling(event, task.id, version, task, structure)) {
      batchFor(batches, structure, addressed, deps.clock.now()).notices.push(addressed);
    }
  }
  for (const batch of batches.values()) await joinAll(deps, batch);
}

interface DigestBatch {
  readonly structure: Structure;
  readonly mailbox: string;
  readonly urgent: boolean;
  readonly notices: Addressed[];
}

async function structureFor(
  deps: Dependencies,
  { ref }: RecordedEvent,
  batches: ReadonlyMap<string, DigestBatch>,
): Promise<Structure> {
  for (const { structure } of batches.values()) if (structure.jurisdiction.code === ref.jurisdiction) return structure;
  return deps.structures.current(ref.jurisdiction);
}

/** One digest a mailbox and release instant; what is raised at different times may be released together. */
function batchFor(
  batches: Map<string, DigestBatch>,
  structure: Structure,
  { mailbox, urgent, notice }: Addressed,
  now: Instant,
): DigestBatch {
  const releaseAt = releaseInstant(structure.calendar, structure.jurisdiction, Math.max(now, notice.at), urgent);
  const key = `${structure.jurisdiction.code}/${digestIdOf(mailbox, releaseAt, urgent)}`;
  const batch = batches.get(key) ?? { structure, mailbox, urgent, notices: [] };
  batches.set(key, batch);
  return batch;
}

async function joinAll(deps: Dependencies, batch: DigestBatch): Promise<number> {
  let joined = 0;
  for (let start = 0; start < batch.notices.length; start += NOTICES_PER_COMMIT) {
    joined += await joinChunk(deps, batch, batch.notices.slice(start, start + NOTICES_PER_COMMIT));
  }
  return joined;
}

async function joinChunk(deps: Dependencies, batch: DigestBatch, chunk: readonly Addressed[]): Promise<number> {
  let notices = chunk;
  for (let attempt = 1; attempt <= ATTEMPTS && notices.length > 0; attempt += 1) {
    const commit = await joining(deps, batch, notices);
    const [outcome] = await deps.store.commit([commit]);
    switch (outcome?.status) {
      case 'committed':
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
  const { structure, mailbox, urgent } = batch;
  const jurisdiction = structure.jurisdiction.code;
  const now = deps.clock.now();
  const raisedAt = notices.reduce((latest, { notice }) => Math.max(latest, notice.at), now);
  for (let from = raisedAt; ; ) {
    const releaseAt = releaseInstant(structure.calendar, structure.jurisdiction, from, urgent);
    const digestId = digestIdOf(mailbox, releaseAt, urgent);
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
    const seats = seatsOf(structure, { person: actor, bootstrapAdmin: false }, now);
    const context = { now, calendar: structure.calendar, structure, actor, seats };
    const events = digestAggregate.decide(state, command, context);
    const meta = { at: now, actor, correlationId: deps.ids.next('react') };
    const claims = notices.map((addressed) => ({ key: claimKey(addressed), value: digestId, expiresAt: null }));
    return { ...commitOf(head, ref, events, meta), claims };
  }
}

function claimKey({ mailbox, notice }: Addressed): string {
  return `notice/${notice.id}/${mailbox}`;
}
