import { Worker } from 'node:worker_threads';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

export interface Load {
  readonly url: string;
  readonly token: string;
  /** Sent in turn, again from the first after the last. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds of each answered request. */
  readonly latencies: readonly number[];
  /** Answers outside 2xx, by status; nothing when all went well. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Sends requests in a closed loop, each connection its next one when the last is answered; in a thread of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: load });
  try {
    return await new Promise((done, failed) => {
      worker.once('message', done).once('error', failed);
      worker.once('exit', (code) => failed(new Error(`The load ended with ${code} and no result.`)));
    });
  } finally {
    await worker.terminate();
  }
}
