import {
  type CommandContext,
  DEFAULT_DUTY_POLICY,
  type DutyCommand,
  type DutyDefinition,
  type DutyEvent,
  type DutyState,
  dutyAggregate,
  type ExistingDuty,
  type Policy,
  type Structure,
} from '../src/index.ts';
import { as, at, STRUCTURE } from './fixtures.ts';

/** 每周三报专班: every Wednesday, by a bureau. */
export const WEEKLY: DutyDefinition = {
  code: 'weekly-report',
  kind: 'report',
  title: '每周三报送',
  text: '每周三前将情况报专班。',
  basis: { documentNumber: '泸政办发〔2023〕7号', lines: [8079, 8090] },
  group: 'force',
  requester: 'jj',
  owners: ['unit:kgx'],
  counterparties: ['专班'],
  period: { every: 'week', weekday: 3 },
  shift: 'keep',
  quota: null,
  mode: 'any',
  subject: null,
  indicator: null,
  from: '2023-05-30',
  until: '2023-12-31',
  policy: 'default-duty',
  notes: [],
};

type Command = Extract<DutyCommand, { type: 'OpenDuty' }>;
type Opening = Partial<DutyDefinition> &
  Partial<Pick<Command, 'dutyId' | 'owner' | 'imported' | 'urgent' | 'override'>> & { readonly ladder?: Policy };

/** Imported, unless it says otherwise: a document's duty, on which no notice is due. */
export function opening(differs: Opening = {}): Command {
  const { dutyId = 'duty_weekly', owner = 'unit:kgx', ladder: policy = DEFAULT_DUTY_POLICY, ...rest } = differs;
  const { imported = true, urgent = false, override = null, ...definition } = rest;
  return {
    ...{ type: 'OpenDuty', dutyId, owner, policy, imported, urgent, override },
    definition: { ...WEEKLY, ...definition },
  };
}

export const DONE: Extract<DutyCommand, { type: 'Fulfil' }> = {
  type: 'Fulfil',
  period: null,
  mode: 'any',
  noChange: false,
  text: '已办。',
  count: 1,
  value: null,
};

/** A duty lived through on a fixed clock, waking exactly when it asked to, unless told to oversleep. */
export class DutyRun {
  readonly events: DutyEvent[] = [];
  state: DutyState = dutyAggregate.initial;
  structure: Structure = STRUCTURE;

  static opened(when: string, differs: Opening = {}, structure: Structure = STRUCTURE): DutyRun {
    const run = new DutyRun();
    run.structure = structure;
    run.give('jj-director', when, opening(differs));
    return run;
  }

  get duty(): ExistingDuty {
    if (this.state.status === 'none') throw new Error('not opened yet');
    return this.state;
  }
  get nextWakeAt(): number | null {
    return dutyAggregate.nextWakeAt(this.state);
  }
  limit(key: string) {
    const limit = this.duty.limits.find(({ id }) => id === `period:${key}`);
    if (limit === undefined) throw new Error(`no limit for ${key}`);
    return limit;
  }
  /** Each turn as `key status`. */
  get turns(): readonly string[] {
    return this.duty.periods.map(({ key, status }) => `${key} ${status}`);
  }

  give(person: string, when: string, command: DutyCommand): readonly DutyEvent[] {
    return this.giveAt(person, at(when), command);
  }
  giveAt(person: string, now: number, command: DutyCommand): readonly DutyEvent[] {
    return this.#take(dutyAggregate.decide(this.state, command, this.context(person, now)));
  }
  context(person: string, now: number): CommandContext {
    return as(person, now, this.structure);
  }
  wakeAt(now: number): readonly DutyEvent[] {
    const { structure } = this;
    return this.#take(dutyAggregate.wake(this.state, { now, calendar: structure.calendar, structure }));
  }
  wake(when: string): readonly DutyEvent[] {
    return this.wakeAt(at(when));
  }
  /** The calendar of another structure is in force from now on. */
  recompute(when: string, structure: Structure): readonly DutyEvent[] {
    this.structure = structure;
    const context = { now: at(when), calendar: structure.calendar, structure };
    return this.#take(dutyAggregate.recompute?.(this.state, context) ?? []);
  }
  /** Runs every wake asked for up to and with that instant. */
  until(when: string): readonly DutyEvent[] {
    const before = this.events.length;
    for (let next = this.nextWakeAt; next !== null && next <= at(when); next = this.nextWakeAt) this.wakeAt(next);
    return this.events.slice(before);
  }
  #take(events: readonly DutyEvent[]): readonly DutyEvent[] {
    this.events.push(...events);
    this.state = events.reduce((state, event) => dutyAggregate.evolve(state, event), this.state);
    return events;
  }
}

/** Each event as `type` and, of a period, which. */
export function told(events: readonly DutyEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.type === 'PeriodOpened') return `PeriodOpened ${event.period.key}`;
    if ('limitId' in event) return `${event.type} ${event.limitId.slice('period:'.length)}`;
    return event.type === 'DutyFulfilled' || event.type === 'DutyFellBehind'
      ? `${event.type} ${event.period}`
      : event.type;
  });
}

/** Each escalation as `period step time mailboxes`, on the county's wall clock. */
export function climbed(events: readonly DutyEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'Escalated') return [];
    const when = STRUCTURE.calendar.format(event.at).slice(0, 16);
    const mailboxes = event.recipients.map(({ mailbox }) => mailbox);
    return [[event.limitId.slice('period:'.length), event.step, when, ...mailboxes].join(' ')];
  });
}
