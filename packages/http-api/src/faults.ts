import type { ImportProblem } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import type { Locator } from '@duban/workbook';

/** A problem of an import as it is answered: with its place in the file, where there is one. */
export function faultOf(problem: ImportProblem, locate?: Locator): BilingualFault {
  const { pointer, code, message, messageZh, suggestions } = problem;
  const cell = problem.cell ?? locate?.(pointer);
  const fault = { pointer, code, message: { zh: messageZh, en: message }, suggestions };
  return cell === undefined ? fault : { ...fault, cell };
}

export function problemOf({ pointer, code, message, suggestions = [], cell }: BilingualFault): ImportProblem {
  const problem = { pointer, code, message: message.en, messageZh: message.zh, suggestions };
  return cell === undefined ? problem : { ...problem, cell };
}
