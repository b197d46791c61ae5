import { emptyStructure, Structure, type StructureData, type StructureState } from '@duban/domain';
import type { EventStore, SnapshotCodec, StreamRef, StructureSource } from './ports.ts';

export function structureRef(jurisdiction: string): StreamRef {
  return { jurisdiction, type: 'structure', id: 'structure' };
}

/**
 * Reads the small head each time and the snapshot only when another one is in force: an appointment made a second ago
 * counts for the next escalation, and a county's thousand records are not read for each.
 */
export function createStructureSource(
  store: Pick<EventStore, 'load' | 'readBlob'>,
  snapshots: SnapshotCodec,
): StructureSource {
  const readHead = sharingReads((jurisdiction) => store.load(structureRef(jurisdiction)));
  const cached = new Map<string, { readonly snapshot: string; readonly structure: Structure }>();
  const loading = new Map<string, Promise<StructureData>>();

  function load(jurisdiction: string, names: readonly string[], snapshot: string): Promise<StructureData> {
    const pending =
      loading.get(snapshot) ??
      loadStructureData({ store, snapshots }, jurisdiction, names).finally(() => loading.delete(snapshot));
    loading.set(snapshot, pending);
    return pending;
  }

  return {
    async current(jurisdiction) {
      const head = await readHead(jurisdiction);
      const state = head?.state as StructureState | undefined;
      const names = state?.snapshot ?? [];
      const version = head?.version ?? 0;
      const unpublished = state?.underWay?.phase === 'writing' ? state.underWay.importId : null;
      const snapshot = `${jurisdiction}/${names.join()}`;
      const known = cached.get(jurisdiction);
      if (known?.snapshot === snapshot) {
        const { structure } = known;
        if (structure.version === version && structure.unpublished === unpublished) return structure;
      }
      const data = known?.snapshot === snapshot ? known.structure.data : await load(jurisdiction, names, snapshot);
      const structure = new Structure(data, version, unpublished, state?.publishedYear ?? null);
      cached.set(jurisdiction, { snapshot, structure });
      return structure;
    },
  };
}

/** Asks once a jurisdiction, for all items of a batch. */
export function structuresOnce(structures: StructureSource): StructureSource['current'] {
  const known = new Map<string, Promise<Structure>>();
  return (jurisdiction) => {
    const asked = known.get(jurisdiction) ?? structures.current(jurisdiction);
    known.set(jurisdiction, asked);
    return asked;
  };
}

/**
 * Whoever asks while a read is under way shares the one after it: that begins later than they asked, so that nobody is
 * shown less than had been written by then. A thousand requests at once cost two reads.
 */
function sharingReads<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const underWay = new Map<string, { readonly now: Promise<T>; next: Promise<T> | null }>();
  const begin = (key: string): Promise<T> => {
    const now = read(key).finally(() => underWay.delete(key));
    underWay.set(key, { now, next: null });
    return now;
  };
  return (key) => {
    const reading = underWay.get(key);
    if (reading === undefined) return begin(key);
    reading.next ??= reading.now.then(
      () => begin(key),
      () => begin(key),
    );
    return reading.next;
  };
}

/**
 * The structure a snapshot holds; an empty one where nothing has been imported yet.
 * @throws Error when the snapshot is not there
 */
export async function loadStructureData(
  { store, snapshots }: { readonly store: Pick<EventStore, 'readBlob'>; readonly snapshots: SnapshotCodec },
  jurisdiction: string,
  names: readonly string[],
): Promise<StructureData> {
  if (names.length === 0) return emptyStructure(jurisdiction).data;
  return snapshots.decodeStructure(await readBlobs(store, jurisdiction, names));
}

/**
 * Blobs beside the structure's stream that its events name.
 * @throws Error when one is not there
 */
export function readBlobs(
  store: Pick<EventStore, 'readBlob'>,
  jurisdiction: string,
  names: readonly string[],
): Promise<readonly Uint8Array[]> {
  const ref = structureRef(jurisdiction);
  return Promise.all(
    names.map(async (name) => {
      const chunk = await store.readBlob(ref, name);
      if (chunk === null) throw new Error(`The structure of ${jurisdiction} lacks ${name}.`);
      return chunk;
    }),
  );
}
