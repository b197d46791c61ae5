import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Bundle, bundleFunction } from './bundle.ts';
import { faultsOf } from './check.ts';
import { type Sizes, sizesOf } from './sizes.ts';

export const BUNDLES = 'dist/functions';

/** What each bundle may weigh (kB): what a cold start reads, and with all that is loaded when asked for. */
export const BUDGETS = {
  api: { start: 300, all: 2_100 },
  wake: { start: 700, all: 900 },
  'alarm-clock': { start: 700, all: 900 },
  project: { start: 700, all: 900 },
  react: { start: 700, all: 900 },
  deliver: { start: 800, all: 1_400 },
} as const satisfies Readonly<Record<string, { readonly start: number; readonly all: number }>>;

export type FunctionName = keyof typeof BUDGETS;
export const FUNCTIONS = Object.keys(BUDGETS) as readonly FunctionName[];

/** Files a function reads when asked, beside its code: `package/file`. */
const FILES: Partial<Record<FunctionName, readonly string[]>> = {
  api: ['swagger-ui-dist/swagger-ui.css', 'swagger-ui-dist/swagger-ui-bundle.js'],
};

export interface BuiltFunction {
  readonly bundle: Bundle;
  readonly sizes: Sizes;
  /** What must never be deployed, and what weighs too much; a sentence each. */
  readonly faults: readonly string[];
}

/** Bundles a function into its folder as Lambda will have it; an earlier build there is removed. */
async function buildFunction(name: FunctionName, out: string, version: string): Promise<BuiltFunction> {
  const outdir = join(out, name);
  await rm(outdir, { recursive: true, force: true });
  const bundle = await bundleFunction(name, join('functions', `${name}.ts`), outdir, version);
  for (const file of FILES[name] ?? []) await copyInstalled(file, outdir);
  const sizes = sizesOf(bundle);
  return { bundle, sizes, faults: [...faultsOf(bundle), ...overweight(name, sizes)] };
}

/** Bundles every function. */
export async function buildAll(out: string = BUNDLES): Promise<ReadonlyMap<FunctionName, BuiltFunction>> {
  const version = versionHere();
  const built = new Map<FunctionName, BuiltFunction>();
  for (const name of FUNCTIONS) built.set(name, await buildFunction(name, out, version));
  return built;
}

/** @throws Error with every fault, when one of them must not be deployed */
export async function buildForDeployment(out: string): Promise<void> {
  const faults = [...(await buildAll(out)).values()].flatMap((built) => built.faults);
  if (faults.length > 0) throw new Error(`The bundles must not be deployed:\n${faults.join('\n')}`);
}

/** Of the package, and of the commit where there is one: what an engineer must know of a deployment. */
function versionHere(): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return `${version}+${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio }).trim()}`;
  } catch {
    return version;
  }
}

/** Where the bundle's own `require` finds it. */
async function copyInstalled(file: string, outdir: string): Promise<void> {
  const target = join(outdir, 'node_modules', file);
  await mkdir(join(target, '..'), { recursive: true });
  await copyFile(createRequire(import.meta.url).resolve(file), target);
}

function overweight(name: FunctionName, { startBytes, allBytes }: Sizes): readonly string[] {
  const { start, all } = BUDGETS[name];
  const over = (what: string, bytes: number, budget: number) =>
    bytes > budget * 1024 ? [`${name} weighs ${Math.ceil(bytes / 1024)} kB ${what}, over its ${budget}`] : [];
  return [...over('at the start', startBytes, start), ...over('in all', allBytes, all)];
}
