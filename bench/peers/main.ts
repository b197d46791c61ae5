import { parseArgs } from 'node:util';
import { say } from '../lib/progress.ts';
import { duban } from './duban/contender.ts';
import type { Contender } from './lib/contender.ts';
import { cores, fsyncMs, loadNow } from './lib/machine.ts';
import { measureSteady, measureStorm, measureStruck, type Sizes } from './lib/measure.ts';
import { markdownOf, type PeerFigure, type PeersReport } from './lib/table.ts';
import { pgBoss, skipLocked } from './postgres/contenders.ts';
import { postgresFolder } from './postgres/server.ts';
import { bullMq } from './redis/contender.ts';
import { hasRedis } from './redis/server.ts';

const CONTENDERS: Readonly<Record<string, () => Contender>> = {
  duban,
  pgboss: pgBoss,
  bullmq: () => bullMq('always'),
  bullmqEverysec: () => bullMq('everysec'),
  poller: skipLocked,
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string' },
    storm: { type: 'string', default: '5000' },
    struck: { type: 'string', default: '3000' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
  },
});
const sizes: Sizes = {
  stormItems: wholeNumber('storm', values.storm),
  struckItems: wholeNumber('struck', values.struck),
  steadyPerSecond: wholeNumber('rate', values.rate),
  steadySeconds: wholeNumber('seconds', values.seconds),
};
const wanted = values.only?.split(',') ?? Object.keys(CONTENDERS);
const unknown = wanted.filter((name) => !(name in CONTENDERS));
if (unknown.length > 0) refuse(`There is no contender ${unknown.join(', ')}: ${Object.keys(CONTENDERS).join(', ')}`);
requireServers();

/** The one that runs just now, to be ended with this process. */
let running: Contender | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(130)));
}

const begun = performance.now();
const before = loadNow();
const fsync = fsyncMs();
const figures: PeerFigure[] = [];
for (const [name, create] of Object.entries(CONTENDERS)) {
  if (!wanted.includes(name)) continue;
  try {
    figures.push(await measure(create()));
  } catch (error) {
    // What the others have reached is minutes of work.
    process.exitCode = 1;
    progress(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const report: PeersReport = {
  at: new Date().toISOString(),
  tookSeconds: Math.round((performance.now() - begun) / 1_000),
  sizes,
  machine: { cores: cores(), node: process.versions.node, fsyncMs: fsync, loadBefore: before, loadAfter: loadNow() },
  figures,
};
console.log(values.json ? JSON.stringify(report) : markdownOf(report));

async function measure(contender: Contender): Promise<PeerFigure> {
  const { name } = contender;
  running = contender;
  try {
    progress(`${name}: starts`);
    await contender.start();
    progress(`${name}: ${sizes.steadyPerSecond} deadlines a second for ${sizes.steadySeconds} s`);
    const steady = await measureSteady(contender, sizes);
    progress(`${name}: ${sizes.stormItems} at one instant`);
    const storm = await measureStorm(contender, sizes);
    progress(`${name}: ${sizes.struckItems} at one instant, and kill -9`);
    const struck = await measureStruck(contender, sizes);
    progress(`${name}: measured`);
    return { name, steady, storm, struck };
  } finally {
    await contender.stop();
    running = null;
  }
}

function progress(text: string): void {
  say(`${String(Math.round((performance.now() - begun) / 1_000)).padStart(4)} s  ${text}`);
}

function requireServers(): void {
  const missing = [...(postgresFolder() === null ? ['postgresql'] : []), ...(hasRedis() ? [] : ['redis-server'])];
  if (missing.length > 0) refuse(`The peers need servers that are not here: apt-get install ${missing.join(' ')}`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) refuse(`--${name} is a whole number from 1.`);
  return value;
}

function refuse(text: string): never {
  say(text);
  process.exit(2);
}
