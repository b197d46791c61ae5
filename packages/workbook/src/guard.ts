import yauzl from 'yauzl';

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

/**
 * Unfolds every file of the archive once, keeping nothing, and counts: an archive may lie about its sizes, and the
 * reader would believe it.
 * @throws WorkbookError
 */
export async function checkArchive(bytes: Uint8Array): Promise<void> {
  try {
    await unfoldAll(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw error instanceof WorkbookError ? error : new WorkbookError('not_a_workbook');
  }
}

async function unfoldAll(buffer: Buffer): Promise<void> {
  const archive = await yauzl.fromBufferPromise(buffer);
  let [files, unfolded] = [0, 0];
  for await (const entry of archive.eachEntry()) {
    files += 1;
    if (files > MOST_FILES || unfolded + entry.uncompressedSize > MOST_UNFOLDED_BYTES)
      throw new WorkbookError('too_large');
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      unfolded += (chunk as Buffer).length;
      if (unfolded > MOST_UNFOLDED_BYTES) throw new WorkbookError('too_large');
    }
  }
}
