import type { Instant } from '@duban/calendar';

/** How many of a kind an import touches. */
export interface KindChange {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A bundle was applied. Its changes, before and after, lie in blobs beside the commit, named by their digest. */
export interface StructureImported {
  readonly type: 'StructureImported';
  readonly at: Instant;
  readonly by: string;
  readonly importId: string;
  readonly counts: Readonly<Record<string, KindChange>>;
  /** Blob names holding the changes, in order. */
  readonly changes: readonly string[];
  /** Blob names holding the whole structure after it, in order. */
  readonly snapshot: readonly string[];
}

export type StructureEvent = StructureImported;

/** Where the structure in force lies. */
export interface StructureState {
  readonly version: number;
  readonly snapshot: readonly string[];
}

export const INITIAL_STRUCTURE: StructureState = { version: 0, snapshot: [] };

export function evolveStructure(state: StructureState, event: StructureEvent): StructureState {
  return { version: state.version + 1, snapshot: event.snapshot };
}
