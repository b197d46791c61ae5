import { type Dependencies, finishImport, type ImportOptions, importBundle } from '@duban/application';
import { faultOf } from '@duban/http-api/faults';
import { readBundleFiles } from './bundle-files.ts';
import { faultLine, reportLines, tradeSecretLine } from './report.ts';

export interface ImportCommand {
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  readonly replace: boolean;
  readonly jurisdiction: string;
  /** Who imports, as the ledger keeps it. */
  readonly person: string;
}

const PHASES = { reading: '已读取', writing: '已写入', settling: '已发布' } as const;

/** Imports files as one bundle, tells what changes and every fault with its place. Answers whether it went well. */
export async function importFiles(
  deps: Dependencies,
  { paths, dryRun, replace, jurisdiction, person }: ImportCommand,
  print: (line: string) => void,
  progress: (line: string) => void,
): Promise<boolean> {
  if (paths.length === 0) {
    print('请写明要导入的文件。 Name the files to import.');
    return false;
  }
  const read = await readBundleFiles(paths, { jurisdiction, mode: replace ? 'replace' : 'merge' });
  if ('faults' in read) {
    for (const { file, fault } of read.faults) print(faultLine(file, fault));
    return refused(print, read.faults.length);
  }
  if (read.tradeSecrets.length > 0) print(tradeSecretLine(read.tradeSecrets));
  const onProgress: NonNullable<ImportOptions['onProgress']> = ({ phase, done }) =>
    progress(`${PHASES[phase]} ${done} 项任务`);
  // One that was begun before, by this command or another, is finished first.
  if (!dryRun) await finishImport(deps, read.bundle.jurisdiction, onProgress);
  const caller = {
    jurisdiction: read.bundle.jurisdiction,
    actor: { person, bootstrapAdmin: true },
    correlationId: 'duban-import',
  };
  const options: ImportOptions = { dryRun, idempotency: null, wait: true, onProgress };
  const result = await importBundle(deps, caller, read.bundle, options);
  for (const problem of result.problems) {
    const { file, pointer, locate } = read.placeOf(problem.pointer);
    print(faultLine(file, faultOf({ ...problem, pointer }, locate)));
  }
  const faults = result.problems.length + result.moreProblems;
  if (faults > 0) return refused(print, faults);
  const { timeZone } = (await deps.structures.current(caller.jurisdiction)).jurisdiction;
  for (const line of reportLines(result, timeZone)) print(line);
  print(ENDINGS[result.id === null ? (dryRun ? 'compared' : 'unchanged') : 'applied'] + (result.id ?? ''));
  return true;
}

const ENDINGS = {
  compared: '以上为比较结果，未写入。 Compared only; nothing was written.',
  unchanged: '与现有数据一致，未改动。 It changes nothing.',
  applied: '导入完成。 Imported: ',
} as const;

function refused(print: (line: string) => void, faults: number): false {
  print(`共 ${faults} 处错误，未导入任何内容。 ${faults} faults; nothing was imported.`);
  return false;
}
