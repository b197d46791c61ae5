import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Draw } from '../draw.ts';
import { Call, type Outcome } from './call.ts';
import { DYNAMODB_FAULTS } from './dynamodb-faults.ts';
import type { Faults } from './fault.ts';
import { SQS_FAULTS } from './sqs-faults.ts';

export type DynamoDbFault = keyof typeof DYNAMODB_FAULTS;
export type SqsFault = keyof typeof SQS_FAULTS;

export interface FaultProxyOptions {
  /** The emulator's endpoint, now. */
  readonly target: string | (() => string);
  /** The same faults in the same order of calls. */
  readonly seed: number;
  /** Lets the last attempt of the SDK through, so that no call fails for good: for suites that ask for what must hold. */
  readonly sparesLastAttempt?: boolean;
}

/** Stands between the SDK and an emulator and makes of some calls what a network or a service may make of them. */
export interface FaultProxy<Kind extends string> {
  readonly endpoint: string;
  /** The next calls of an operation meet these, one each, before chance has its say. */
  next(operation: string, ...kinds: readonly Kind[]): void;
  /** From now on: how likely each kind is for a call that it concerns (0 to 1, together at most 1). */
  chances(chances: Readonly<Partial<Record<Kind, number>>>): void;
  /** Faults that calls have met, by kind. */
  met(): Readonly<Partial<Record<Kind, number>>>;
  /** Calls of an operation since the proxy was started. */
  calls(operation: string): number;
  stop(): Promise<void>;
}

export function startDynamoDbProxy(options: FaultProxyOptions): Promise<FaultProxy<DynamoDbFault>> {
  return startFaultProxy(DYNAMODB_FAULTS, options);
}

export function startSqsProxy(options: FaultProxyOptions): Promise<FaultProxy<SqsFault>> {
  return startFaultProxy(SQS_FAULTS, options);
}

async function startFaultProxy<Table extends Faults>(
  faults: Table,
  { target, seed, sparesLastAttempt = false }: FaultProxyOptions,
): Promise<FaultProxy<keyof Table & string>> {
  type Kind = keyof Table & string;
  const draw = new Draw(seed);
  const scripted = new Map<string, Kind[]>();
  const met: Partial<Record<Kind, number>> = {};
  const calls = new Map<string, number>();
  let endpoint = '';
  let likely: readonly (readonly [Kind, number])[] = [];

  /** One number decides, so that kinds do not shift each other's turn. */
  function choose(call: Call): Kind | null {
    const script = scripted.get(call.operation);
    const first = script?.[0];
    if (first !== undefined && faults[first]?.concerns(call)) return script?.shift() ?? null;
    let left = draw.next();
    if (sparesLastAttempt && call.isLastAttempt) return null;
    for (const [kind, chance] of likely) {
      if (!faults[kind]?.concerns(call)) continue;
      if (left < chance) return kind;
      left -= chance;
    }
    return null;
  }

  async function outcomeOf(call: Call): Promise<Outcome> {
    calls.set(call.operation, (calls.get(call.operation) ?? 0) + 1);
    const kind = choose(call);
    try {
      if (kind === null) return { answer: await call.forward() };
      const outcome = await (faults[kind] as Faults[string]).meet(call, draw);
      met[kind] = (met[kind] ?? 0) + 1;
      return outcome;
    } catch {
      // The emulator is out of reach, or was killed in the middle: so it looks from here as well.
      return 'cut';
    }
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const body = await buffer(incoming);
    const route = { here: endpoint, target: typeof target === 'string' ? target : target(), path: incoming.url ?? '/' };
    conclude(await outcomeOf(new Call(route, incoming.headers, body, gone.signal)), incoming, outgoing);
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    next: (operation, ...kinds) => void scripted.set(operation, [...(scripted.get(operation) ?? []), ...kinds]),
    chances: (chances) => {
      likely = Object.entries(chances) as [Kind, number][];
    },
    met: () => ({ ...met }),
    calls: (operation) => calls.get(operation) ?? 0,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function conclude(outcome: Outcome, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (outcome === 'cut') {
    incoming.socket.destroy();
    return;
  }
  const { answer, bytes } = outcome;
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
  outgoing.writeHead(answer.status, { ...headers, 'content-length': String(answer.body.length) });
  if (bytes === undefined) outgoing.end(answer.body);
  else outgoing.write(answer.body.subarray(0, bytes), () => incoming.socket.destroy());
}
