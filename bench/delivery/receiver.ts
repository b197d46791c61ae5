import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { webhookEvent } from '@duban/contracts/http/webhook-events';
import type { Order, Tally } from './receiver-port.ts';

/** Somebody else's machine, a process of its own: what it does is not counted as ours. */
const tally: Tally = { requests: 0, arrived: {}, notices: {}, altered: 0, refused: 0, cut: 0, firstAt: {} };
let behaviour: Extract<Order, { readonly do: 'behave' }> = { do: 'behave', failing: 0, away: false };
/** Content by message id: the same id must always bring the same. */
const contents = new Map<string, string>();
let random = 0x2545f491;

const server = createServer((request, response) => void take(request, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

process.on('message', (order: Order) => {
  if (order.do === 'behave') behaviour = order;
  process.send?.(order.do === 'tally' ? tally : { ok: true });
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  tally.requests += 1;
  const chance = nextChance();
  if (behaviour.away) return refuse(response, 503);
  // Half of what fails is cut off without an answer; half of that after it has been taken in.
  if (chance < behaviour.failing / 2) return refuse(response, 500);
  const cut = chance < behaviour.failing;
  if (!cut || chance < behaviour.failing * 0.75) note(String(request.headers['webhook-id']), request.url ?? '', chunks);
  if (!cut) {
    response.writeHead(204).end();
    return;
  }
  tally.cut += 1;
  request.socket.destroy();
}

function refuse(response: ServerResponse, status: number): void {
  tally.refused += 1;
  response.writeHead(status).end();
}

function note(id: string, path: string, chunks: readonly Buffer[]): void {
  const body = Buffer.concat(chunks).toString('utf8');
  tally.arrived[id] = (tally.arrived[id] ?? 0) + 1;
  const known = contents.get(id);
  if (known !== undefined && known !== body) tally.altered += 1;
  if (known !== undefined) return;
  contents.set(id, body);
  tally.firstAt[path] ??= Date.now();
  const event = webhookEvent.parse(JSON.parse(body));
  if (event.type === 'duban.webhook.test.v1') return;
  for (const { noticeId } of event.data.lines) {
    const key = `${noticeId} ${event.data.recipient.mailbox}`;
    tally.notices[key] = (tally.notices[key] ?? 0) + 1;
  }
}

/** Xorshift: the same run of failures each time. */
function nextChance(): number {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return (random >>> 0) / 2 ** 32;
}

// Whoever started it has ended.
process.on('disconnect', () => process.exit(0));
