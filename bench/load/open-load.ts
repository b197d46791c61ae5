import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.ts';

export interface Shot {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly body?: unknown;
  readonly key?: string;
  /** Answers that are no fault besides 2xx: somebody was quicker, or it is not this caller's to do. */
  readonly expected?: readonly number[];
  /** Told the answer's body when it is 2xx. */
  readonly learn?: (body: unknown) => void;
}

export interface Outcome {
  readonly name: string;
  /** Milliseconds since the load began at which it was to be sent. */
  readonly plannedAt: number;
  /** From then until the last byte of the answer: what waits here because of a late answer counts too. */
  readonly latencyMs: number;
  /** How much later than planned it was sent: this program's own fault, and part of the latency. */
  readonly sentLateMs: number;
  /** 0: no answer. */
  readonly status: number;
  /** Of a problem; else what kept the answer away; null of an answer as it should be. */
  readonly code: string | null;
  readonly isExpected: boolean;
  readonly retryAfter: number | null;
}

export interface OpenLoad {
  /** Sends at a fixed rate, whatever is answered; resolves when all is answered. */
  during(perSecond: number, seconds: number, next: () => Shot): Promise<readonly Outcome[]>;
  /** Sent and not answered. */
  readonly underWay: () => number;
  close(): void;
}

/** An answer that takes longer counts as none. */
const HANG_MS = 30_000;

/** An open model: arrivals come at random and do not wait for answers, as callers who know nothing of each other. */
export function createOpenLoad(url: string, chance: Chance): OpenLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64 });
  const start = performance.now();
  let underWay = 0;

  async function fire(shot: Shot, due: number): Promise<Outcome> {
    const sentAt = performance.now();
    underWay += 1;
    const answer = await send(new URL(shot.path, url), shot, agent).catch((error: NodeJS.ErrnoException) => ({
      ...{ status: 0, text: '', retryAfter: null },
      failure: error.code ?? error.name,
    }));
    underWay -= 1;
    const ended = performance.now();
    const { status, text, retryAfter } = answer;
    const isGood = status >= 200 && status < 300;
    if (isGood && shot.learn !== undefined) shot.learn(JSON.parse(text));
    return {
      ...{ name: shot.name, plannedAt: due - start, latencyMs: ended - due, sentLateMs: sentAt - due, status },
      code: isGood ? null : 'failure' in answer ? answer.failure : codeOf(text),
      isExpected: isGood || (shot.expected ?? []).includes(status),
      retryAfter,
    };
  }

  return {
    during: async (perSecond, seconds, next) => {
      const outcomes: Promise<Outcome>[] = [];
      const began = performance.now();
      for (let due = began; due < began + seconds * 1_000; due += chance.untilNextMs(perSecond)) {
        const early = due - performance.now();
        if (early > 0) await pause(early);
        outcomes.push(fire(next(), due));
      }
      return Promise.all(outcomes);
    },
    underWay: () => underWay,
    close: () => agent.destroy(),
  };
}

function codeOf(text: string): string {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return 'no problem+json';
  }
}

async function send(url: URL, { method, token, body, key, learn }: Shot, agent: Agent) {
  const text = body === undefined ? null : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const signal = AbortSignal.timeout(HANG_MS);
  const ask = (isFirst: boolean) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(url, { method, headers, agent, signal }, resolve);
      asked.once('error', (error: NodeJS.ErrnoException) => {
        // The server let an idle connection go just when it was taken up again: every client asks once more then.
        if (isFirst && asked.reusedSocket && error.code === 'ECONNRESET') ask(false).then(resolve, reject);
        else reject(error);
      });
      asked.end(text);
    });
  const answer = await ask(true);
  const status = answer.statusCode ?? 0;
  // Only what is learnt from, or has gone wrong, is worth being kept.
  const isKept = learn !== undefined || status >= 300;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) if (isKept) chunks.push(chunk as Buffer);
  const after = answer.headers['retry-after'];
  const retryAfter = after === undefined ? null : Number(after);
  return { status, text: Buffer.concat(chunks).toString('utf8'), retryAfter };
}
