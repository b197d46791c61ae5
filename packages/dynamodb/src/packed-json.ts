import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { bytesValue, numberValue, textValue } from './attributes.ts';
import { CURRENT_DICTIONARY, DICTIONARIES } from './dictionary.ts';

// An 8 kB window holds the dictionary and what is packed; a small hash table spares clearing 256 kB for each call.
const WINDOW_BITS = 13;
const MEMORY_LEVEL = 5;
const LEVEL = 3;
// Most results fit into one; the default would allocate 16 kB each time.
const CHUNK_BYTES = 1024;
/** Nothing that was packed may unfold to more: a row is 400 kB at most. */
const LARGEST_UNFOLDED_BYTES = 16 * 1024 * 1024;

/**
 * JSON as attributes of a row: as it is when it takes no more than `room` bytes, deflated otherwise.
 * The second attribute, `dictionary`, says that and with which dictionary.
 */
export function packJson(name: string, json: string, room: number): Record<string, AttributeValue> {
  if (json.length <= room && Buffer.byteLength(json) <= room) return { [name]: textValue(json) };
  const packed = deflateRawSync(Buffer.from(json, 'utf8'), {
    dictionary: DICTIONARIES[CURRENT_DICTIONARY] as Buffer,
    windowBits: WINDOW_BITS,
    memLevel: MEMORY_LEVEL,
    level: LEVEL,
    chunkSize: CHUNK_BYTES,
  });
  return { [name]: bytesValue(packed), dictionary: numberValue(CURRENT_DICTIONARY) };
}

/**
 * The JSON text that `packJson` was given.
 * @throws RangeError when the bytes are damaged or their dictionary is unknown.
 */
export function unpackJson(stored: string | Uint8Array, dictionary: number | undefined): string {
  if (typeof stored === 'string') return stored;
  const preset = dictionary === undefined ? undefined : DICTIONARIES[dictionary];
  if (preset === undefined) throw new RangeError('packed with an unknown dictionary');
  try {
    const options = {
      dictionary: preset,
      windowBits: WINDOW_BITS,
      maxOutputLength: LARGEST_UNFOLDED_BYTES,
      chunkSize: 4 * CHUNK_BYTES,
    };
    return inflateRawSync(stored, options).toString('utf8');
  } catch {
    throw new RangeError('does not unpack');
  }
}
