import { expect } from 'vitest';
import type { DomainErrorCode, Limit, Recipient } from '../src/index.ts';
import { at } from './fixtures.ts';

/** When the fire breaks out that most tests of incidents are about. */
export const TEN = at('2023-03-10T10:00');

/** So many minutes after it. */
export function minutes(amount: number): number {
  return TEN + amount * 60_000;
}

/** A refusal by its code and the field at fault. */
export function refusal(code: DomainErrorCode, pointer: string | null = null): Error {
  return expect.objectContaining({ code, pointer });
}

/** A limit in elapsed minutes that has just begun and reminds once. */
export function running(
  id: string,
  kind: Limit['kind'],
  startedAt: number,
  { from = startedAt, amount, remind }: { readonly from?: number; readonly amount: number; readonly remind: number },
): Limit {
  const dueAt = from + amount * 60_000;
  return {
    ...{ id, kind, dueAt, startedAt, status: 'running', dueSoon: false, steps: [], next: null, hold: null },
    reminders: [{ at: dueAt - remind * 60_000, workingDaysBefore: null, minutesBefore: remind }],
    counted: { from, delay: { unit: 'minutes', amount } },
    pauses: [],
  };
}

export function toUnit(unit: string): Recipient {
  return {
    ...{ mailbox: `unit:${unit}`, post: `${unit}-head`, unit, person: `p-${unit}-head` },
    path: [{ seat: 'unit', code: unit, found: 'addressed' }],
  };
}

export function toPost(post: string, seat: 'leader_in_charge' | 'main_leader'): Recipient {
  return {
    ...{ mailbox: `post:${post}`, post, unit: 'gov', person: `p-${post}` },
    path: [{ seat, code: post, found: 'holder' }],
  };
}
