import type { Instant } from '@duban/calendar';
import { fnv1a } from '../hash.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a message is tried (ms): 72 hours, over a weekend. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;

/** Pauses after the first, second, … failed attempt (ms); the last one repeats. */
const PAUSES_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
];

/** A pause is lengthened or shortened by up to this share of it, so that what failed together is not repeated together. */
const SPREAD = 0.2;

/**
 * When to try again.
 * @param number of the attempt that failed, from 1
 * @param retryAfterMs what the receiver asked for; honoured up to the longest pause
 * @returns null when the message is to be given up
 */
export function retryAt(
  messageId: string,
  number: number,
  now: Instant,
  giveUpAt: Instant,
  retryAfterMs: number | null,
): Instant | null {
  if (now >= giveUpAt) return null;
  const longest = PAUSES_MS.at(-1) ?? HOUR;
  const pause = PAUSES_MS[Math.min(number, PAUSES_MS.length) - 1] ?? longest;
  const spread = pause * (1 - SPREAD + 2 * SPREAD * fractionOf(`${messageId}/${number}`));
  const asked = Math.min(longest, retryAfterMs ?? 0);
  return Math.min(giveUpAt, now + Math.round(Math.max(spread, asked)));
}

/** A number in [0, 1) that is always the same for a text and looks like chance over many. */
export function fractionOf(text: string): number {
  const plain = fnv1a(text);
  // The low bits of texts that differ in their last character alone are near each other.
  const hash = Math.imul(plain ^ (plain >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}
