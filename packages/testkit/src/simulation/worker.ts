import { parentPort } from 'node:worker_threads';
import { type SimulateOptions, simulate } from './simulate.ts';

/** A part of the histories; answers what they came to, or why they could not be run. */
parentPort?.on('message', (part: Pick<SimulateOptions, 'seed' | 'histories' | 'path'>) => {
  simulate(part).then(
    (simulated) => parentPort?.postMessage({ simulated }),
    (error: unknown) => parentPort?.postMessage({ fault: error instanceof Error ? error.stack : String(error) }),
  );
});
