import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Simulated } from './simulate.ts';

/** Histories of one seed; the next ones have the seed after it. */
const PART = 500;
const LARGEST_SEED = 2 ** 31 - 1;

interface Part {
  readonly seed: number;
  readonly histories: number;
  readonly path?: string;
}

type Answer = { readonly simulated: Simulated } | { readonly fault: string };

const USAGE = `npm run sim -- [--seed S] [--histories N] [--path P] [--workers W] [--json]

Runs N random histories of a small county (100,000 unless said otherwise) while whatever can fails, and looks
whether everything that was due happened once, in time and to whoever held the post. A failing history is shrunk
and printed with the seed and path that run it again. --json prints one line for programs.
`;

function options() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      histories: { type: 'string' },
      path: { type: 'string' },
      workers: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seed' | 'histories' | 'workers', fallback: number, least: number) => {
    const number = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isSafeInteger(number) && number >= least && number <= LARGEST_SEED) return number;
    throw new RangeError(`--${name} is a whole number, ${least} or more.`);
  };
  return {
    ...{ json: values.json, help: values.help, path: values.path },
    seed: whole('seed', randomInt(LARGEST_SEED), 0),
    histories: whole('histories', 100_000, 1),
    workers: whole('workers', availableParallelism(), 1),
  };
}

function partsOf(seed: number, histories: number, path: string | undefined): Part[] {
  if (path !== undefined) return [{ seed, histories: 1, path }];
  return Array.from({ length: Math.ceil(histories / PART) }, (_, index) => ({
    seed: (seed + index) % LARGEST_SEED,
    histories: Math.min(PART, histories - index * PART),
  }));
}

/** Gives parts to workers until all are done or one has failed. */
async function inParts(parts: readonly Part[], workers: number, onPart: (done: Simulated) => void): Promise<void> {
  const left = [...parts];
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (let part = left.shift(); part !== undefined; part = left.shift()) {
        worker.postMessage(part);
        const [answer] = (await once(worker, 'message')) as [Answer];
        if ('fault' in answer) throw new Error(`Histories of seed ${part.seed} could not be run: ${answer.fault}`);
        onPart(answer.simulated);
        if (answer.simulated.failed !== null) left.length = 0;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, parts.length) }, work));
}

async function main(): Promise<void> {
  const { seed, histories, path, workers, json, help } = options();
  if (help) return void process.stdout.write(USAGE);
  const began = performance.now();
  const done: Simulated[] = [];
  const sum = (of: (one: Simulated) => number) => done.reduce((total, one) => total + of(one), 0);
  const isWatched = !json && process.stderr.isTTY;
  await inParts(partsOf(seed, histories, path), workers, (part) => {
    done.push(part);
    if (isWatched) process.stderr.write(`\r${sum((one) => one.histories)} / ${histories}`);
  });
  if (isWatched) process.stderr.write('\n');
  const total = {
    seed,
    histories: sum((one) => one.histories),
    events: sum((one) => one.events),
    wakes: sum((one) => one.wakes),
    violations: sum((one) => one.violations),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
  if (json) process.stdout.write(`${JSON.stringify(total)}\n`);
  else
    process.stdout.write(
      `${Object.entries(total)
        .map(([name, value]) => `${name} ${value}`)
        .join('  ')}\n`,
    );
  for (const { seed: of, failed } of done) {
    if (failed === null) continue;
    process.exitCode = 1;
    process.stderr.write(`Failed: npm run sim -- --seed ${of} --path ${failed.path}\n`);
    process.stderr.write(`${JSON.stringify({ history: failed.history, violations: failed.violations }, null, 1)}\n`);
  }
}

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
