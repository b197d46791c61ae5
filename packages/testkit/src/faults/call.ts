import { Agent, type IncomingHttpHeaders, request } from 'node:http';

const AGENT = new Agent({ keepAlive: true, maxSockets: 64 });

export type Json = Readonly<Record<string, unknown>>;

/** What a service, or a fault in its place, says to a call. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What becomes of a call: an answer, the beginning of one (`bytes` of its body), or a cut connection. */
export type Outcome = 'cut' | { readonly answer: Answer; readonly bytes?: number };

/** Where a call came in and where it goes. */
export interface Route {
  /** The proxy's own endpoint. SQS says where its queues are, and must be believed to be here. */
  readonly here: string;
  readonly target: string;
  readonly path: string;
}

/** One request of the AWS SDK on its way to an emulator. */
export class Call {
  /** The part of `X-Amz-Target` after the dot: `TransactWriteItems`, `ReceiveMessage`. */
  readonly operation: string;
  readonly input: Json;
  readonly #route: Route;
  readonly #headers: IncomingHttpHeaders;
  readonly #gone: AbortSignal;

  /** @param gone aborted when whoever called has hung up */
  constructor(route: Route, headers: IncomingHttpHeaders, body: Buffer, gone: AbortSignal) {
    this.operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    this.input = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Json);
    this.#route = route;
    this.#headers = headers;
    this.#gone = gone;
  }

  /** The SDK says which of its attempts at a call this is, and how many it will make. */
  get isLastAttempt(): boolean {
    const [, attempt, most] = /attempt=(\d+); max=(\d+)/.exec(String(this.#headers['amz-sdk-request'])) ?? [];
    return attempt !== undefined && attempt === most;
  }

  /**
   * Has the emulator carry it out, or something else instead. The signature is not the changed request's: emulators do
   * not check it.
   * @throws Error when the emulator is out of reach
   */
  forward(input: Json = this.input, operation = this.operation): Promise<Answer> {
    const { here, target, path } = this.#route;
    const body = Buffer.from(JSON.stringify(input).replaceAll(here, target));
    const { hostname, port, host } = new URL(target);
    const operationHere = String(this.#headers['x-amz-target']).replace(/[^.]*$/, operation);
    const headers = { ...this.#headers, host, 'x-amz-target': operationHere, 'content-length': String(body.length) };
    const translated = (said: Buffer) =>
      said.includes(target) ? Buffer.from(said.toString('utf8').replaceAll(target, here)) : said;
    return new Promise((resolve, reject) => {
      const sent = request(
        { agent: AGENT, hostname, port, method: 'POST', path, headers, signal: this.#gone },
        (received) => {
          const chunks: Buffer[] = [];
          received
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .once('error', reject)
            .once('end', () =>
              resolve({
                status: received.statusCode ?? 500,
                headers: received.headers,
                body: translated(Buffer.concat(chunks)),
              }),
            );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

/** An answer as the emulator would give it with another content; the checksum goes, for the SDK does not ask for one. */
export function withBody({ status, headers }: Answer, body: object): Answer {
  const { 'x-amz-crc32': _crc, 'content-length': _length, ...others } = headers;
  return { status, headers: others, body: Buffer.from(JSON.stringify(body)) };
}

export function bodyOf(answer: Answer): Json {
  return JSON.parse(answer.body.toString('utf8')) as Json;
}

/** @param type with its namespace, as the services write it: `com.amazonaws.sqs#RequestThrottled` */
export function errorAnswer(status: number, type: string, more: object = {}): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'fault' };
  return {
    status,
    headers,
    body: Buffer.from(JSON.stringify({ __type: type, message: 'a fault was asked for', ...more })),
  };
}
