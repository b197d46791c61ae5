import type { SendFault, SendResult } from '@duban/application';
import type { HttpAnswer, HttpFailure } from './http-client.ts';
import { keptAnswer } from './masking.ts';

/** What a sender finds out; the time is taken around it. */
export type Outcome = Omit<SendResult, 'latencyMs'>;

/** What a receiver's own code says beneath a status of success. */
export interface Judgement {
  /** Null: accepted. */
  readonly fault: SendFault | null;
  readonly retryAfterMs: number | null;
}

export const ACCEPTED: Judgement = { fault: null, retryAfterMs: null };
export const REJECTED: Judgement = { fault: 'rejected', retryAfterMs: null };

export function accepted(status: number, answer: string | null): Outcome {
  return { accepted: true, status, answer, fault: null, retryAfterMs: null };
}

/** An attempt that failed before there was an answer to keep. */
export function failed(fault: SendFault, status: number | null = null): Outcome {
  return { accepted: false, status, answer: null, fault, retryAfterMs: null };
}

/**
 * What an HTTP exchange means: only 2xx is success, and only if `judge` finds none of the receiver's own errors in it.
 * @param at - of the attempt: what a date in `Retry-After` is counted from
 */
export function outcomeOf(
  answer: HttpAnswer | HttpFailure,
  secrets: readonly RegExp[],
  at: number,
  judge: (body: string) => Judgement = () => ACCEPTED,
): Outcome {
  if ('failed' in answer) return failed(answer.failed, answer.status);
  const { status, body } = answer;
  const { fault, retryAfterMs } = status >= 200 && status < 300 ? judge(body) : byStatus(answer, at);
  return { accepted: fault === null, status, answer: keptAnswer(body, secrets), fault, retryAfterMs };
}

function byStatus({ status, headers }: HttpAnswer, at: number): Judgement {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], at);
  if (status === 429) return { fault: 'rate_limited', retryAfterMs };
  return { fault: status >= 300 && status < 400 ? 'redirect' : 'status', retryAfterMs };
}

const LONGEST_WAIT_MS = 24 * 3_600_000;

/** RFC 9110 10.2.3: seconds or a date. A wait beyond a day is cut: nobody may stop a message for ever. */
function parseRetryAfter(value: string | undefined, at: number): number | null {
  if (value === undefined) return null;
  const wait = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - at;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}
