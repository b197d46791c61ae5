import {
  type ExistingTask,
  type Structure,
  type TaskCommand,
  type TaskDefinition,
  type TaskEvent,
  type TaskState,
  taskAggregate,
} from '../src/index.ts';
import { as, assignment, at, STRUCTURE } from './fixtures.ts';

/** A task lived through on a fixed clock, waking exactly when it asked to, unless told to oversleep. */
export class TaskRun {
  readonly events: TaskEvent[] = [];
  state: TaskState = taskAggregate.initial;
  structure: Structure = STRUCTURE;

  static assigned(when: string, definition: Partial<TaskDefinition> = {}): TaskRun {
    const run = new TaskRun();
    run.give('inspector', when, assignment(definition));
    return run;
  }

  get task(): ExistingTask {
    if (this.state.status === 'none') throw new Error('not assigned yet');
    return this.state;
  }
  get nextWakeAt(): number | null {
    return taskAggregate.nextWakeAt(this.state);
  }
  limit(id: string) {
    const limit = this.task.limits.find((candidate) => candidate.id === id);
    if (limit === undefined) throw new Error(`no limit ${id}`);
    return limit;
  }

  give(person: string, when: string, command: TaskCommand): readonly TaskEvent[] {
    return this.giveAt(person, at(when), command);
  }
  giveAt(person: string, now: number, command: TaskCommand): readonly TaskEvent[] {
    return this.#take(taskAggregate.decide(this.state, command, as(person, now, this.structure)));
  }
  wakeAt(now: number): readonly TaskEvent[] {
    const { structure } = this;
    return this.#take(taskAggregate.wake(this.state, { now, calendar: structure.calendar, structure }));
  }
  wake(when: string): readonly TaskEvent[] {
    return this.wakeAt(at(when));
  }
  /** Runs every wake asked for up to and with that instant. */
  until(when: string): readonly TaskEvent[] {
    const before = this.events.length;
    for (let next = this.nextWakeAt; next !== null && next <= at(when); next = this.nextWakeAt) this.wakeAt(next);
    return this.events.slice(before);
  }
  #take(events: readonly TaskEvent[]): readonly TaskEvent[] {
    this.events.push(...events);
    this.state = events.reduce((state, event) => taskAggregate.evolve(state, event), this.state);
    return events;
  }
}

/** Each escalation as `limit step time mailboxes`, on the county's wall clock. */
export function escalations(events: readonly TaskEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'Escalated'
      ? [
          `${event.limitId} ${event.step} ${STRUCTURE.calendar.format(event.at).slice(0, 16)} ${event.recipients.map(({ mailbox }) => mailbox).join(' ')}`,
        ]
      : [],
  );
}

export function types(events: readonly TaskEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}
