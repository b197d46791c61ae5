import { distance } from 'fastest-levenshtein';
import type { ProblemSink } from './types.ts';

/** The known names nearest to one that is not known, best first, three at the most. */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.ceil(name.length / 2));
  return known
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .filter(({ candidate, far }) => far <= limit || candidate.includes(name) || name.includes(candidate))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Finds records of one kind by code or by any printed name. */
export class NameIndex {
  readonly #kind: string;
  readonly #kindZh: string;
  readonly #codes = new Map<string, string>();
  /** Names that mean more than one record resolve to nothing. */
  readonly #ambiguous = new Set<string>();

  constructor(
    kind: string,
    kindZh: string,
    records: readonly { readonly code: string; readonly names: readonly string[] }[],
  ) {
    this.#kind = kind;
    this.#kindZh = kindZh;
    for (const { code, names } of records) {
      for (const name of [code, ...names]) {
        const before = this.#codes.get(name);
        if (before !== undefined && before !== code) this.#ambiguous.add(name);
        this.#codes.set(name, code);
      }
    }
  }

  /** The code, or the name itself with a problem noted, so that every fault of a bundle is found in one go. */
  resolve(name: string, pointer: string, problems: ProblemSink): string {
    const code = this.#codes.get(name);
    if (code !== undefined && !this.#ambiguous.has(name)) return code;
    const suggestions = nearestNames(name, [...this.#codes.keys()]);
    const ambiguous = code !== undefined;
    problems.push({
      pointer,
      code: ambiguous ? 'ambiguous_reference' : 'unknown_reference',
      message: ambiguous
        ? `More than one ${this.#kind} is called "${name}"; use a code.`
        : `Unknown ${this.#kind} "${name}".${suggestions.length > 0 ? ` Nearest: ${suggestions.join(', ')}.` : ''}`,
      messageZh: ambiguous
        ? `有多个${this.#kindZh}名为“${name}”，请使用代码。`
        : `未知${this.#kindZh}“${name}”。${suggestions.length > 0 ? `相近的有：${suggestions.join('、')}。` : ''}`,
      suggestions,
    });
    return name;
  }

  has(name: string): boolean {
    return this.find(name) !== null;
  }

  /** The code of that name; null when nothing, or more than one thing, is called so. */
  find(name: string): string | null {
    return this.#ambiguous.has(name) ? null : (this.#codes.get(name) ?? null);
  }

  resolveOptional(name: string | null, pointer: string, problems: ProblemSink): string | null {
    return name === null ? null : this.resolve(name, pointer, problems);
  }

  resolveAll(names: readonly string[], pointer: string, problems: ProblemSink): readonly string[] {
    return [...new Set(names.map((name, index) => this.resolve(name, `${pointer}/${index}`, problems)))];
  }
}
