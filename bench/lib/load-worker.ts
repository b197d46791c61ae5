import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import type { Load, LoadRequest, LoadResult } from './load.ts';

const { url, token, requests, connections, seconds } = workerData as Load;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

function send({ method, path, body }: LoadRequest): Promise<number> {
  const text = body === undefined ? null : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((done, failed) => {
    const sent = request(new URL(path, url), { method, headers, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => done(answer.statusCode ?? 0)).once('error', failed);
    });
    sent.once('error', failed).end(text);
  });
}

async function run(): Promise<LoadResult> {
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  const start = performance.now();
  let next = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1_000) {
      const sentAt = performance.now();
      const status = await send(requests[next++ % requests.length] as LoadRequest);
      latencies.push(performance.now() - sentAt);
      if (status < 200 || status > 299) refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { requests: latencies.length, seconds: (performance.now() - start) / 1_000, latencies, refused };
}

parentPort?.postMessage(await run());
