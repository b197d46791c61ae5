import type { Instant } from '@duban/calendar';

/** How many of a kind an import touches. */
export interface KindChange {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

interface ImportContents {
  readonly importId: string;
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

export type StructureEvent = StructureImported | ImportStarted | ImportProgressed | ImportPublished | ImportSettled;

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
}

/** Where the structure in force lies, and the one import that may be under way. */
export interface StructureState {
  readonly version: number;
  readonly snapshot: readonly string[];
  readonly underWay: ImportUnderWay | null;
}

export const INITIAL_STRUCTURE: StructureState = { version: 0, snapshot: [], underWay: null };

export function evolveStructure(state: StructureState, event: StructureEvent): StructureState {
  const next = { ...state, version: state.version + 1 };
  switch (event.type) {
    case 'StructureImported':
      return { ...next, snapshot: event.snapshot };
    case 'ImportStarted': {
      const { importId, by, at, changes, snapshot, tasks } = event;
      const begun = { phase: 'writing' as const, startedAt: at, partsDone: 0, tasksDone: 0 };
      return { ...next, underWay: { importId, by, at, changes, snapshot, tasks, ...begun } };
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
      };
    case 'ImportSettled':
      return { ...next, underWay: null };
  }
}

/** An import that is not finished wants to go on at once: whoever began it may have died. */
export function structureNextWakeAt({ underWay }: StructureState): Instant | null {
  return underWay?.at ?? null;
}
