import { type DeliveryState, deliveryAggregate, type ExistingDelivery, type ExistingSubscription } from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import { chunksOf } from '../concurrency.ts';
import type { DeliveryDependencies } from '../dependencies.ts';
import type { Commit, CommitOutcome, DueWake, Head } from '../ports.ts';
import { distinctRefs, refKey } from '../ports.ts';
import { structuresOnce } from '../structure-source.ts';
import { distinctWakes, headsOf, type WakeFault } from '../wake-heads.ts';
import { itemRef, systemContext } from '../write-item.ts';
import { attempt } from './attempt.ts';
import { DeliveryGates } from './gates.ts';
import { DeliveryRecorder } from './recorder.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** Deliveries begun together. */
const TOGETHER = 25;

const ACTOR = 'system:deliver';

export interface DeliveryReport {
  /** Events committed, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Of each attempt: from when it was due until it began (ms). */
  readonly lateMs: readonly number[];
  /** What could not be carried out, with why; it stays due. */
  readonly failed: readonly WakeFault[];
}

export interface Deliverer {
  /**
   * Attempts the deliveries whose time has come, side by side. Each attempt is written down before it is made, so that
   * of two who try the same only one does, and again when its answer is there. Early, stale and repeated wakes do nothing.
   */
  deliver(wakes: readonly DueWake[]): Promise<DeliveryReport>;
}

interface Due {
  readonly wake: DueWake;
  readonly head: Head & { readonly state: ExistingDelivery };
  readonly subscription: (Head & { readonly state: ExistingSubscription }) | null;
}

interface Begun extends Due {
  readonly subscription: Head & { readonly state: ExistingSubscription };
}

interface Judged {
  readonly due: Due;
  readonly verdict: Verdict;
}

/** Made once a process: it knows how many attempts are under way at which endpoint. */
export function createDeliverer(deps: DeliveryDependencies): Deliverer {
  const gates = new DeliveryGates();
  const recorder = new DeliveryRecorder(deps);
  return {
    async deliver(wakes) {
      const report = { events: {} as Record<string, number>, lateMs: [] as number[], failed: [] as WakeFault[] };
      const count = (types: readonly { readonly type: string }[]) => {
        for (const { type } of types) report.events[type] = (report.events[type] ?? 0) + 1;
      };
      const due = await dueOf(deps, wakes, report.failed);
      // One structure a batch: it lasts as long as an attempt, and is not read again for each.
      const batch = { ...deps, structures: { current: structuresOnce(deps.structures) } };
      const underWay: Promise<void>[] = [];
      for (const chunk of chunksOf(due, TOGETHER)) {
        await gates.attempts.take(chunk.length);
        const begun = await begin(batch, gates, chunk, count).catch((error: unknown) => {
          gates.attempts.giveBack(chunk.length);
          throw error;
        });
        gates.attempts.giveBack(chunk.length - begun.length);
        for (const { wake, head } of begun)
          report.lateMs.push(Math.max(0, deps.clock.now() - (head.nextWakeAt ?? wake.at)));
        underWay.push(
          ...begun.map(async (one) => {
            try {
              count(await attempt(batch, gates, recorder, one.head, one.subscription));
            } catch (error) {
              // It stays under way in the ledger until its lease ends; then it is attempted again.
              report.failed.push({ wake: one.wake, reason: error instanceof Error ? error.message : String(error) });
            } finally {
              gates.leave(one.subscription.state.endpoint);
              gates.attempts.giveBack();
            }
          }),
        );
      }
      await Promise.all(underWay);
      return report;
    },
  };
}

