import {
  type ExistingIncident,
  explainLimits,
  type Facts,
  INCIDENT_CLOCK,
  type IncidentCommand,
  type IncidentCommandOf,
  type IncidentEvent,
  type IncidentKind,
  type IncidentState,
  incidentAggregate,
  type Limit,
  type LimitExplanation,
  type ParallelLimit,
  type ReportRule,
  type Structure,
  sourceOfIncidentLimit,
} from '../src/index.ts';
import { as, at, STRUCTURE } from './fixtures.ts';

type Given<T extends IncidentCommand['type']> = Partial<IncidentCommandOf<T>>;

const LINES = {
  after_event: [824, 826],
  ahead: [826, 828],
  after_completion: [821, 824],
  at_once: [828, 830],
} as const;

function kind(code: string, category: IncidentKind['category'], rule: ReportRule): IncidentKind {
  const source = { documentNumber: '泸办通〔2023〕19号', lines: LINES[rule.when] };
  return { code, category, name: code, rule, followsUp: rule.when === 'after_event', source, parallel: [] };
}

export const FIRE = kind('xiaofang-anquan-shigu', 'sudden_event', { when: 'after_event', minutes: 40 });
export const VISIT = kind('shangji-laixi', 'meeting_activity', { when: 'ahead', workingDays: 2 });
export const ABSENCE = kind('zhuyao-fuzeren-lixian', 'other', { when: 'ahead', workingDays: 2 });
export const WORK = kind('shangji-bushu', 'important_work', { when: 'after_completion', days: 7 });
export const OTHER = kind('qita-zhongda-shixiang', 'other', { when: 'at_once' });

/** Limits of a national order beside the county's own. */
export function besides(...parallel: readonly Partial<ParallelLimit>[]): IncidentKind {
  const order: ParallelLimit = {
    code: 'guowuyuan-493',
    name: '国务院令第493号',
    from: 'occurredAt',
    minutes: 60,
    source: { documentNumber: '国务院令第493号', lines: null },
    verified: true,
  };
  return { ...FIRE, parallel: parallel.map((differs) => ({ ...order, ...differs })) };
}

export const FACTS: Facts = {
  time: '3月10日10时许',
  place: '白羊溪乡',
  source: '村支书来电',
  cause: null,
  course: '民房起火',
  casualties: null,
  losses: null,
  measures: '已组织扑救、疏散',
  trend: null,
  signer: '张三',
  contact: '李四 0743-0000000',
};
export const KNOWN: Facts = {
  ...FACTS,
  cause: '电线短路',
  casualties: '无',
  losses: '约3万元',
  trend: '明火已扑灭',
};

const OPENING = {
  incidentId: 'incident_1',
  kind: FIRE,
  unit: 'kgx',
  title: '民房火灾',
  level: null,
  occurredAt: null,
  knownAt: null,
  receivedAt: null,
  startsAt: null,
  completedAt: null,
  ownDueAt: null,
} as const;

export function signal(given: Given<'Signal'> = {}): IncidentCommandOf<'Signal'> {
  return { type: 'Signal', signal: { source: '119', number: 'A-1' }, text: '群众报警', ...OPENING, ...given };
}

export function opening(
  given: Given<'OpenWithReport'> = {},
  report: Partial<IncidentCommandOf<'OpenWithReport'>['report']> = {},
): IncidentCommandOf<'OpenWithReport'> {
  const said = { mode: 'written', receivedAt: null, facts: FACTS, level: null } as const;
  return { type: 'OpenWithReport', ...OPENING, ...given, report: { ...said, ...report } };
}

export function reporting(
  stage: 'first' | 'follow_up' | 'final',
  given: Given<'Report'> = {},
): IncidentCommandOf<'Report'> {
  const facts = stage === 'final' ? KNOWN : FACTS;
  return {
    ...{
      type: 'Report',
      stage,
      mode: 'written',
      receivedAt: null,
      occurredAt: null,
      knownAt: null,
      facts,
      level: null,
    },
    ...given,
  };
}

export function correcting(given: Given<'CorrectReport'> = {}): IncidentCommandOf<'CorrectReport'> {
  return { type: 'CorrectReport', report: 1, before: FACTS, after: {}, occurredAt: null, reason: '核实', ...given };
}

