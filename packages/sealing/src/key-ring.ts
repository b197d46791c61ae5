import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/**
 * Keys by their names, and which of them seals. Those that no longer seal stay for what they have sealed. A key is any
 * text of 43 characters or more: what a secrets store can make by itself.
 */
export interface KeyRing {
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
}

const LEAST_KEY_LENGTH = 43;

const keyRing = z
  .record(z.string().regex(/^[a-z0-9]{1,16}$/), z.string())
  .refine((ring) => Object.entries(ring).every(([name, key]) => name === 'current' || key.length >= LEAST_KEY_LENGTH))
  .refine((ring) => ring.current !== undefined && ring.current !== 'current' && Object.hasOwn(ring, ring.current));

/** What stands in the place of keys is none. Never tells what does stand there. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
}

/**
 * Reads `{"current":"k2","k1":"…","k2":"…"}`.
 * @throws KeyRingError when it is not of that form
 */
export function parseKeyRing(json: string): KeyRing {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new KeyRingError('The key ring is not JSON.');
  }
  const result = keyRing.safeParse(parsed);
  if (!result.success) {
    throw new KeyRingError(
      `The key ring must be {"current":"k1","k1":"…"}: names of small letters and digits, keys of at least ${LEAST_KEY_LENGTH} characters, current one of the names.`,
    );
  }
  const { current = '', ...keys } = result.data;
  return { current, keys };
}

/** A ring with one new key, as {@link parseKeyRing} reads it. */
export function newKeyRing(): string {
  return JSON.stringify({ current: 'k1', k1: randomBytes(32).toString('base64url') });
}
