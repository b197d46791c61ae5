import {
  type AggregateType,
  ApplicationError,
  assignTask,
  type Caller,
  commandEscalation,
  commandIncident,
  commandTask,
  createSubscription,
  fulfilDuty,
  type Head,
  type Idempotency,
  importBundle,
  receiveSignal,
} from '@duban/application';
import { createCalendar, type Instant } from '@duban/calendar';
import {
  type Clocked,
  DomainError,
  FACT_FIELDS,
  type Facts,
  type IncidentCommand,
  type TaskCommand,
} from '@duban/domain';
import type { Container, SimulatedCloud } from './cloud.ts';
import type { Act } from './history.ts';
import {
  ADMINISTRATOR,
  appointmentsEdit,
  BUREAUS,
  bundleOf,
  COUNTY,
  calendarEdit,
  GROUP,
  type Held,
  PEOPLE,
  PLAN,
  POSTS,
  SEATS,
  TIME_ZONE,
  type World,
} from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CALENDAR = createCalendar({ timeZone: TIME_ZONE });
const FACTS: Facts = Object.fromEntries(FACT_FIELDS.map((field) => [field, '不详']));

/** How something that was asked for ended. */
export interface Asked {
  /** Found again in the ledger, by whoever counts. */
  readonly marker: string;
  readonly kind: Act['do'] | 'begin';
  outcome: 'pending' | 'done' | 'refused';
  attempts: number;
}

/** A change of who holds a post, and the turns between which it took effect. */
export interface Appointed {
  /** Null: the first appointments of all. */
  readonly post: string | null;
  /** All that are known of after it. */
  readonly held: readonly Held[];
  readonly begun: number;
  /** Turn by which it was in force; null: perhaps never. */
  inForce: number | null;
}

type Work = (container: Container, caller: Caller, idempotency: Idempotency) => Promise<void>;

/** Everybody at their desks. They repeat what was not answered, as clients do, under the same key. */
export class People {
  readonly asked: Asked[] = [];
  readonly appointments: Appointed[];
  readonly #cloud: SimulatedCloud;
  readonly #world: World;
  readonly #days = new Map<string, boolean>();

  constructor(cloud: SimulatedCloud, world: World) {
    this.#cloud = cloud;
    this.#world = world;
    const held = SEATS.flatMap((post, at): Held[] => {
      const person = PEOPLE[at];
      return person === undefined || world.vacant.includes(post) ? [] : [{ post, person, from: null, to: null }];
    });
    this.appointments = [{ post: null, held, begun: 0, inForce: null }];
  }

