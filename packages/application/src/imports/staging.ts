import type { Dependencies } from '../dependencies.ts';
import type { RecordChange, TaskChange } from '../ports.ts';
import { readBlobs, structureRef } from '../structure-source.ts';

type Staging = Pick<Dependencies, 'store' | 'snapshots'>;

/** `<import>/changes/<part>/<chunk>-<digest>`; imports from before there were parts name no part. */
const PART = /\/changes\/(\d+)\/\d+-/;

/** A blob's name carries the digest of its content, and the event its name: the hash chain covers both. */
export function blobsOf(prefix: string, chunks: readonly { readonly digest: string; readonly data: Uint8Array }[]) {
  return chunks.map(({ digest, data }, index) => ({ name: `${prefix}/${index}-${digest}`, data }));
}

/** Lays down what an import will change, part by part, before anybody hears of it. */
export class StagedChanges {
  readonly names: string[] = [];
  readonly #staging: Staging;
  readonly #jurisdiction: string;
  readonly #importId: string;
  #parts = 0;

  constructor(staging: Staging, jurisdiction: string, importId: string) {
    this.#staging = staging;
    this.#jurisdiction = jurisdiction;
    this.#importId = importId;
  }

  async add(changes: readonly RecordChange[]): Promise<void> {
    const { store, snapshots } = this.#staging;
    const blobs = blobsOf(`${this.#importId}/changes/${this.#parts}`, snapshots.encode(changes));
    this.#parts += 1;
    await store.writeBlobs(structureRef(this.#jurisdiction), blobs);
    this.names.push(...blobs.map(({ name }) => name));
  }

  /** Nobody will need them. */
  async remove(): Promise<void> {
    await this.#staging.store.removeBlobs(structureRef(this.#jurisdiction), this.names);
  }
}

/** The names of each part's blobs, part by part. */
export function partsOf(names: readonly string[]): readonly (readonly string[])[] {
  const parts = new Map<string, string[]>();
  for (const name of names) {
    const part = PART.exec(name)?.[1] ?? '';
    parts.set(part, [...(parts.get(part) ?? []), name]);
  }
  return [...parts.values()];
}

/** @throws Error when a blob that an event names is not there */
export async function readPart(
  staging: Staging,
  jurisdiction: string,
  names: readonly string[],
): Promise<readonly RecordChange[]> {
  return staging.snapshots.decodeChanges(await readBlobs(staging.store, jurisdiction, names));
}

/** @throws Error when a blob that an event names is not there */
export async function readTaskPart(
  staging: Staging,
  jurisdiction: string,
  names: readonly string[],
): Promise<readonly TaskChange[]> {
  return staging.snapshots.decodeTasks(await readBlobs(staging.store, jurisdiction, names));
}
