import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { type ImportBundle, type ImportedRow, STRUCTURE_KINDS } from '@duban/application';
import { type BilingualFault, faultsOf } from '@duban/contracts/http/faults';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { mentionsTradeSecret, nameBearsSecretMarking, OFFLINE } from '@duban/contracts/http/state-secrets';
import { HttpProblem } from '@duban/http-api';
import { parseText } from '@duban/http-api/body';
import { readWorkbookBundle } from '@duban/http-api/workbook-bundle';
import { inspectWorkbook, type Locator } from '@duban/workbook';

/** A fault and the file it stands in. */
export interface FileFault {
  readonly file: string;
  readonly fault: BilingualFault;
}

export interface BundleFiles {
  readonly bundle: ImportBundle;
  /** The files that speak of trade or work secrets: no reason to refuse them, but one to look again. */
  readonly tradeSecrets: readonly string[];
  /** The file a pointer into the whole bundle belongs to, and what it points at there. */
  readonly placeOf: (pointer: string) => { readonly file: string; readonly pointer: string; readonly locate?: Locator };
}

interface ReadFile {
  readonly file: string;
  readonly bundle: ImportBundle;
  readonly locate?: Locator;
  readonly tradeSecret: boolean;
}

type Target = Pick<ImportBundle, 'jurisdiction' | 'mode'>;

/**
 * Several files as one bundle, so that they are imported together or not at all: a list may name units of another file.
 * @param target what a workbook cannot say itself
 */
export async function readBundleFiles(
  paths: readonly string[],
  target: Target,
): Promise<BundleFiles | { readonly faults: readonly FileFault[] }> {
  const files: ReadFile[] = [];
  const faults: FileFault[] = [];
  for (const [index, path] of paths.entries()) {
    const marked = path.split(/[\\/]/).some(nameBearsSecretMarking);
    // A name that is marked is told nobody, nor is the file opened.
    const file = marked ? `第 ${index + 1} 个文件` : basename(path);
    const read = marked ? SECRET : await readBundleFile(path, target);
    if ('faults' in read) faults.push(...read.faults.map((fault) => ({ file, fault })));
    else files.push({ file, ...read });
  }
  for (const { file, bundle } of files) {
    if (bundle.jurisdiction !== files[0]?.bundle.jurisdiction) faults.push({ file, fault: OTHER_JURISDICTION });
  }
  return faults.length > 0 ? { faults } : joined(files, target);
}

const OTHER_JURISDICTION: BilingualFault = {
  pointer: '/jurisdiction',
  code: 'other_jurisdiction',
  message: { zh: '各文件的行政区划不一致。', en: 'The files are of different jurisdictions.' },
};

type Read = Omit<ReadFile, 'file'> | { readonly faults: readonly BilingualFault[] };
const SECRET: Read = { faults: [{ pointer: '', code: 'state_secret', message: OFFLINE }] };

async function readBundleFile(path: string, target: Target): Promise<Read> {
  try {
    const bytes = readFileSync(path);
    const named = mentionsTradeSecret(basename(path));
    if (extname(path).toLowerCase() === '.xlsx') {
      const read = await readWorkbookBundle(bytes, target);
      return { ...read, tradeSecret: named || (await inspectWorkbook(bytes)).tradeSecret };
    }
    const { value, tradeSecret } = await parseText(bytes, /\.ya?ml$/i.test(path) ? 'yaml' : 'json');
    return readValue(value, named || tradeSecret);
  } catch (error) {
    return { faults: faultsOfError(error) };
  }
}

function readValue(value: unknown, tradeSecret: boolean): Read {
  const parsed = bundleSchema.safeParse(value);
  return parsed.success ? { bundle: parsed.data, tradeSecret } : { faults: faultsOf(parsed.error, value) };
}

function faultsOfError(error: unknown): readonly BilingualFault[] {
  if (error instanceof HttpProblem) {
    if (error.faults.length > 0) return error.faults;
    return [{ pointer: '', code: error.code, message: error.detail }];
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
  return [
    {
      pointer: '',
      code: 'no_such_file',
      message: { zh: '没有这个文件，或不能读取。', en: 'No such file, or it cannot be read.' },
    },
  ];
}

function joined(files: readonly ReadFile[], target: Target): BundleFiles {
  const starts = new Map<string, { readonly at: number; readonly read: ReadFile }[]>();
  const begin = (kind: string, at: number, read: ReadFile) =>
    starts.set(kind, [...(starts.get(kind) ?? []), { at, read }]);
  const bundle: Record<string, unknown> = {
    jurisdiction: files[0]?.bundle.jurisdiction ?? target.jurisdiction,
    mode: files.some((read) => read.bundle.mode === 'replace') ? 'replace' : target.mode,
  };
  for (const kind of STRUCTURE_KINDS) {
    const records: unknown[] = [];
    for (const read of files.filter((each) => each.bundle[kind] !== undefined)) {
      begin(kind, records.length, read);
      records.push(...(read.bundle[kind] ?? []));
    }
    if (starts.has(kind)) bundle[kind] = records;
  }
  const withTasks = files.filter((read) => read.bundle.tasks !== undefined);
  if (withTasks.length > 0) bundle.tasks = tasksOf(withTasks, (at, read) => begin('tasks', at, read));
  return {
    bundle: bundle as unknown as ImportBundle,
    tradeSecrets: files.filter(({ tradeSecret }) => tradeSecret).map(({ file }) => file),
    placeOf(pointer) {
      const [, kind = '', at = '', ...rest] = pointer.split('/');
      const start = starts.get(kind)?.findLast((each) => each.at <= Number(at || 0));
      const read = start?.read ?? files[0];
      const local = at === '' || start === undefined ? pointer : ['', kind, Number(at) - start.at, ...rest].join('/');
      return { file: read?.file ?? '', pointer: local, ...(read?.locate === undefined ? {} : { locate: read.locate }) };
    },
  };
}

/** One after another; where each file begins is known when it is reached. */
async function* tasksOf(
  files: readonly ReadFile[],
  begin: (at: number, read: ReadFile) => void,
): AsyncGenerator<ImportedRow> {
  let count = 0;
  for (const read of files) {
    begin(count, read);
    for await (const row of read.bundle.tasks ?? []) {
      count += 1;
      yield row;
    }
  }
}
