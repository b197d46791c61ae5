import {
  isTest,
  readModules,
  report,
  type SourceModule,
  type SyntaxNode,
  type Violation,
  walk,
} from './lib/modules.ts';

/** Packages that are functions of their arguments alone, and the few pure libraries each may use. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  'packages/calendar/src/': ['chinese-days', 'tyme4ts'],
  'packages/domain/src/': ['fastest-levenshtein', 'pinyin-pro'],
};

const FORBIDDEN_GLOBALS = new Set([
  'performance',
  'process',
  'crypto',
  'fetch',
  'console',
  'Buffer',
  'globalThis',
  'global',
  'require',
  'Temporal',
  'eval',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'clearTimeout',
  'clearInterval',
]);
const DATE_MEMBERS = new Set(['UTC', 'parse', 'prototype']);
/** With no argument these format the present moment. */
const CLOCK_FORMATTERS = new Set(['format', 'formatToParts']);

const nameOf = (node: unknown): string | undefined => (node as { name?: string } | undefined)?.name;
const argumentsOf = (node: SyntaxNode): readonly unknown[] => (node.arguments as unknown[] | undefined) ?? [];

/** False where an identifier is only a label: `x.process`, `{ process: 1 }`, a member of a type. */
function isReference(parent: SyntaxNode | null, key: string): boolean {
  if (parent === null) return true;
  if (parent.type === 'MemberExpression' && key === 'property') return parent.computed === true;
  if (key === 'key') return parent.computed === true;
  return !(
    parent.type.startsWith('TS') &&
    parent.type !== 'TSAsExpression' &&
    parent.type !== 'TSSatisfiesExpression' &&
    parent.type !== 'TSNonNullExpression'
  );
}

function dateFault(parent: SyntaxNode | null, key: string): string | null {
  if (parent?.type === 'NewExpression' && key === 'callee') {
    return argumentsOf(parent).length === 0 ? 'new Date() reads the clock: take the instant as an argument' : null;
  }
  if (parent?.type === 'MemberExpression' && key === 'object' && parent.computed !== true) {
    const member = nameOf(parent.property) ?? '';
    return DATE_MEMBERS.has(member) ? null : `Date.${member} reads the clock: take the instant as an argument`;
  }
  if (parent?.type === 'BinaryExpression' && parent.operator === 'instanceof') return null;
  return 'Date may only be used as new Date(value), Date.UTC and Date.parse';
}

function mathFault(parent: SyntaxNode | null, key: string): string | null {
  const plainMember = parent?.type === 'MemberExpression' && key === 'object' && parent.computed !== true;
  if (!plainMember) return 'Math may only be used as Math.name';
  return nameOf(parent.property) === 'random' ? 'Math.random: take random numbers as an argument' : null;
}

function faultOf(node: SyntaxNode, parent: SyntaxNode | null, key: string): string | null {
  if (node.type === 'CallExpression' && argumentsOf(node).length === 0) {
    const callee = node.callee as SyntaxNode;
    const method = callee.type === 'MemberExpression' ? nameOf(callee.property) : undefined;
    return method && CLOCK_FORMATTERS.has(method) ? `.${method}() without an argument reads the clock` : null;
  }
  if (node.type !== 'Identifier' || !isReference(parent, key)) return null;
  const name = nameOf(node) ?? '';
  if (name === 'Date') return dateFault(parent, key);
  if (name === 'Math') return mathFault(parent, key);
  return FORBIDDEN_GLOBALS.has(name) ? `${name} is not allowed in a pure package` : null;
}

function checkModule(module: SourceModule, libraries: readonly string[]): Violation[] {
  const found: Violation[] = [];
  for (const { specifier, line } of module.imports) {
    const own = specifier?.startsWith('.') || specifier?.startsWith('@duban/');
    const library = libraries.some((name) => specifier === name || specifier?.startsWith(`${name}/`));
    if (!own && !library)
      found.push({ path: module.path, line, message: `a pure package may not import ${specifier}` });
  }
  walk(module.program, (node, parent, key) => {
    const message = faultOf(node, parent, key);
    if (message) found.push({ path: module.path, line: module.lineOf(node), message });
  });
  return found;
}

/** Every place where calendar or domain would read a clock, draw a random number or reach outside. Tests are free to. */
export function checkPurity(root: string): { files: number; violations: Violation[] } {
  const checked = readModules(root)
    .filter((module) => !isTest(module.path))
    .flatMap((module) => {
      const home = Object.keys(PURE).find((prefix) => module.path.startsWith(prefix));
      return home ? [checkModule(module, PURE[home] ?? [])] : [];
    });
  return { files: checked.length, violations: checked.flat() };
}

if (import.meta.main) {
  const { files, violations } = checkPurity(process.cwd());
  process.exitCode = report('purity', files, violations);
}
