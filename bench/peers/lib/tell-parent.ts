/** What a worker tells the process that measures. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'committed'; readonly ids: readonly string[]; readonly at: number; readonly refused: number }
  | { readonly kind: 'answer'; readonly value: unknown };

/** What it is asked beside its work. */
export type WorkerRequest = { readonly ask: 'plant'; readonly offsets: readonly number[] } | { readonly ask: 'settle' };

const send = (message: WorkerMessage): void => void process.send?.(message);

/** To be called when a transaction is known to be committed. @param refused of the batch, handled before already */
export function tellCommitted(ids: readonly string[], at: number, refused = 0): void {
  if (ids.length > 0 || refused > 0) send({ kind: 'committed', ids, at, refused });
}

/** Says that the work has begun, answers what is asked, and ends with the parent. */
export function serveParent(answer?: (request: WorkerRequest) => Promise<unknown>): void {
  process.on('message', (request: WorkerRequest) => {
    void answer?.(request).then((value) => send({ kind: 'answer', value }));
  });
  process.once('disconnect', () => process.exit(0));
  send({ kind: 'ready' });
}

/** The settings that a worker was started with. */
export function workerSettings<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}
