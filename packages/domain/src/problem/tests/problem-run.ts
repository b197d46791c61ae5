import { expect } from 'vitest';
import { as, at, STRUCTURE } from '../../../test-support/fixtures.ts';
import {
  DEFAULT_PREFECTURE_PROBLEM_POLICY,
  DEFAULT_PROBLEM_POLICY,
  type ExistingProblem,
  type ProblemCommand,
  type ProblemCommandOf,
  type ProblemEvent,
  type ProblemState,
  problemAggregate,
  type Structure,
} from '../../index.ts';

/** Found by kgx in a township, one month to solve it, in the register of the group `force`. */
export function registration(differs: Partial<ProblemCommandOf<'Register'>> = {}): ProblemCommandOf<'Register'> {
  return {
    type: 'Register',
    problemId: 'problem_1',
    group: 'force',
    basis: { documentNumber: '泸政办发〔2023〕7号', lines: [8182, 8192] },
    title: '园区用电不足',
    text: '三家企业限产。',
    place: '高新区',
    measure: '协调增容',
    foundBy: 'kgx',
    foundOn: null,
    unit: null,
    term: 'one_month',
    policy: DEFAULT_PROBLEM_POLICY,
    prefecturePolicy: DEFAULT_PREFECTURE_PROBLEM_POLICY,
    solvedOnTheSpot: null,
    ...differs,
  };
}

export const SOLVE = { type: 'Solve', outcome: '已增容' } as const;
export const TO_COUNTY = { type: 'RequestMove', to: 'county', reason: '超出本单位职权' } as const;
export const TO_PREFECTURE = { type: 'RequestMove', to: 'prefecture', reason: '须州级协调' } as const;
export const SATISFIED = { type: 'CallBack', satisfied: true, note: null } as const;
export const UNSATISFIED = { type: 'CallBack', satisfied: false, note: '仍限产' } as const;
export const decision = (differs: Partial<ProblemCommandOf<'DecideMove'>> = {}): ProblemCommandOf<'DecideMove'> => ({
  ...{ type: 'DecideMove', number: 2, post: null, approved: true, note: null },
  ...differs,
});

/** A problem lived through on a fixed clock, waking exactly when it asked to, unless told to oversleep. */
export class ProblemRun {
  readonly events: ProblemEvent[] = [];
  state: ProblemState = problemAggregate.initial;
  structure: Structure = STRUCTURE;

  static registered(when: string, differs: Partial<ProblemCommandOf<'Register'>> = {}): ProblemRun {
    const run = new ProblemRun();
    run.give('kgx-head', when, registration(differs));
    return run;
  }
  /** Registered 2023-06-01 for one month, with the county from 06-05, with the prefecture from 06-09. */
  static withPrefecture(differs: Partial<ProblemCommandOf<'Register'>> = {}): ProblemRun {
    const run = ProblemRun.registered('2023-06-01T10:00', differs);
    run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
    run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE);
    run.give('jj-director', '2023-06-09T10:00', decision());
    run.give('jj-deputy', '2023-06-09T11:00', decision());
    return run;
  }

  get problem(): ExistingProblem {
    if (this.state.status === 'none') throw new Error('not registered yet');
    return this.state;
  }
  get nextWakeAt(): number | null {
    return problemAggregate.nextWakeAt(this.state);
  }
  limit(id: string) {
    const limit = this.problem.limits.find((candidate) => candidate.id === id);
    if (limit === undefined) throw new Error(`no limit ${id}`);
    return limit;
  }

  give(person: string, when: string, command: ProblemCommand): readonly ProblemEvent[] {
    return this.giveAt(person, at(when), command);
  }
  giveAt(person: string, now: number, command: ProblemCommand): readonly ProblemEvent[] {
    return this.#take(problemAggregate.decide(this.state, command, as(person, now, this.structure)));
  }
  wakeAt(now: number): readonly ProblemEvent[] {
    const { structure } = this;
    return this.#take(problemAggregate.wake(this.state, { now, calendar: structure.calendar, structure }));
  }
  wake(when: string): readonly ProblemEvent[] {
    return this.wakeAt(at(when));
  }
  /** Runs every wake asked for up to and with that instant. */
  until(when: string): readonly ProblemEvent[] {
    const before = this.events.length;
    for (let next = this.nextWakeAt; next !== null && next <= at(when); next = this.nextWakeAt) this.wakeAt(next);
    return this.events.slice(before);
  }
  #take(events: readonly ProblemEvent[]): readonly ProblemEvent[] {
    this.events.push(...events);
    this.state = events.reduce((state, event) => problemAggregate.evolve(state, event), this.state);
    return events;
  }
}

/** Each escalation as `limit step time mailboxes`, on the county's wall clock. */
export function escalations(events: readonly ProblemEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'Escalated'
      ? [
          `${event.limitId} ${event.step} ${STRUCTURE.calendar.format(event.at).slice(0, 16)} ${event.recipients.map(({ mailbox }) => mailbox).join(' ')}`,
        ]
      : [],
  );
}
export function types(events: readonly ProblemEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

/** What a limit is that has just begun, beside its kind and its days. */
export const blank = {
  status: 'running',
  dueSoon: false,
  steps: [],
  next: null,
  hold: null,
  counted: null,
  pauses: [],
} as const;

export const remind = (workingDaysBefore: number, day: string) => ({
  ...{ at: at(`${day}T00:00`), workingDaysBefore, minutesBefore: null },
});

/** A refusal with this code, whatever it says. */
export const code = (refusal: string) => expect.objectContaining({ code: refusal });
