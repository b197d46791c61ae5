import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { reportData } from './report.ts';
import { recordChanges, structureData, taskChanges } from './structure.ts';

/** A row of the store holds 400 kB; a blob leaves room for the rest of it. */
const CHUNK_BYTES = 300_000;
/** A snapshot that unfolds to more is not one of ours. */
const LARGEST_UNFOLDED_BYTES = 64 * 1024 * 1024;

/** Structure snapshots and the changes of an import, as gzipped JSON in chunks a row can hold. */
export const snapshotCodec = {
  encode(data: unknown) {
    const packed = gzipSync(JSON.stringify(data));
    const chunks: { digest: string; data: Uint8Array }[] = [];
    for (let start = 0; start < packed.length; start += CHUNK_BYTES) {
      const chunk = packed.subarray(start, start + CHUNK_BYTES);
      chunks.push({ digest: createHash('sha256').update(chunk).digest('hex'), data: chunk });
    }
    return chunks;
  },
  /** @throws ZodError naming the field, or Error when the bytes are damaged */
  decodeStructure: (chunks: readonly Uint8Array[]) => structureData.parse(unpack(chunks)),
  /** @throws ZodError naming the field, or Error when the bytes are damaged */
  decodeChanges: (chunks: readonly Uint8Array[]) => recordChanges.parse(unpack(chunks)),
  /** @throws ZodError naming the field, or Error when the bytes are damaged */
  decodeReport: (chunks: readonly Uint8Array[]) => reportData.parse(unpack(chunks)),
  /** @throws ZodError naming the field, or Error when the bytes are damaged */
  decodeTasks: (chunks: readonly Uint8Array[]) => taskChanges.parse(unpack(chunks)),
};

function unpack(chunks: readonly Uint8Array[]): unknown {
  const unfolded = gunzipSync(Buffer.concat(chunks), { maxOutputLength: LARGEST_UNFOLDED_BYTES });
  return JSON.parse(unfolded.toString('utf8'));
}
