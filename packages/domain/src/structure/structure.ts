import { type Calendar, createCalendar, type Instant } from '@duban/calendar';
import type { DutyDefinition } from '../duty/definition.ts';
import { DEFAULT_POLICIES } from '../escalation/defaults.ts';
import type { Policy } from '../escalation/policy.ts';
import type { IncidentKind } from '../incident/kinds.ts';
import type {
  Appointment,
  DocumentRecord,
  Group,
  Jurisdiction,
  Person,
  Plan,
  Post,
  StructureData,
  Subject,
  Unit,
} from './types.ts';
import { DEFAULT_DIGEST_MORNING_AT, DEFAULT_DIGEST_WINDOW_MINUTES, DEFAULT_WORKING_HOURS } from './types.ts';

/** One version of a jurisdiction's structure, indexed for questions. Immutable. */
export class Structure {
  readonly version: number;
  readonly data: StructureData;
  /** The import whose tasks readers are not shown yet, and null once it is published. */
  readonly unpublished: string | null;
  /** The last year whose holiday notice was known when clocks were last counted; null: not counted yet. */
  readonly countedYear: number | null;
  readonly calendar: Calendar;
  readonly #units: ReadonlyMap<string, Unit>;
  readonly #posts: ReadonlyMap<string, Post>;
  readonly #people: ReadonlyMap<string, Person>;
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #plans: ReadonlyMap<string, Plan>;
  readonly #documents: ReadonlyMap<string, DocumentRecord>;
  readonly #policies: ReadonlyMap<string, Policy>;
  readonly #incidentKinds: ReadonlyMap<string, IncidentKind>;
  readonly #subjects: ReadonlyMap<string, Subject>;
  readonly #duties: ReadonlyMap<string, DutyDefinition>;
  readonly #byPost: ReadonlyMap<string, readonly Appointment[]>;
  readonly #byPerson: ReadonlyMap<string, readonly Appointment[]>;
  readonly #heads: ReadonlyMap<string, Post>;
  readonly #names: ReadonlyMap<string, Unit>;

  constructor(
    data: StructureData,
    version: number,
    unpublished: string | null = null,
    countedYear: number | null = null,
  ) {
    this.data = data;
    this.unpublished = unpublished;
    this.countedYear = countedYear;
    this.version = version;
    this.calendar = createCalendar({
      timeZone: data.jurisdiction.timeZone,
      workingHours: data.jurisdiction.workingHours,
      localDays: data.jurisdiction.localDays,
      notices: data.jurisdiction.holidayNotices,
    });
    this.#units = byCode(data.units);
    this.#posts = byCode(data.posts);
    this.#people = byCode(data.people);
    this.#groups = byCode(data.groups);
    this.#plans = byCode(data.plans);
    this.#documents = new Map(data.documents.map((document) => [document.number, document]));
    this.#policies = byCode([...DEFAULT_POLICIES, ...data.policies]);
    this.#incidentKinds = byCode(data.incidentKinds);
    this.#subjects = byCode(data.subjects);
    this.#duties = byCode(data.duties);
    this.#byPost = groupBy(data.appointments, (appointment) => appointment.post);
    this.#byPerson = groupBy(data.appointments, (appointment) => appointment.person);
    this.#heads = new Map(data.posts.filter((post) => post.head).map((post) => [post.unit, post]));
    this.#names = new Map(data.units.flatMap((unit) => [unit.name, ...unit.aliases].map((name) => [name, unit])));
  }

  get jurisdiction(): Jurisdiction {
    return this.data.jurisdiction;
  }
  unit(code: string): Unit | null {
    return this.#units.get(code) ?? null;
  }
  post(code: string): Post | null {
    return this.#posts.get(code) ?? null;
  }
  person(code: string): Person | null {
    return this.#people.get(code) ?? null;
  }
  group(code: string): Group | null {
    return this.#groups.get(code) ?? null;
  }
  plan(code: string): Plan | null {
    return this.#plans.get(code) ?? null;
  }
  document(number: string): DocumentRecord | null {
    return this.#documents.get(number) ?? null;
  }
  policy(code: string): Policy | null {
    return this.#policies.get(code) ?? null;
  }
  incidentKind(code: string): IncidentKind | null {
    return this.#incidentKinds.get(code) ?? null;
  }
  subject(code: string): Subject | null {
    return this.#subjects.get(code) ?? null;
  }
  /** A duty that was imported; those that a person has asked for stand in the ledger alone. */
  dutyDefinition(code: string): DutyDefinition | null {
    return this.#duties.get(code) ?? null;
  }
  get policies(): readonly Policy[] {
    return [...this.#policies.values()];
  }
  /** The unit of that code, name or alias. */
  unitNamed(nameOrCode: string): Unit | null {
    return this.#units.get(nameOrCode) ?? this.#names.get(nameOrCode) ?? null;
  }
  headPost(unit: string): Post | null {
    return this.#heads.get(unit) ?? null;
  }

  /** Who holds the post at that instant; of several, the one appointed last. Null: vacant. */
  holder(post: string, at: Instant): Person | null {
    let held: Appointment | null = null;
    for (const appointment of this.#byPost.get(post) ?? []) {
      if (!inForce(appointment, at)) continue;
      if (held === null || (appointment.from ?? Number.NEGATIVE_INFINITY) >= (held.from ?? Number.NEGATIVE_INFINITY)) {
        held = appointment;
      }
    }
    return held === null ? null : this.person(held.person);
  }

  /** The posts a person holds at that instant. */
  postsOf(person: string, at: Instant): readonly Post[] {
    return (this.#byPerson.get(person) ?? [])
      .filter((appointment) => inForce(appointment, at) && this.holder(appointment.post, at)?.code === person)
      .map((appointment) => this.post(appointment.post))
      .filter((post) => post !== null);
  }

  plansOfGroup(group: string): readonly Plan[] {
    return this.data.plans.filter((plan) => plan.group === group);
  }
  postsOfUnit(unit: string): readonly Post[] {
    return this.data.posts.filter((post) => post.unit === unit);
  }
}

function inForce(appointment: Appointment, at: Instant): boolean {
  return (appointment.from === null || appointment.from <= at) && (appointment.to === null || at < appointment.to);
}

function byCode<T extends { readonly code: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.code, item]));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** A jurisdiction that has not said who is told of incidents: its administrators are. */
const NO_INCIDENT_ROLES = { incidentOffices: [], mainLeaders: [], incidentSupervision: [], signalUnits: [] } as const;

/** A jurisdiction of which nothing has been imported yet. */
export function emptyStructure(jurisdiction: string): Structure {
  return new Structure(
    {
      jurisdiction: {
        code: jurisdiction,
        name: jurisdiction,
        parent: null,
        timeZone: 'Asia/Shanghai',
        workingHours: DEFAULT_WORKING_HOURS,
        digestMorningAt: DEFAULT_DIGEST_MORNING_AT,
        digestWindowMinutes: DEFAULT_DIGEST_WINDOW_MINUTES,
        supervisionUnits: [],
        administratorPosts: [],
        localDays: [],
        ...NO_INCIDENT_ROLES,
        holidayNotices: [],
      },
      units: [],
      posts: [],
      people: [],
      appointments: [],
      documents: [],
      groups: [],
      policies: [],
      plans: [],
      incidentKinds: [],
      subjects: [],
      duties: [],
    },
    0,
  );
}
