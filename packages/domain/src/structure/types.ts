import type { HoursSpan, Instant, LocalDay } from '@duban/calendar';

export interface Jurisdiction {
  /** GB/T 2260 division code, e.g. `433122`. */
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  /** IANA zone. */
  readonly timeZone: string;
  readonly workingHours: readonly HoursSpan[];
  /** `HH:MM`: when a working day's first digest is released. */
  readonly digestMorningAt: string;
  /** Units whose staff supervise the whole jurisdiction (督查室). */
  readonly supervisionUnits: readonly string[];
  /** Posts that administer structure, and the last resort of every escalation. */
  readonly administratorPosts: readonly string[];
  readonly localDays: readonly LocalDay[];
}

export const UNIT_KINDS = [
  'bureau',
  'office',
  'party',
  'government',
  'township',
  'court',
  'procuratorate',
  'company',
  'association',
  'institution',
  'park',
] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

export interface Unit {
  readonly code: string;
  readonly name: string;
  /** Every other printed name. Unique over all units of the jurisdiction. */
  readonly aliases: readonly string[];
  readonly kind: UnitKind;
  readonly parent: string | null;
}

export interface Post {
  readonly code: string;
  readonly unit: string;
  readonly title: string;
  /** The unit's principal post. */
  readonly head: boolean;
}

export interface Person {
  readonly code: string;
  readonly name: string;
}

/** A person holds a post over `[from, to)`; null is unbounded. */
export interface Appointment {
  readonly post: string;
  readonly person: string;
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export interface DocumentRecord {
  /** 文号 as GB/T 9704 writes it: `泸政办发〔2023〕5号`. */
  readonly number: string;
  readonly title: string;
  readonly issuer: string | null;
  readonly issuedOn: string | null;
}

export const GROUP_KINDS = ['leading_group', 'task_force', 'command_centre'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

export interface Office {
  readonly hostUnit: string;
  readonly director: string | null;
  readonly deputyDirector: string | null;
}

/** 领导小组、工作专班、总指挥中心. Made of posts, never of people. */
export interface Group {
  readonly code: string;
  readonly name: string;
  readonly kind: GroupKind;
  readonly documentNumber: string;
  readonly parent: string | null;
  readonly office: Office | null;
  readonly leader: string | null;
  readonly firstDeputy: string | null;
  readonly deputies: readonly string[];
  readonly members: readonly string[];
}

/** 方案/任务清单: belongs to a document, names the group that answers for it. */
export interface Plan {
  readonly code: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly title: string;
  readonly group: string;
  readonly policy: string;
}

/** Everything a structure version holds, as plain data. */
export interface StructureData {
  readonly jurisdiction: Jurisdiction;
  readonly units: readonly Unit[];
  readonly posts: readonly Post[];
  readonly people: readonly Person[];
  readonly appointments: readonly Appointment[];
  readonly documents: readonly DocumentRecord[];
  readonly groups: readonly Group[];
  readonly policies: readonly import('../escalation/policy.ts').Policy[];
  readonly plans: readonly Plan[];
}

export const DEFAULT_WORKING_HOURS: readonly HoursSpan[] = [
  { from: '08:00', to: '12:00' },
  { from: '14:30', to: '17:30' },
];

export const DEFAULT_DIGEST_MORNING_AT = '08:30';
