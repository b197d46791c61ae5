import type { ImportProblem, ProblemSink } from './types.ts';

export function problem(pointer: string, code: string, message: string, messageZh: string): ImportProblem {
  return { pointer, code, message, messageZh, suggestions: [] };
}

export function requireKnown(
  known: ReadonlySet<string>,
  code: string,
  who: string,
  what: string,
  pointer: string,
  problems: ProblemSink,
): void {
  if (known.has(code)) return;
  problems.push(
    problem(
      pointer,
      'unknown_reference',
      `${who} names the ${what} "${code}", which does not exist.`,
      `${who} 引用了不存在的“${code}”。`,
    ),
  );
}
