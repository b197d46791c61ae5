import type { HoursSpan, LocalDay, PlainDate } from '@duban/calendar';
import type { GroupKind, NumericTarget, Policy, UnitKind } from '@duban/domain';

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
  readonly tasks?: readonly ImportedTask[] | undefined;
}

export interface ImportedJurisdiction {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly timeZone: string;
  readonly workingHours: readonly HoursSpan[];
  readonly digestMorningAt: string;
  readonly supervisionUnits: readonly string[];
  readonly administratorPosts: readonly string[];
  readonly localDays: readonly LocalDay[];
}
export interface ImportedUnit {
  readonly code: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: UnitKind;
  readonly parent: string | null;
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
/** Known again by document, list and number: loading a list twice changes nothing. */
export interface ImportedTask {
  readonly documentNumber: string;
  readonly list: string;
  readonly seq: number;
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

/** A fault in a bundle, and where: JSON pointer into the bundle. */
export interface ImportProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
  /** Nearest known names, best first. */
  readonly suggestions: readonly string[];
}

export interface KindDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

export interface ImportResult {
  /** Null when nothing changed the structure (dry run, problems, or nothing new in it). */
  readonly id: string | null;
  readonly applied: boolean;
  readonly difference: Readonly<Record<string, KindDifference>>;
  readonly problems: readonly ImportProblem[];
}
