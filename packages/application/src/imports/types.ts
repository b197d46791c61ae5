import type { HolidayNotice, HoursSpan, Instant, LocalDay, PlainDate } from '@duban/calendar';
import type {
  DutyDefinition,
  GroupKind,
  IncidentKind,
  NumericTarget,
  Policy,
  Subject,
  TaskStatus,
  UnitKind,
} from '@duban/domain';

/**
 * A structure or task bundle as a client sends it. Units, posts and people are named by code or by any printed name;
 * kinds that are absent stay as they are. `merge` adds and changes, `replace` also removes what a present kind lacks.
 */
export interface ImportBundle {
  readonly jurisdiction: string;
  readonly mode: 'merge' | 'replace';
  readonly jurisdictions?: readonly ImportedJurisdiction[] | undefined;
  readonly units?: readonly ImportedUnit[] | undefined;
  readonly posts?: readonly ImportedPost[] | undefined;
  readonly people?: readonly ImportedPerson[] | undefined;
  readonly appointments?: readonly ImportedAppointment[] | undefined;
  readonly documents?: readonly ImportedDocument[] | undefined;
  readonly groups?: readonly ImportedGroup[] | undefined;
  readonly policies?: readonly Policy[] | undefined;
  readonly plans?: readonly ImportedPlan[] | undefined;
  readonly incidentKinds?: readonly IncidentKind[] | undefined;
  readonly subjects?: readonly Subject[] | undefined;
  /** Owners, requester and leaders are named by code or by any printed name. */
  readonly duties?: readonly DutyDefinition[] | undefined;
  /** Read once, from first to last: thousands need not be in memory together. */
  readonly tasks?: Iterable<ImportedRow> | AsyncIterable<ImportedRow> | undefined;
}

export interface ImportedJurisdiction {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly timeZone: string;
  readonly workingHours: readonly HoursSpan[];
  readonly digestMorningAt: string;
  readonly digestWindowMinutes: number;
  readonly supervisionUnits: readonly string[];
  readonly administratorPosts: readonly string[];
  readonly localDays: readonly LocalDay[];
  /** These five stay as they are when they are absent. */
  readonly holidayNotices?: readonly HolidayNotice[] | undefined;
  readonly incidentOffices?: readonly string[] | undefined;
  readonly mainLeaders?: readonly string[] | undefined;
  readonly incidentSupervision?: readonly string[] | undefined;
  readonly signalUnits?: readonly string[] | undefined;
}
export interface ImportedUnit {
  readonly code: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: UnitKind;
  readonly parent: string | null;
  /** A post; absent: as it is. */
  readonly leaderInCharge?: string | null | undefined;
}
export interface ImportedPost {
  readonly code: string;
  readonly unit: string;
  readonly title: string;
  readonly head: boolean;
}
export interface ImportedPerson {
  readonly code: string;
  readonly name: string;
}
export interface ImportedAppointment {
  readonly post: string;
  readonly person: string;
  /** First day held (a date), or an instant; null: since before the records begin. */
  readonly from: string | null;
  /** Last day held (a date), or the instant it ends; null: until further notice. */
  readonly to: string | null;
}
export interface ImportedDocument {
  readonly number: string;
  readonly title: string;
  readonly issuer: string | null;
  readonly issuedOn: PlainDate | null;
}
export interface ImportedGroup {
  readonly code: string;
  readonly name: string;
  readonly kind: GroupKind;
  readonly documentNumber: string;
  readonly parent: string | null;
  readonly office: {
    readonly hostUnit: string;
    readonly director: string | null;
    readonly deputyDirector: string | null;
  } | null;
  readonly leader: string | null;
  readonly firstDeputy: string | null;
  readonly deputies: readonly string[];
  readonly members: readonly string[];
}
export interface ImportedPlan {
  readonly code: string;
  readonly documentNumber: string;
  readonly list: string;
  readonly title: string;
  readonly group: string;
  readonly policy: string;
}
/** What a task says, as it is imported. Structure is named by code or by any printed name. */
export interface ImportedTaskFields {
  readonly title: string;
  readonly text: string;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  readonly leaders: readonly string[];
  /** A date (its 24:00) or an instant; null when the document proves none. */
  readonly due: string | null;
  readonly dueText: string | null;
  readonly ongoing: boolean;
  readonly milestones: readonly {
    readonly code: string;
    readonly title: string;
    readonly text: string;
    readonly due: string | null;
  }[];
  readonly targets: readonly NumericTarget[];
  readonly sourceLines: readonly [number, number] | null;
  readonly notes: readonly string[];
}

/**
 * Known again by document, list and number: loading a list twice changes nothing. Fields that are absent stay as they
 * are; a new task needs title, text and lead units.
 */
export interface ImportedTask extends Partial<ImportedTaskFields> {
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number;
  /**
   * The version a ledger was exported at: then only the fields that differ from what was exported are changed. Null:
   * fields are compared with what the last import said.
   */
  readonly asOf: number | null;
  /** What allows a running limit to move. */
  readonly basis: string | null;
  /** The status a ledger showed beside it; not an import's to change. */
  readonly shownStatus?: TaskStatus;
}

/** A row that is no task: what is wrong with it has been found at the edge. */
export interface FaultyRow {
  readonly problems: readonly ImportProblem[];
  /** What can be read of it: its names are checked all the same, so that every fault is found in one go. */
  readonly rest: ImportedTask | null;
}

export type ImportedRow = ImportedTask | FaultyRow;

/** A fault in a bundle, and where: JSON pointer into the bundle. */
export interface ImportProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
  /** Nearest known names, best first; for a record that is in use, what uses it. */
  readonly suggestions: readonly string[];
  /** Of a workbook. */
  readonly cell?: { readonly sheet: string; readonly row: number; readonly column: string | null };
}

/** Where faults go: a list, or something that keeps the first of them. */
export interface ProblemSink {
  push(...problems: readonly ImportProblem[]): unknown;
}

export interface KindDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/** What an import does to one limit of a task. */
export interface ClockEffect {
  readonly taskId: string;
  /** `due` or `milestone:<code>`. */
  readonly limitId: string;
  readonly effect: 'starts' | 'moves' | 'stops';
  readonly before: Instant | null;
  readonly after: Instant | null;
  /** The limit lies in the past: it is overdue, and escalated, as soon as the import is published. */
  readonly overdueAtOnce: boolean;
}

/** What an import does to clocks: all of them counted, the first few hundred told. */
export interface ClockEffects {
  readonly starts: number;
  readonly moves: number;
  readonly stops: number;
  readonly overdueAtOnce: number;
  readonly items: readonly ClockEffect[];
}

export interface ImportResult {
  /** Null when nothing was to be changed (dry run, problems, or nothing new in it). */
  readonly id: string | null;
  /** `applied`: readers see it, or it changed nothing. `writing`: it will be, and readers see nothing of it yet. */
  readonly state: 'compared' | 'refused' | 'writing' | 'applied';
  readonly difference: Readonly<Record<string, KindDifference>>;
  readonly clocks: ClockEffects;
  /** The first thousand, in the order of the bundle. */
  readonly problems: readonly ImportProblem[];
  /** Problems found beyond those listed. */
  readonly moreProblems: number;
}
