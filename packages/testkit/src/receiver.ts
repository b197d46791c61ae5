import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came in, whole. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the next request is answered: with a status (and what is said), or not at all until released. */
export type Behaviour =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly hangUntil: Promise<unknown> };

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Asked for each request; default 204. */
  answer: (request: Received, earlier: number) => Behaviour;
  close(): Promise<void>;
}

/** Somebody else's machine, on loopback: it takes what is posted to it and answers as a test wants it to. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => void take(request, response));
  const receiver: Receiver = {
    url: '',
    received,
    answer: () => ({ status: 204 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const taken = { path: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') };
    const behaviour = receiver.answer(taken, received.length);
    received.push(taken);
    if ('hangUntil' in behaviour) await behaviour.hangUntil;
    const { status, body = '', headers: more = {} } = 'hangUntil' in behaviour ? { status: 204 } : behaviour;
    response.writeHead(status, more).end(body);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
