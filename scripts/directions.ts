import { readFileSync } from 'node:fs';
import { isTest, readModules, report, resolveOwn, type SourceModule, type Violation } from './lib/modules.ts';

const CORE = ['calendar', 'domain', 'application', 'contracts'];
const EDGES = ['http-api', 'dynamodb', 'messaging', 'channels', 'sealing'];

/** Who may import whom; an area may always import itself. An area that is missing here is refused outright. */
const ALLOWED: Readonly<Record<string, readonly string[] | 'anything'>> = {
  calendar: [],
  domain: ['calendar'],
  application: ['calendar', 'domain'],
  contracts: ['calendar', 'domain'],
  'http-api': [...CORE, 'icalendar', 'workbook'],
  dynamodb: CORE,
  messaging: CORE,
  channels: CORE,
  sealing: ['application'],
  gazette: ['calendar', 'domain', 'contracts'],
  icalendar: ['calendar', 'domain', 'contracts'],
  workbook: ['calendar', 'domain', 'contracts'],
  functions: [...CORE, ...EDGES],
  'local-cloud': [...CORE, ...EDGES, 'gazette', 'icalendar', 'workbook', 'functions'],
  testkit: 'anything',
  bench: 'anything',
  tests: 'anything',
  stacks: [],
  'infra-tests': 'anything',
  scripts: [],
  root: ['stacks', 'scripts'],
};

/** What the core must reach through ports only. */
const INFRASTRUCTURE =
  /^(@aws-sdk|@aws-lambda-powertools|@smithy|@hono|hono|fauxqs|nodemailer|sst|standardwebhooks)(\/|$)/;

/** Files that load a pinned package's inner file by its computed address, and say why. */
const COMPUTED_IMPORTS = new Set(['packages/local-cloud/src/emulators/sqs.ts']);

/** The part of the tree a file belongs to: a package's name, a top folder, or `root` for files beside package.json. */
export function areaOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'packages') return parts[1] ?? 'packages';
  return parts.length === 1 ? 'root' : (parts[0] ?? 'root');
}

function mayImport(path: string, from: string, to: string): boolean {
  if (from === to) return true;
  if (to === 'testkit') return isTest(path) || ALLOWED[from] === 'anything' || path === 'vitest.config.ts';
  const allowed = ALLOWED[from];
  return allowed === 'anything' || (allowed?.includes(to) ?? false);
}

function checkImports(root: string, module: SourceModule): Violation[] {
  const from = areaOf(module.path);
  const found: Violation[] = [];
  const complain = (line: number, message: string): number => found.push({ path: module.path, line, message });
  if (!(from in ALLOWED)) complain(1, `no direction is written down for ${from}: add it to scripts/directions.ts`);
  for (const { specifier, line } of module.imports) {
    if (specifier === null) {
      if (module.path.startsWith('packages/') && !isTest(module.path) && !COMPUTED_IMPORTS.has(module.path))
        complain(line, 'import of an expression cannot be checked');
      continue;
    }
    const target = resolveOwn(root, module.path, specifier);
    if (target === null) {
      if (CORE.includes(from) && from !== 'contracts' && INFRASTRUCTURE.test(specifier))
        complain(line, `${from} may not import ${specifier}`);
      if (/^sst\/node/.test(specifier)) complain(line, 'functions read environment variables, never sst/node');
      continue;
    }
    const to = areaOf(target);
    if (!mayImport(module.path, from, to)) complain(line, `${from} may not import ${to} (${specifier})`);
    else if (from !== to && target.startsWith('packages/') && specifier.startsWith('.'))
      complain(line, `import ${to} by its package name, not by ${specifier}`);
  }
  return found;
}

/** Import cycles among files. Type imports are left out: they vanish before anything runs. */
function findCycles(root: string, modules: readonly SourceModule[]): Violation[] {
  const known = new Map(modules.map((module) => [module.path, module]));
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (module: SourceModule, trail: readonly string[]): void => {
    state.set(module.path, 'open');
    for (const { specifier, line, typeOnly } of module.imports) {
      const target = typeOnly || specifier === null ? null : resolveOwn(root, module.path, specifier);
      const next = target === null ? undefined : known.get(target);
      if (!next) continue;
      const path = [...trail, module.path];
      if (state.get(next.path) === 'open') {
        const cycle = [...path.slice(path.indexOf(next.path)), next.path];
        found.push({ path: module.path, line, message: `import cycle: ${cycle.join(' -> ')}` });
      } else if (!state.has(next.path)) visit(next, path);
    }
    state.set(module.path, 'done');
  };
  for (const module of modules) if (!state.has(module.path)) visit(module, []);
  return found;
}

/** Every import under root that goes against the directions of the architecture, and every import cycle. */
export function checkDirections(root: string): { files: number; violations: Violation[] } {
  const modules = readModules(root);
  const violations = modules.flatMap((module) => checkImports(root, module));
  return { files: modules.length, violations: [...violations, ...findCycles(root, modules)] };
}

if (import.meta.main) {
  // A tree without its package.json is not this repository: refuse rather than report a clean nothing.
  readFileSync('package.json');
  const { files, violations } = checkDirections(process.cwd());
  process.exitCode = report('directions', files, violations);
}
