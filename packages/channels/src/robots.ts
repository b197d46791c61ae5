import { z } from 'zod';
import { ACCEPTED, type Judgement, REJECTED } from './results.ts';

/** @param waitMs - how long a robot that was asked too often is left alone, when it does not say */
export function tooOften(waitMs: number): Judgement {
  return { fault: 'rate_limited', retryAfterMs: waitMs };
}

/** What a robot answered: JSON with a code of its own under a status of 200. */
export function judgeByCode<Answer>(
  schema: z.ZodType<Answer>,
  codeOf: (answer: Answer) => number | null,
  rateLimited: (code: number, answer: Answer) => Judgement | null,
): (body: string) => Judgement {
  return (body) => {
    const answer = schema.safeParse(parseJson(body));
    const code = answer.success ? codeOf(answer.data) : null;
    if (!answer.success || code === null) return REJECTED;
    return code === 0 ? ACCEPTED : (rateLimited(code, answer.data) ?? REJECTED);
  };
}

/** `{"errcode":0,"errmsg":"ok"}`, of 企业微信 and 钉钉. */
export const errcodeAnswer = z.object({ errcode: z.number() });

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const jsonBody = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