/** An incident lived through on a fixed clock, waking exactly when it asked to, unless told to oversleep. */
export class IncidentRun {
  readonly events: IncidentEvent[] = [];
  state: IncidentState = incidentAggregate.initial;
  structure: Structure;

  constructor(structure: Structure = STRUCTURE) {
    this.structure = structure;
  }

  /** A fire at 10:00 on Friday 2023-03-10 in 县kgx, of which 119 knows at once. */
  static signalled(
    given: Given<'Signal'> = {},
    when = '2023-03-10T10:00',
    structure: Structure = STRUCTURE,
  ): IncidentRun {
    const run = new IncidentRun(structure);
    run.give('officer', when, signal({ occurredAt: at(when), ...given }));
    return run;
  }
  /** The same, reported in writing by its unit after 20 minutes. */
  static reported(
    given: Given<'OpenWithReport'> = {},
    report: Partial<IncidentCommandOf<'OpenWithReport'>['report']> = {},
    when = '2023-03-10T10:20',
  ): IncidentRun {
    const run = new IncidentRun();
    run.give('kgx-head', when, opening({ occurredAt: at('2023-03-10T10:00'), ...given }, report));
    return run;
  }

  /** One that has come so far. */
  static given(...events: readonly IncidentEvent[]): IncidentRun {
    const run = new IncidentRun();
    run.#take(events);
    return run;
  }

  get incident(): ExistingIncident {
    if (this.state.status === 'none') throw new Error('not opened yet');
    return this.state;
  }
  get nextWakeAt(): number | null {
    return incidentAggregate.nextWakeAt(this.state);
  }
  limit(id: string): Limit {
    const limit = this.incident.limits.find((candidate) => candidate.id === id);
    if (limit === undefined) throw new Error(`no limit ${id}`);
    return limit;
  }
  explain(when: string): ReadonlyMap<string, LimitExplanation> {
    const history = this.events.map((event, index) => ({ version: index + 1, at: event.at, event }));
    const context = { now: at(when), structure: this.structure };
    const sourceOf = (limit: Limit) => sourceOfIncidentLimit(this.incident, limit);
    const limits = explainLimits(this.incident, INCIDENT_CLOCK, sourceOf, history, context);
    return new Map(limits.map((explained) => [explained.limit.id, explained]));
  }

  give(person: string, when: string, command: IncidentCommand): readonly IncidentEvent[] {
    return this.giveAt(person, at(when), command);
  }
  giveAt(person: string, now: number, command: IncidentCommand): readonly IncidentEvent[] {
    return this.#take(incidentAggregate.decide(this.state, command, as(person, now, this.structure)));
  }
  wakeAt(now: number): readonly IncidentEvent[] {
    const { structure } = this;
    return this.#take(incidentAggregate.wake(this.state, { now, calendar: structure.calendar, structure }));
  }
  wake(when: string): readonly IncidentEvent[] {
    return this.wakeAt(at(when));
  }
  recompute(when: string): readonly IncidentEvent[] {
    const { structure } = this;
    const context = { now: at(when), calendar: structure.calendar, structure };
    return this.#take(incidentAggregate.recompute?.(this.state, context) ?? []);
  }
  /** Runs every wake asked for up to and with that instant. */
  until(when: string): readonly IncidentEvent[] {
    const before = this.events.length;
    for (let next = this.nextWakeAt; next !== null && next <= at(when); next = this.nextWakeAt) this.wakeAt(next);
    return this.events.slice(before);
  }
  #take(events: readonly IncidentEvent[]): readonly IncidentEvent[] {
    this.events.push(...events);
    this.state = events.reduce((state, event) => incidentAggregate.evolve(state, event), this.state);
    return events;
  }
}

export function types(events: readonly IncidentEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

/** What the clock tells, one line each: `03-10 10:40 first_report 0 unit:xwb unit:zfb`, a reminder `remind` for the step. */
export function told(events: readonly IncidentEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'Escalated' && event.type !== 'UnitReminded') return [];
    const step = event.type === 'Escalated' ? event.step : 'remind';
    const mailboxes = event.recipients.map(({ mailbox }) => mailbox).join(' ');
    const time = STRUCTURE.calendar.format(event.at).slice(5, 16).replace('T', ' ');
    return [`${time} ${event.limitId} ${step} ${mailboxes}`];
  });
}
