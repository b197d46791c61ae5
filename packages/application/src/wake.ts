import { isHidden, type TaskState, type WakeContext } from '@duban/domain';
import { aggregates } from './aggregates.ts';
import { commitOf, sendSoon } from './commit.ts';
import type { Dependencies } from './dependencies.ts';
import { followUp, noticeNewYears } from './follow-up/index.ts';
import { continueImport } from './imports/carry-out.ts';
import type { Commit, CommitOutcome, DueWake, Head } from './ports.ts';
import { refKey } from './ports.ts';
import { distinctWakes, headsOf, type WakeFault } from './wake-heads.ts';

/** Late by more than this, an item is sent again at every tick (ms): whatever became of its message. */
export const RESEND_AFTER_MS = 30_000;
/** Late by more than this, somebody must look (ms). */
export const OVERDUE_ALARM_MS = 120_000;

const ATTEMPTS = 3;

export interface WakeReport {
  /** Wakes that were due and led to events. */
  readonly woken: number;
  /** Events committed, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Of each wake carried out: from its instant until it was committed (ms). */
  readonly lateMs: readonly number[];
  /** Early, stale or repeated wakes; nothing to do. */
  readonly idle: number;
  /** Wakes that could not be carried out, with why; they stay due. */
  readonly failed: readonly WakeFault[];
}

/**
 * Wakes aggregates whose instant has come: loads them together, asks each what time has brought, commits in groups.
 * One bad item never keeps its neighbours from being woken. Wakes that are not due yet are idle.
 */
export async function wakeBatch(deps: Dependencies, wakes: readonly DueWake[]): Promise<WakeReport> {
  const events: Record<string, number> = {};
  const lateMs: number[] = [];
  const failed: WakeFault[] = [];
  const all = distinctWakes(wakes);
  const total = all.length;
  // First: what an import under way has written is not awake before that is published.
  let woken = await continueImports(deps, all, failed);
  // One that went astray: attempting it is the deliverer's, whose queue it goes to now.
  const deliveries = all.filter(({ ref }) => ref.type === 'delivery');
  if (deliveries.length > 0) await deps.wakeQueue.send(deliveries, deps.clock.now());
  let pending = all.filter(({ ref }) => ref.type !== 'structure' && ref.type !== 'delivery');
  for (let attempt = 1; pending.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    const { decided, faults } = await decideAll(deps, pending);
    failed.push(...faults);
    const outcomes = await deps.store.commit(decided.map((item) => item.commit));
    const committedAt = deps.clock.now();
    const again: DueWake[] = [];
    for (const [index, { wake, commit }] of decided.entries()) {
      const outcome = outcomes[index] as CommitOutcome;
      if (outcome.status === 'committed') {
        woken += 1;
        lateMs.push(committedAt - wake.at);
        for (const event of commit.events) events[event.type] = (events[event.type] ?? 0) + 1;
        logWoken(deps, commit);
      } else if (outcome.status === 'conflict' && attempt < ATTEMPTS) {
        again.push(wake);
      } else {
        failed.push({ wake, reason: outcome.status === 'rejected' ? outcome.reason : outcome.status });
      }
    }
    await sendSoon(
      deps,
      decided.filter((_, index) => outcomes[index]?.status === 'committed').map((item) => item.commit),
    );
    pending = again;
  }
  return { woken, events, lateMs, idle: total - woken - failed.length, failed };
}

/** With the correlation id that the notices of these events are logged under. */
function logWoken({ log }: Dependencies, { ref, events, meta }: Commit): void {
  const { jurisdiction, id } = ref;
  const happened = events.map(({ type }) => type).join(' ');
  log.info('wake.carried_out', { jurisdiction, id, events: happened, correlationId: meta.correlationId });
}

/** A structure wakes while an import of its jurisdiction is under way: whoever began it may have died. */
async function continueImports(deps: Dependencies, wakes: readonly DueWake[], failed: WakeFault[]): Promise<number> {
  let woken = 0;
  for (const wake of wakes.filter(({ ref }) => ref.type === 'structure')) {
    try {
      const { jurisdiction } = wake.ref;
      if ((await continueImport(deps, jurisdiction)) || (await followUp(deps, jurisdiction)) !== null) woken += 1;
    } catch (error) {
      failed.push({ wake, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return woken;
}

interface Decided {
  readonly wake: DueWake;
  readonly commit: Commit;
}

async function decideAll(deps: Dependencies, wakes: readonly DueWake[]) {
  const faults: WakeFault[] = [];
  const heads = await headsOf(deps, wakes, faults);
  const contexts = await contextsOf(deps, wakes);
  const decided: Decided[] = [];
  for (const wake of wakes) {
    const head = heads.get(refKey(wake.ref));
    const context = contexts.get(wake.ref.jurisdiction);
    if (head === undefined || context === undefined) continue;
    try {
      const commit = wakeOne(head, context, deps.ids.next('wake'));
      if (commit !== null) decided.push({ wake, commit });
    } catch (error) {
      faults.push({ wake, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { decided, faults };
}

async function contextsOf(deps: Dependencies, wakes: readonly DueWake[]): Promise<ReadonlyMap<string, WakeContext>> {
  const contexts = new Map<string, WakeContext>();
  for (const { ref } of wakes) {
    if (contexts.has(ref.jurisdiction)) continue;
    const structure = await deps.structures.current(ref.jurisdiction);
    contexts.set(ref.jurisdiction, { now: deps.clock.now(), calendar: structure.calendar, structure });
    await noticeNewYears(deps, structure);
  }
  return contexts;
}

function wakeOne(head: Head, context: WakeContext, correlationId: string): Commit | null {
  // It stays due; once its import is published the alarm clock finds it still.
  if (head.ref.type === 'task' && isAsleep(head.state as TaskState, context)) return null;
  const aggregate = aggregates[head.ref.type];
  const events = aggregate.wake(head.state, context);
  if (events.length === 0) return null;
  return commitOf(head, head.ref, events, { at: context.now, actor: 'system:wake', correlationId });
}

function isAsleep(task: TaskState, { structure }: WakeContext): boolean {
  return task.status !== 'none' && isHidden(task, structure.unpublished);
}
