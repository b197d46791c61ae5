import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { SendFault } from '@duban/application';
import { type Guard, Refused } from './guard.ts';

export interface HttpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a server answered. Redirects and errors are answers too. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KiB as UTF-8; empty when it came compressed, though it was asked not to. */
  readonly body: string;
}

export interface HttpFailure {
  readonly failed: SendFault;
  /** When a status had come before it failed; else null. */
  readonly status: number | null;
}

export interface HttpClient {
  /** One request. Never throws, never follows a redirect, never takes longer than the client's time limit. */
  post(post: HttpPost): Promise<HttpAnswer | HttpFailure>;
}

const MAX_URL_LENGTH = 2_048;
const MAX_BODY_BYTES = 64 * 1024;

/** @param timeoutMs - for all of it: resolving, connecting, the whole answer */
export function createHttpClient(guard: Guard, timeoutMs: number): HttpClient {
  return {
    post: async (post) => {
      const url = usableUrl(post.url);
      if (url === null) return { failed: 'unusable_address', status: null };
      const deadline = performance.now() + timeoutMs;
      try {
        guard.checkLiteral(url);
        return await attempt(guard, url, post, deadline);
      } catch (error) {
        // Never once more here, not even where a kept connection had died: the server may have taken it in, and every
        // request is an attempt that is written down.
        return failureOf(error);
      }
    },
  };
}

/** Null for what is no address of a receiver: another protocol, or with a name and password in it. */
function usableUrl(text: string): URL | null {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  const usable = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  return usable ? url : null;
}

/** An exchange that broke off. */
class BrokenOff extends Error {
  readonly failed: SendFault;
  readonly status: number | null;

  constructor(failed: SendFault, status: number | null) {
    super(failed);
    this.name = 'BrokenOff';
    this.failed = failed;
    this.status = status;
  }
}

function failureOf(error: unknown): HttpFailure {
  if (error instanceof BrokenOff) return { failed: error.failed, status: error.status };
  return { failed: error instanceof Refused ? error.fault : 'internal', status: null };
}

function attempt(guard: Guard, url: URL, { headers, body }: HttpPost, deadline: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const encrypted = url.protocol === 'https:';
    const request = (encrypted ? requestHttps : requestHttp)(url, {
      method: 'POST',
      agent: encrypted ? guard.https : guard.http,
      headers: {
        ...headers,
        'accept-encoding': 'identity',
        'content-length': String(body.length),
        'user-agent': 'Duban',
      },
    });
    let status: number | null = null;
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    const fail = (fault: SendFault) => settle(() => reject(new BrokenOff(fault, status)));
    const timer = setTimeout(() => {
      fail('timeout');
      request.destroy();
    }, deadline - performance.now());
    request.on('error', (error) => fail(faultOf(error)));
    // Closed with neither an answer nor an error: the server wants to speak another protocol.
    request.on('close', () => {
      if (status === null) fail('connection');
    });
    request.on('response', (response) => {
      status = response.statusCode ?? null;
      read(response).then(
        (answer) => settle(() => resolve(answer)),
        () => fail('connection'),
      );
    });
    request.end(body);
  });
}

/** Reads as much as is kept and hangs up on more, however much that is. */
async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MAX_BODY_BYTES) break;
  }
  const coding = response.headers['content-encoding'] ?? 'identity';
  const bytes = coding === 'identity' ? Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES) : Buffer.alloc(0);
  return { status: response.statusCode ?? 0, headers: response.headers, body: new TextDecoder().decode(bytes) };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const TLS_CODE = /CERT|TLS|SSL|^EPROTO$|^SELF_SIGNED|^UNABLE_TO|^HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)/;

function faultOf(error: Error): SendFault {
  if (error instanceof Refused) return error.fault;
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') return 'timeout';
  return TLS_CODE.test(code) ? 'tls' : 'connection';
}
