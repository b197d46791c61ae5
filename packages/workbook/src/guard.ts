import yauzl from 'yauzl';
import { type Inspection, TextInspection } from './archive-text.ts';

/** A workbook of 50,000 rows unfolds to some 60 MB; what unfolds to more than this is not a ledger. */
export const MOST_UNFOLDED_BYTES = 256 * 1024 * 1024;
const MOST_FILES = 500;

/** Why a file is not a workbook to be read here. */
export type WorkbookFault = 'not_a_workbook' | 'too_large';

export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
  readonly code: WorkbookFault;

  constructor(code: WorkbookFault) {
    super(code);
    this.code = code;
  }
}

const inspections = new WeakMap<Uint8Array, Promise<Inspection>>();

/**
 * Unfolds every file of the archive once, keeping nothing, counts, and looks at its text: an archive may lie about its
 * sizes, and the reader would believe it. However many ask about the same bytes, they are unfolded once.
 * @throws WorkbookError
 */
export function inspectWorkbook(bytes: Uint8Array): Promise<Inspection> {
  const known = inspections.get(bytes);
  if (known !== undefined) return known;
  const made = unfoldAll(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).catch((error: unknown) => {
    throw error instanceof WorkbookError ? error : new WorkbookError('not_a_workbook');
  });
  inspections.set(bytes, made);
  return made;
}

async function unfoldAll(buffer: Buffer): Promise<Inspection> {
  const archive = await yauzl.fromBufferPromise(buffer);
  const text = new TextInspection();
  let [files, unfolded] = [0, 0];
  for await (const entry of archive.eachEntry()) {
    files += 1;
    if (files > MOST_FILES || unfolded + entry.uncompressedSize > MOST_UNFOLDED_BYTES)
      throw new WorkbookError('too_large');
    const readable = /\.(?:xml|vml|rels)$/i.test(entry.fileName);
    text.see(entry.fileName.slice(entry.fileName.lastIndexOf('/') + 1).replace(/\.\w+$/, ''));
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      unfolded += (chunk as Buffer).length;
      if (unfolded > MOST_UNFOLDED_BYTES) throw new WorkbookError('too_large');
      if (readable) text.push(chunk as Buffer);
    }
    text.end();
  }
  const { secret, tradeSecret } = text;
  return { secret, tradeSecret };
}