  /** An administrator seeds the county. */
  begin(): void {
    this.#ask('begin', 'seed', administrator(), async ({ deps }, caller, idempotency) => {
      const result = await importBundle(deps, caller, bundleOf(this.#world), { dryRun: false, idempotency });
      if (result.problems.length > 0) throw new RangeError(JSON.stringify(result.problems));
    });
    if (!this.#world.channel) return;
    for (const mailbox of ['post:director', 'unit:bureau-a']) {
      this.#ask('begin', mailbox, administrator(), async ({ deps }, caller, idempotency) => {
        const url = `https://example.com/${mailbox.replace(':', '/')}`;
        const address = { kind: 'webhook', url, secrets: ['whsec_c2ltdWxhdGlvbi1zZWNyZXQtb2YtMzItYnl0ZXM='] } as const;
        const given = { mailbox, address, name: mailbox, language: 'zh', ordered: false } as const;
        await createSubscription(deps, caller, given, { idempotency });
      });
    }
  }

  async act(act: Act): Promise<void> {
    switch (act.do) {
      case 'assign':
        return this.#assign(act);
      case 'work':
        return this.#work(act.item, act.what);
      case 'signal':
        return this.#signal(act);
      case 'report':
        return this.#report(act);
      case 'fulfil':
        return this.#fulfil(act.item);
      case 'answer':
        return this.#answer(act);
      case 'appoint':
        return this.#appoint(act);
      case 'calendar':
        return this.#calendar(act);
      case 'outage':
        return this.#cloud.goDown(this.#cloud.machine.now + act.minutes * MINUTE_MS);
    }
  }

  #assign({ bureau, dueInDays }: Extract<Act, { do: 'assign' }>): void {
    const marker = `任务${this.asked.length}`;
    const dueAt = endOfDay(this.#cloud.machine.now + dueInDays * DAY_MS);
    const office = this.#as('director', 'deputy-director', 'inspector');
    this.#ask('assign', marker, office, async ({ deps }, caller, idempotency) => {
      const definition = {
        ...{ title: marker, text: marker, plan: PLAN, group: GROUP, documentNumber: '泸办〔2023〕1号', list: '清单' },
        ...{ seq: null, leadUnits: [pick(BUREAUS, bureau)], responsibleUnits: [], leaders: [], dueAt, dueText: null },
        ...{ ongoing: false, milestones: [], targets: [], source: null, notes: [] },
      };
      await assignTask(deps, caller, definition, { idempotency });
    });
  }

  async #work(item: number, what: number): Promise<void> {
    const task = pick(await this.#heads('task'), item);
    if (task === undefined) return;
    const marker = `进展${this.asked.length}`;
    const state = task.state as { readonly leadUnits: readonly string[] };
    const lead = POSTS[state.leadUnits[0] as 'bureau-a'];
    const now = this.#cloud.machine.now;
    const commands: readonly (readonly [TaskCommand, readonly string[]])[] = [
      [{ type: 'Accept', unit: null }, lead],
      [
        {
          ...{ type: 'ReportProgress', unit: null, text: marker, percent: null, noChange: false },
          ...{ reached: [], answers: [] },
        },
        lead,
      ],
      [{ type: 'RequestExtension', limitId: 'due', newDueAt: endOfDay(now + 9 * DAY_MS), reason: '雨季' }, lead],
      [
        { type: 'DecideExtension', number: 1, approved: what % 2 === 0, newDueAt: null, basis: '会议', reason: '不宜' },
        ['director', 'deputy-director'],
      ],
      [{ type: 'SubmitCompletion', unit: null, summary: '已办结', evidence: [] }, lead],
      [{ type: 'Verify', note: null }, ['director', 'deputy-director']],
      [{ type: 'Return', reason: '材料不全' }, ['director', 'deputy-director']],
      [{ type: 'Suspend', until: now + 3 * DAY_MS, reason: '待批', basis: '会议' }, ['director', 'deputy-director']],
      [{ type: 'Resume', reason: null }, ['director', 'deputy-director']],
      [{ type: 'Cancel', reason: '撤销', basis: '会议' }, ['inspector']],
      [
        { type: 'ListForSupervision', reason: '久拖', basis: '会议', reportBy: endOfDay(now + 2 * DAY_MS) },
        ['inspector'],
      ],
      [{ type: 'Instruct', text: '抓紧', reportBy: endOfDay(now + DAY_MS) }, ['leader', 'deputy-leader']],
    ];
    const [command, posts] = commands[what % commands.length] as (typeof commands)[number];
    const reported = command.type === 'ReportProgress' ? marker : '';
    this.#ask('work', reported, this.#as(...posts), async ({ deps }, caller, idempotency) => {
      await commandTask(deps, caller, task.ref.id, command, { ifMatch: null, idempotency });
    });
  }

  #signal({ bureau, minutesAgo }: Extract<Act, { do: 'signal' }>): void {
    const number = `${this.asked.length}`;
    const occurredAt = this.#cloud.machine.now - minutesAgo * MINUTE_MS;
    const feed = this.#as('leader', 'deputy-leader', 'inspector');
    this.#ask('signal', `火灾${number}`, feed, async ({ deps }, caller) => {
      await receiveSignal(deps, caller, { source: '119', number }, async () => {
        const structure = await deps.structures.current(COUNTY);
        const kind = structure.incidentKind('fire');
        if (kind === null) throw new RangeError('There is no such kind of incident.');
        return {
          ...{ kind, unit: pick(BUREAUS, bureau), title: `火灾${number}`, level: null, occurredAt },
          ...{ knownAt: null, receivedAt: null, startsAt: null, completedAt: null, ownDueAt: null, text: null },
        };
      });
    });
  }

  async #report({ item, final }: Extract<Act, { do: 'report' }>): Promise<void> {
    const incident = pick(await this.#heads('incident'), item);
    if (incident === undefined) return;
    const { unit, limits } = incident.state as { unit: 'bureau-a'; limits: Clocked['limits'] };
    const isFirst = limits.some(
      ({ id, status }) => id === 'first_report' && (status === 'running' || status === 'overdue'),
    );
    const stage = isFirst ? 'first' : final ? 'final' : 'follow_up';
    const command: IncidentCommand = {
      ...{ type: 'Report', stage, mode: 'written', receivedAt: null, facts: FACTS, level: null },
      ...{ occurredAt: null, knownAt: null },
    };
    this.#ask('report', '', this.#as(...POSTS[unit]), async ({ deps }, caller, idempotency) => {
      await commandIncident(deps, caller, incident.ref.id, command, { ifMatch: null, idempotency });
    });
  }

  async #fulfil(item: number): Promise<void> {
    const duty = pick(await this.#heads('duty'), item);
    if (duty === undefined) return;
    const unit = duty.ref.id.endsWith('bureau-b') ? 'bureau-b' : 'bureau-a';
    const said = { period: null, mode: 'any', noChange: true, text: null, count: 1, value: null } as const;
    this.#ask('fulfil', '', this.#as(...POSTS[unit]), async ({ deps }, caller, idempotency) => {
      await fulfilDuty(deps, caller, duty.ref.id, said, { ifMatch: null, idempotency });
    });
  }

  async #answer({ escalation, resolve, holdHours }: Extract<Act, { do: 'answer' }>): Promise<void> {
    const items = (await Promise.all((['task', 'incident', 'duty'] as const).map((type) => this.#heads(type)))).flat();
    const open = items
      .flatMap(({ state }) => (state as Clocked).escalations)
      .filter(({ status }) => status === 'open')
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const one = pick(open, escalation);
    if (one === undefined) return;
    const until = holdHours === 0 ? null : this.#cloud.machine.now + holdHours * 3_600_000;
    const command = resolve
      ? ({ type: 'ResolveEscalation', escalationId: one.id, outcome: '已督促' } as const)
      : ({ type: 'AcknowledgeEscalation', escalationId: one.id, note: null, until } as const);
    const seats = one.mailboxes.flatMap((mailbox) => {
      const code = mailbox.slice(mailbox.indexOf(':') + 1);
      return mailbox.startsWith('post:') ? [code] : (POSTS[code as 'government'] ?? []);
    });
    this.#ask('answer', '', this.#as(...seats, 'inspector'), async ({ deps }, caller, idempotency) => {
      await commandEscalation(deps, caller, command, { ifMatch: null, idempotency });
    });
  }

  #appoint({ post, person }: Extract<Act, { do: 'appoint' }>): void {
    const seat = SEATS[post % SEATS.length] as string;
    const successor = person === null ? null : pick(PEOPLE, person);
    // Whoever changes a post once more waits for the answer to the first change.
    if (this.appointments.some((one) => one.post === seat && one.inForce === null)) return;
    // To the second, as files say it.
    const from = Math.floor(this.#cloud.machine.now / 1_000) * 1_000;
    const before = this.appointments.at(-1)?.held ?? [];
    const isHeld = (held: Held) => held.post === seat && held.to === null;
    if (before.some((held) => isHeld(held) && (held.person === successor || (held.from ?? 0) >= from))) return;
    const ended = before.map((held) => (isHeld(held) ? { ...held, to: from } : held));
    const held = successor === null ? ended : [...ended, { post: seat, person: successor, from, to: null }];
    const changed = held.filter((one) => one.post === seat && !before.includes(one));
    if (changed.length === 0) return;
    const appointed: Appointed = { post: seat, held, begun: this.#cloud.machine.turns, inForce: null };
    this.appointments.push(appointed);
    this.#import(
      'appoint',
      () => appointmentsEdit(changed),
      () => {
        appointed.inForce = this.#cloud.machine.turns;
      },
    );
  }

  #calendar({ inDays, working }: Extract<Act, { do: 'calendar' }>): void {
    const date = CALENDAR.dateOf(this.#cloud.machine.now + inDays * DAY_MS);
    this.#days.set(date, working);
    const days = [...this.#days].map(([day, isWorking]) => ({ date: day, working: isWorking }));
    this.#import(
      'calendar',
      () => calendarEdit(this.#world, days),
      () => {},
    );
  }

  #import(kind: Act['do'], bundle: () => ReturnType<typeof appointmentsEdit>, onDone: () => void): void {
    this.#ask(
      kind,
      '',
      administrator(),
      async ({ deps }, caller, idempotency) => {
        const result = await importBundle(deps, caller, bundle(), { dryRun: false, idempotency });
        if (result.problems.length > 0) throw new RangeError(JSON.stringify(result.problems));
      },
      onDone,
    );
  }

  #ask(kind: Asked['kind'], marker: string, caller: Caller, work: Work, onDone: () => void = () => {}): void {
    const asked: Asked = { marker, kind, outcome: 'pending', attempts: 0 };
    const number = this.asked.push(asked);
    const idempotency = { key: `key-${number}`, fingerprint: `fingerprint-${number}` };
    const attempt = () => {
      asked.attempts += 1;
      let refused = false;
      this.#cloud.invoke(
        'api',
        async (container) => {
          try {
            await work(container, caller, idempotency);
          } catch (error) {
            if (!isRefusal(error)) throw error;
            refused = true;
          }
        },
        (done) => {
          if (!done) return this.#cloud.machine.at(this.#cloud.machine.now + this.#patience(), attempt);
          asked.outcome = refused ? 'refused' : 'done';
          onDone();
        },
      );
    };
    attempt();
  }

  #patience(): number {
    return 1_000 + this.#cloud.draw.below(60_000);
  }

  /** Whoever holds the first of these posts that anybody holds now; nobody holding any, the administrator. */
  #as(...posts: readonly string[]): Caller {
    const now = this.#cloud.machine.now;
    const held =
      this.appointments.findLast(({ inForce }) => inForce !== null)?.held ?? this.appointments[0]?.held ?? [];
    for (const post of posts) {
      const person = held.find((one) => one.post === post && isNow(one, now))?.person;
      if (person !== undefined) return callerOf(person);
    }
    return administrator();
  }

  async #heads(type: AggregateType): Promise<Head[]> {
    const heads: Head[] = [];
    for await (const head of this.#cloud.ledger.store.scanHeads(COUNTY)) if (head.ref.type === type) heads.push(head);
    return heads;
  }
}

export function isNow({ from, to }: Held, at: Instant): boolean {
  return (from === null || from <= at) && (to === null || at < to);
}

function callerOf(person: string): Caller {
  return {
    jurisdiction: COUNTY,
    actor: { person, bootstrapAdmin: person === ADMINISTRATOR },
    correlationId: 'simulation',
  };
}

const administrator = () => callerOf(ADMINISTRATOR);

/** An answer: asking again would be answered the same. What is being carried on elsewhere is not one. */
function isRefusal(error: unknown): boolean {
  if (error instanceof DomainError) return true;
  return error instanceof ApplicationError && !['conflict', 'import_under_way'].includes(error.code);
}

function endOfDay(at: Instant): Instant {
  return CALENDAR.endOfDay(CALENDAR.dateOf(at));
}

/** One of several; of none, nothing. */
function pick<T>(values: readonly [T, ...T[]], number: number): T;
function pick<T>(values: readonly T[], number: number): T | undefined;
function pick<T>(values: readonly T[], number: number): T | undefined {
  return values.length === 0 ? undefined : values[number % values.length];
}
