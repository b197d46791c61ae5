import type { ImportBundle, ImportedRow } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import { type Locator, readWorkbook, type TaskRowRead, WorkbookError } from '@duban/workbook';
import { problemOf } from './faults.ts';
import { HttpProblem } from './problems.ts';

const LISTED = 1_000;

export type WorkbookBundle =
  | { readonly bundle: ImportBundle; readonly locate: Locator }
  | { readonly faults: readonly BilingualFault[]; readonly more: number };

/**
 * A workbook as a bundle whose tasks are read while they are imported; its faults where its structure has any.
 * @throws HttpProblem when the file is no workbook
 */
export async function readWorkbookBundle(
  bytes: Uint8Array,
  target: Pick<ImportBundle, 'jurisdiction' | 'mode'>,
): Promise<WorkbookBundle> {
  const { structure, faults, tasks, locate } = await readWorkbook(bytes, target).catch(asProblem);
  // Faulty structure would make faults of tasks that have none: then only what stands in their own cells is told.
  if (faults.length > 0) return listed([...faults, ...(await faultsOf(tasks))]);
  return { bundle: { ...structure, ...(tasks === null ? {} : { tasks: rowsOf(tasks) }) }, locate };
}

async function* rowsOf(tasks: AsyncIterable<TaskRowRead>): AsyncGenerator<ImportedRow> {
  try {
    for await (const row of tasks) {
      yield ('task' in row ? row.task : { problems: row.faults.map(problemOf), rest: row.rest }) as ImportedRow;
    }
  } catch (error) {
    asProblem(error);
  }
}

async function faultsOf(tasks: AsyncIterable<TaskRowRead> | null): Promise<readonly BilingualFault[]> {
  const faults: BilingualFault[] = [];
  for await (const row of tasks ?? []) if ('faults' in row) faults.push(...row.faults);
  return faults;
}

/** Of a workbook with a marking nothing else is told: other faults may say what stands beside it. */
function listed(all: readonly BilingualFault[]): WorkbookBundle {
  const secret = all.filter(({ code }) => code === 'state_secret');
  const faults = secret.length > 0 ? secret : all;
  return { faults: faults.slice(0, LISTED), more: Math.max(0, faults.length - LISTED) };
}

function asProblem(error: unknown): never {
  if (!(error instanceof WorkbookError)) throw error;
  throw new HttpProblem(error.code);
}
