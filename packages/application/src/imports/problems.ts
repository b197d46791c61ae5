import type { ImportProblem } from './types.ts';

const LISTED = 1_000;

/** Faults of a bundle: the first thousand are kept, the others counted. */
export class ProblemList {
  readonly listed: ImportProblem[] = [];
  more = 0;

  get count(): number {
    return this.listed.length + this.more;
  }

  push(...problems: readonly ImportProblem[]): void {
    for (const problem of problems) {
      if (this.listed.length < LISTED) this.listed.push(problem);
      else this.more += 1;
    }
  }

  add(pointer: string, code: string, message: string, messageZh: string, suggestions: readonly string[] = []): void {
    this.push({ pointer, code, message, messageZh, suggestions });
  }
}
