import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AggregateType, aggregateRef, type EventStore, StoredRowError, type StreamRef } from '@duban/application';

/** Where a chain stood: kept outside of the ledger, it binds everything up to there. */
export interface Anchored {
  readonly ref: StreamRef;
  readonly version: number;
  readonly hash: string;
}

/** An anchor that cannot be read, and why. */
export class AnchorError extends Error {
  override readonly name = 'AnchorError';
}

const LINE = /^(\d+)\t([a-z]+)\t(\S+)\t(\d+)\t([\w-]{43})$/;

/**
 * Writes one line a chain, sorted, so that the same ledger gives the same file.
 * @returns the file's SHA-256 (hex), short enough to be written down elsewhere
 */
export function writeAnchor(file: string, chains: readonly Anchored[]): string {
  const lines = chains.map(({ ref, version, hash }) => [ref.jurisdiction, ref.type, ref.id, version, hash].join('\t'));
  const text = lines
    .sort()
    .map((line) => `${line}\n`)
    .join('');
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
  return digestOf(text);
}

/** @throws AnchorError when the file is not there or is no anchor */
export function readAnchor(file: string): { readonly chains: readonly Anchored[]; readonly digest: string } {
  const text = textOf(file);
  if (!text.endsWith('\n')) throw new AnchorError(`${file} 不是锚定文件。 ${file} is no anchor, or was cut short.`);
  const chains = text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => anchoredOf(line, index + 1));
  return { chains, digest: digestOf(text) };
}

/** Whether a ledger still holds what the anchor says it held; null when it does, else what is wrong. */
export async function faultAgainst(store: EventStore, { ref, version, hash }: Anchored): Promise<string | null> {
  try {
    const [event] = await store.read(ref, { from: version, to: version });
    if (event === undefined) return 'anchored, and missing';
    return event.commitHash === hash ? null : 'not what was anchored';
  } catch (error) {
    if (error instanceof StoredRowError) return error.message;
    throw error;
  }
}

function anchoredOf(line: string, number: number): Anchored {
  const [, jurisdiction, type, id, version, hash] = LINE.exec(line) ?? [];
  const ref = jurisdiction === undefined || id === undefined ? null : aggregateRef(jurisdiction, id);
  if (ref === null || hash === undefined || ref.type !== (type as AggregateType)) {
    throw new AnchorError(`锚定文件第 ${number} 行不可读。 Line ${number} of the anchor cannot be read.`);
  }
  return { ref, version: Number(version), hash };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AnchorError(`${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
