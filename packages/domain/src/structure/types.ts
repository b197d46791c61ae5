import type { HolidayNotice, HoursSpan, Instant, LocalDay } from '@duban/calendar';
import type { DutyDefinition } from '../duty/definition.ts';
import type { IncidentKind } from '../incident/kinds.ts';

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
  /** How long notices collect within working hours, in minutes; 1-240. */
  readonly digestWindowMinutes: number;
  /** Units whose staff supervise the whole jurisdiction (督查室). */
  readonly supervisionUnits: readonly string[];
  /** Posts that administer structure, and the last resort of every escalation. */
  readonly administratorPosts: readonly string[];
  readonly localDays: readonly LocalDay[];
  /** Holiday notices of the State Council that the system does not know yet. */
  readonly holidayNotices: readonly HolidayNotice[];
  /** Units that incidents are filed with and that review reports above the county: 县委办, 县政府办. */
  readonly incidentOffices: readonly string[];
  /** Posts told when an incident stays unreported for long: 县委书记, 县长. */
  readonly mainLeaders: readonly string[];
  /** Units told with the main leaders: both supervision offices (县委督查室、县政府督查室); empty: {@link supervisionUnits}. */
  readonly incidentSupervision: readonly string[];
  /** Units whose feeds (110, 119, 12345) say that something has happened. */
  readonly signalUnits: readonly string[];
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
  /** Post of the county leader in charge of it (分管县级领导); null: not known, the first main leader is told. */
  readonly leaderInCharge: string | null;
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

/** Something under supervision (包保主体): a school of the food-safety register. */
export interface Subject {
  readonly code: string;
  readonly name: string;
  /** Risk tier; A is the highest. Null: none is printed. */
  readonly tier: 'A' | 'B' | 'C' | 'D' | null;
  readonly highRisk: boolean;
  readonly kind: string | null;
  readonly township: string | null;
  /** Post that answers for it. */
  readonly leader: string | null;
  readonly documentNumber: string;
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
  readonly incidentKinds: readonly IncidentKind[];
  readonly subjects: readonly Subject[];
  readonly duties: readonly DutyDefinition[];
}

export const DEFAULT_WORKING_HOURS: readonly HoursSpan[] = [
  { from: '08:00', to: '12:00' },
  { from: '14:30', to: '17:30' },
];

export const DEFAULT_DIGEST_MORNING_AT = '08:30';

export const DEFAULT_DIGEST_WINDOW_MINUTES = 5;
