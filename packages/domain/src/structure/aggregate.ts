import type { Instant } from '@duban/calendar';

/** How many of a kind an import touches. */
export interface KindChange {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** What must be done after the structure has changed: it is written down with the change, so that it cannot be forgotten. */
export interface Follows {
  /** Duties are opened, corrected and ended as the structure has them now. */
  readonly duties: boolean;
  /** The calendar has changed: clocks are counted again. */
  readonly clocks: boolean;
}

interface ImportContents {
  readonly importId: string;
  readonly follows: Follows;
  readonly counts: Readonly<Record<string, KindChange>>;
  /** Blob names holding the changes, in order. */
  readonly changes: readonly string[];
  /** Blob names holding the whole structure after it, in order. */
  readonly snapshot: readonly string[];
}

/** A bundle of structure alone was applied. Its changes, before and after, lie in blobs named by their digest. */
export interface StructureImported extends ImportContents {
  readonly type: 'StructureImported';
  readonly at: Instant;
  readonly by: string;
}

/**
 * An import with tasks has been decided on and will be carried out, whatever dies meanwhile. Until it is published
 * readers see neither its structure nor its tasks.
 */
export interface ImportStarted extends ImportContents {
  readonly type: 'ImportStarted';
  readonly at: Instant;
  readonly by: string;
  /** Tasks to be written. */
  readonly tasks: number;
}

/** So many of its tasks are written and prepared in the views. */
export interface ImportProgressed {
  readonly type: 'ImportProgressed';
  readonly at: Instant;
  readonly importId: string;
  /** Parts of the changes done, of those that hold tasks. */
  readonly partsDone: number;
  readonly tasksDone: number;
}

/** From this instant readers see all of it. */
export interface ImportPublished {
  readonly type: 'ImportPublished';
  readonly at: Instant;
  readonly importId: string;
}

/** People have been told, and the views need not know of the import any more; the next one may begin. */
export interface ImportSettled {
  readonly type: 'ImportSettled';
  readonly at: Instant;
  readonly importId: string;
}

/** The system itself knows more than before, of holidays say: no import brought it. */
export interface FollowUpRequested {
  readonly type: 'FollowUpRequested';
  readonly at: Instant;
  readonly by: string;
  readonly follows: Follows;
}

/** What a change of structure brought with it has been done. */
export interface FollowUpDone {
  readonly type: 'FollowUpDone';
  readonly at: Instant;
  readonly duties: { readonly opened: number; readonly corrected: number; readonly ended: number };
  /** Items whose limits moved. */
  readonly clocks: number;
  /** The last year whose holiday notice was known when clocks were counted. */
  readonly publishedYear: number;
  /** When clocks are looked at once more, for what others were writing meanwhile; null: not again. */
  readonly again: Instant | null;
}

export type StructureEvent =
  | StructureImported
  | ImportStarted
  | ImportProgressed
  | ImportPublished
  | ImportSettled
  | FollowUpRequested
  | FollowUpDone;

/** An import under way: `writing` before it is published, `settling` after. */
export interface ImportUnderWay {
  readonly importId: string;
  readonly phase: 'writing' | 'settling';
  readonly by: string;
  readonly startedAt: Instant;
  /** When it last moved; it wants to be woken from then on. */
  readonly at: Instant;
  readonly changes: readonly string[];
  readonly snapshot: readonly string[];
  readonly partsDone: number;
  readonly tasks: number;
  readonly tasksDone: number;
  readonly follows: Follows;
}

/** What is still to be done after a change of structure, and from when on. */
export interface FollowUp extends Follows {
  readonly at: Instant;
  /** Clocks have been counted, and are looked at once more. */
  readonly isSecondLook: boolean;
}

/** Where the structure in force lies, and the one import that may be under way. */
export interface StructureState {
  readonly version: number;
  readonly snapshot: readonly string[];
  readonly underWay: ImportUnderWay | null;
  /** What is still to be done after a change; null when nothing is. */
  readonly followUp: FollowUp | null;
  /** The last year whose holiday notice was known when clocks were last counted; null: not counted yet. */
  readonly publishedYear: number | null;
}

export const INITIAL_STRUCTURE: StructureState = {
  version: 0,
  snapshot: [],
  underWay: null,
  followUp: null,
  publishedYear: null,
};

export function evolveStructure(state: StructureState, event: StructureEvent): StructureState {
  const next = { ...state, version: state.version + 1 };
  switch (event.type) {
    case 'StructureImported':
      return { ...next, snapshot: event.snapshot, followUp: following(state, event.follows, event.at) };
    case 'ImportStarted': {
      const { importId, by, at, changes, snapshot, tasks, follows } = event;
      const begun = { phase: 'writing' as const, startedAt: at, partsDone: 0, tasksDone: 0 };
      return { ...next, underWay: { importId, by, at, changes, snapshot, tasks, follows, ...begun } };
    }
    case 'ImportProgressed': {
      const { at, partsDone, tasksDone } = event;
      return { ...next, underWay: next.underWay && { ...next.underWay, at, partsDone, tasksDone } };
    }
    case 'ImportPublished':
      return {
        ...next,
        snapshot: next.underWay?.snapshot ?? next.snapshot,
        underWay: next.underWay && { ...next.underWay, at: event.at, phase: 'settling', partsDone: 0, tasksDone: 0 },
        followUp: state.underWay === null ? state.followUp : following(state, state.underWay.follows, event.at),
      };
    case 'ImportSettled':
      return { ...next, underWay: null };
    case 'FollowUpRequested':
      return { ...next, followUp: following(state, event.follows, event.at) };
    case 'FollowUpDone':
      return { ...next, followUp: secondLook(event), publishedYear: event.publishedYear };
  }
}

function following({ followUp }: StructureState, { duties, clocks }: Follows, at: Instant): StructureState['followUp'] {
  if (!duties && !clocks) return followUp;
  const [dutiesLeft, clocksLeft] = [followUp?.duties ?? false, followUp?.clocks ?? false];
  return { at, duties: duties || dutiesLeft, clocks: clocks || clocksLeft, isSecondLook: false };
}

function secondLook({ again: at }: FollowUpDone): FollowUp | null {
  return at === null ? null : { at, duties: false, clocks: true, isSecondLook: true };
}

/** An import or a follow-up that is not finished wants to go on at once: whoever began it may have died. */
export function structureNextWakeAt({ underWay, followUp }: StructureState): Instant | null {
  return underWay?.at ?? followUp?.at ?? null;
}