async function dueOf(deps: DeliveryDependencies, wakes: readonly DueWake[], faults: WakeFault[]): Promise<Due[]> {
  const distinct = distinctWakes(wakes);
  const heads = await headsOf(deps, distinct, faults);
  const now = deps.clock.now();
  const ready = distinct.flatMap((wake) => {
    const head = heads.get(refKey(wake.ref));
    const state = (head?.state ?? deliveryAggregate.initial) as DeliveryState;
    if (head === undefined || state.status === 'none' || state.nextAt === null || state.nextAt > now) return [];
    return [{ wake, head: head as Due['head'] }];
  });
  const subscriptionOf = ({ ref, state }: Due['head']) =>
    itemRef(ref.jurisdiction, 'subscription', state.subscriptionId);
  const subscriptions = await deps.store.loadMany(distinctRefs(ready.map(({ head }) => subscriptionOf(head))));
  return ready.map(({ wake, head }) => ({
    wake,
    head,
    subscription: (subscriptions.get(refKey(subscriptionOf(head))) ?? null) as Due['subscription'],
  }));
}

/** Writes down what is to become of each; those to be attempted hold a place at their endpoint. */
async function begin(
  deps: DeliveryDependencies,
  gates: DeliveryGates,
  chunk: readonly Due[],
  count: (events: readonly { readonly type: string }[]) => void,
): Promise<Begun[]> {
  const judged: Judged[] = [];
  const leaveAll = (ones: readonly Judged[]) => {
    for (const { due, verdict } of ones)
      if (verdict.do === 'attempt') gates.leave(due.subscription?.state.endpoint ?? '');
  };
  const commits: Commit[] = [];
  let outcomes: readonly CommitOutcome[];
  try {
    for (const due of chunk) {
      const verdict = await verdictOn(deps, gates, due.head.ref, due.head.state, due.subscription?.state ?? null);
      judged.push({ due, verdict });
    }
    for (const { due, verdict } of judged) commits.push(await commitFor(deps, due.head, verdict));
    outcomes = await deps.store.commit(commits);
  } catch (error) {
    // Whoever does not come to attempt it gives its place back.
    leaveAll(judged);
    throw error;
  }
  // Whoever comes second finds the first one's event there: the attempt is not theirs to make.
  leaveAll(judged.filter((_, index) => outcomes[index]?.status !== 'committed'));
  // What waits a second or two must not wait for the alarm clock to pass by.
  await sendSoon(
    deps,
    commits.filter((_, index) => judged[index]?.verdict.do === 'defer' && outcomes[index]?.status === 'committed'),
  );
  const begun: Begun[] = [];
  for (const [index, { due, verdict }] of judged.entries()) {
    const outcome = outcomes[index];
    const commit = commits[index];
    if (commit === undefined || outcome?.status !== 'committed') continue;
    count(commit.events);
    logBegun(deps, commit);
    if (verdict.do !== 'attempt' || due.subscription === null) continue;
    const { state, nextWakeAt } = commit;
    const { version, hash } = outcome;
    const head = { ref: due.head.ref, version, hash, state: state as ExistingDelivery, nextWakeAt };
    if (head.state.status === 'attempting') begun.push({ ...due, head, subscription: due.subscription });
    else gates.leave(due.subscription.state.endpoint);
  }
  return begun;
}

async function commitFor(deps: DeliveryDependencies, head: Due['head'], verdict: Verdict): Promise<Commit> {
  const structure = await deps.structures.current(head.ref.jurisdiction);
  const context = systemContext(deps, structure, ACTOR);
  const events =
    verdict.do === 'attempt'
      ? deliveryAggregate.wake(head.state, context)
      : deliveryAggregate.decide(
          head.state,
          verdict.do === 'drop'
            ? { type: 'DropDelivery' }
            : { type: 'DeferDelivery', until: verdict.until, reason: verdict.reason },
          context,
        );
  const meta = { at: context.now, actor: ACTOR, correlationId: deps.ids.next('attempt') };
  return commitOf(head, head.ref, events, meta);
}

function logBegun({ log }: DeliveryDependencies, { ref, events, meta }: Commit): void {
  const happened = events.map(({ type }) => type).join(' ');
  log.info('delivery.begun', {
    jurisdiction: ref.jurisdiction,
    id: ref.id,
    events: happened,
    correlationId: meta.correlationId,
  });
  if (events.some(({ type }) => type === 'DeliveryDied'))
    log.error('delivery.dead', { jurisdiction: ref.jurisdiction, id: ref.id });
}
