import { emptyStructure, Structure, type StructureState } from '@duban/domain';
import type { EventStore, SnapshotCodec, StreamRef, StructureSource } from './ports.ts';

export function structureRef(jurisdiction: string): StreamRef {
  return { jurisdiction, type: 'structure', id: 'structure' };
}

/**
 * Reads the small head each time and the snapshot only when the version moved: an appointment made a second ago counts
 * for the next escalation, and a county's thousand records are not read for each.
 */
export function createStructureSource(store: EventStore, snapshots: SnapshotCodec): StructureSource {
  const cached = new Map<string, Structure>();
  const loading = new Map<string, Promise<Structure>>();

  async function reload(jurisdiction: string, version: number, names: readonly string[]): Promise<Structure> {
    const chunks = await Promise.all(
      names.map(async (name) => {
        const chunk = await store.readBlob(structureRef(jurisdiction), name);
        if (chunk === null) throw new Error(`The structure of ${jurisdiction} lacks its snapshot ${name}.`);
        return chunk;
      }),
    );
    const structure = new Structure(snapshots.decodeStructure(chunks), version);
    cached.set(jurisdiction, structure);
    return structure;
  }

  return {
    async current(jurisdiction) {
      const head = await store.load(structureRef(jurisdiction));
      const known = cached.get(jurisdiction);
      if (head === null) return known?.version === 0 ? known : remember(emptyStructure(jurisdiction));
      if (known?.version === head.version) return known;
      const key = `${jurisdiction}/${head.version}`;
      const pending =
        loading.get(key) ??
        reload(jurisdiction, head.version, (head.state as StructureState).snapshot).finally(() => loading.delete(key));
      loading.set(key, pending);
      return pending;
    },
  };

  function remember(structure: Structure): Structure {
    cached.set(structure.jurisdiction.code, structure);
    return structure;
  }
}
