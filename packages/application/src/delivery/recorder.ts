import { type DeliveryCommand, deliveryAggregate, type ExistingDelivery, type Structure } from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Commit, type CommitOutcome, type DomainEvent, type Head, refKey } from '../ports.ts';
import { structuresOnce } from '../structure-source.ts';
import { systemContext } from '../write-item.ts';

const ACTOR = 'system:deliver';
const ROUNDS = 8;
/** While the store is out of reach. */
const TRIES = 4;
const TOGETHER = 50;

interface Waiting {
  head: Head;
  readonly command: DeliveryCommand;
  round: number;
  isSettled: boolean;
  readonly resolve: (events: readonly DomainEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes what came of attempts, as soon as it can and as many as there are at a time: none waits for a slower one. */
export class DeliveryRecorder {
  readonly #deps: Dependencies;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns the events it led to; none when they were there already */
  record(head: Head, command: DeliveryCommand): Promise<readonly DomainEvent[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ head, command, round: 1, isSettled: false, resolve, reject });
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      try {
        await this.#commit(batch);
      } catch (error) {
        this.#keepTrying(batch, error);
      }
    }
    this.#writing = false;
  }

  /** A message has gone out: not to know it any more would send it again. The store's client waits between its tries. */
  #keepTrying(batch: readonly Waiting[], error: unknown): void {
    for (const one of batch.filter(({ isSettled }) => !isSettled)) {
      if (one.round >= TRIES) one.reject(error);
      else {
        one.round += 1;
        this.#waiting.push(one);
      }
    }
  }

  /** Two commands for one delivery follow each other. */
  #take(): Waiting[] {
    const taken = new Map<string, Waiting>();
    const left: Waiting[] = [];
    for (const one of this.#waiting) {
      const key = refKey(one.head.ref);
      if (taken.size < TOGETHER && !taken.has(key)) taken.set(key, one);
      else left.push(one);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const prepared: { readonly one: Waiting; readonly commit: Commit }[] = [];
    const structureOf = structuresOnce(this.#deps.structures);
    for (const one of batch) {
      const commit = this.#prepare(one, await structureOf(one.head.ref.jurisdiction));
      if (commit === null) settle(one, []);
      else prepared.push({ one, commit });
    }
    const outcomes = await this.#deps.store.commit(prepared.map(({ commit }) => commit));
    const done: Commit[] = [];
    for (const [index, { one, commit }] of prepared.entries()) {
      const outcome = outcomes[index] as CommitOutcome;
      if (outcome.status === 'committed') {
        done.push(commit);
        settle(one, commit.events);
      } else await this.#again(one, outcome);
    }
    await sendSoon(this.#deps, done);
  }

  #prepare({ head, command }: Waiting, structure: Structure): Commit | null {
    const context = systemContext(this.#deps, structure, ACTOR);
    const events = deliveryAggregate.decide(head.state as ExistingDelivery, command, context);
    if (events.length === 0) return null;
    const meta = { at: context.now, actor: ACTOR, correlationId: this.#deps.ids.next('attempt') };
    return commitOf(head, head.ref, events, meta);
  }

  async #again(one: Waiting, outcome: CommitOutcome): Promise<void> {
    const head = outcome.status === 'conflict' && one.round < ROUNDS ? await this.#deps.store.load(one.head.ref) : null;
    if (head === null) {
      one.isSettled = true;
      one.reject(new Error(`What came of an attempt at ${one.head.ref.id} could not be written: ${outcome.status}`));
      return;
    }
    one.head = head;
    one.round += 1;
    this.#waiting.push(one);
  }
}

function settle(one: Waiting, events: readonly DomainEvent[]): void {
  one.isSettled = true;
  one.resolve(events);
}
