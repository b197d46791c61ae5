import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseSync } from 'vite';

/** A node of the ESTree program; only what the checks look at is typed. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

export interface ModuleImport {
  /** null when a dynamic import names its module by an expression. */
  readonly specifier: string | null;
  readonly line: number;
  /** True when nothing of the import is left once types are stripped. */
  readonly typeOnly: boolean;
}

export interface SourceModule {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly program: SyntaxNode;
  readonly imports: readonly ModuleImport[];
  lineOf(node: SyntaxNode): number;
}

/** One broken rule, printed as `path:line message`. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'vendor']);

/** Every TypeScript file under root, hidden and generated folders left out, in a stable order. */
export function listSources(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/\.[cm]?tsx?$/.test(entry.name)) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(root);
  return found.sort();
}

/** Calls `visit` for every node of the tree, parents first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | null, key: string) => void,
): void {
  const step = (current: SyntaxNode, parent: SyntaxNode | null, key: string): void => {
    visit(current, parent, key);
    for (const [name, value] of Object.entries(current)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child !== null && typeof child === 'object' && typeof child.type === 'string') {
          step(child as SyntaxNode, current, name);
        }
      }
    }
  };
  step(node, null, '');
}

function importOf(node: SyntaxNode): { source: unknown; typeOnly: boolean } | null {
  switch (node.type) {
    case 'ImportDeclaration': {
      const names = node.specifiers as { importKind?: string }[];
      const allTypes = names.length > 0 && names.every((name) => name.importKind === 'type');
      return { source: node.source, typeOnly: node.importKind === 'type' || allTypes };
    }
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { source: node.source, typeOnly: node.exportKind === 'type' } : null;
    case 'ImportExpression':
      return { source: node.source, typeOnly: false };
    case 'TSImportType':
      return { source: node.source ?? node.argument, typeOnly: true };
    default:
      return null;
  }
}

/**
 * Parses one file. Type imports are kept: a package must not lean on another one's types either.
 *
 * @throws Error when the text is not valid TypeScript, so that a file is never passed over unread.
 */
export function parseModule(path: string, text: string): SourceModule {
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const program = parsed.program as unknown as SyntaxNode;
  const lineOf = (node: SyntaxNode): number => text.slice(0, node.start).split('\n').length;
  const imports: ModuleImport[] = [];
  walk(program, (node) => {
    const found = importOf(node);
    if (!found) return;
    const source = found.source as { value?: unknown; literal?: { value?: unknown } } | undefined;
    const value = source?.value ?? source?.literal?.value;
    imports.push({ specifier: typeof value === 'string' ? value : null, line: lineOf(node), typeOnly: found.typeOnly });
  });
  return { path, program, imports, lineOf };
}

export function readModules(root: string): SourceModule[] {
  return listSources(root).map((path) => parseModule(path, readFileSync(join(root, path), 'utf8')));
}

/** The file an import leads to, from the root; null for what is not ours. `@duban/x/y` is `packages/x/src/y.ts`. */
export function resolveOwn(root: string, from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(dirname(from), specifier);
  const own = /^@duban\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (!own) return null;
  const path = `packages/${own[1]}/src/${own[2] ?? 'index'}`;
  return existsSync(join(root, path)) && path.endsWith('.ts') ? path : `${path}.ts`;
}

export const isTest = (path: string): boolean => /\.test\.ts$/.test(path) || /(^|\/)tests?\//.test(path);

/** Prints violations and returns the exit code: 1 when there is any or when nothing was looked at. */
export function report(check: string, looked: number, violations: readonly Violation[]): number {
  for (const { path, line, message } of violations) console.error(`${path}:${line} ${message}`);
  if (looked === 0) console.error(`${check}: no source file was found, so nothing was checked`);
  console.log(`${check}: ${looked} files, ${violations.length} violations`);
  return violations.length > 0 || looked === 0 ? 1 : 0;
}
