import { rebuildViews } from '@duban/application';
import { HELP, type Options, readArguments } from './commands/arguments.ts';
import { auditVerify, show } from './commands/audit.ts';
import { exportToFile, restoreFromFile } from './commands/ledger.ts';
import { print } from './commands/print.ts';
import { NoSuchStageError, onStage, onThisMachine, type Reached } from './commands/reach.ts';
import { catchUpDigests, redriveDeadLetters, redriveStreamFailures } from './commands/redrive.ts';
import { JURISDICTION } from './county.ts';
import { FolderInUseError } from './data-folder.ts';
import { JavaMissingError } from './emulators/index.ts';
import { importFiles } from './import/command.ts';
import { LOCAL_ADMIN } from './issuer.ts';

interface Call extends Reached {
  readonly options: Options;
  readonly words: readonly string[];
  readonly jurisdiction: string;
}

/** Answers whether all went well. */
type Command = (call: Call) => Promise<boolean>;

const COMMANDS: Readonly<Record<string, Command>> = {
  'audit verify': ({ parts, jurisdiction, options }) => auditVerify(parts.deps, jurisdiction, options),
  'views rebuild': async ({ parts }) => {
    const { projected, passes } = await rebuildViews(parts.deps);
    print(`视图已重建：${projected} 项，${passes} 遍。 Views rebuilt: ${projected} items, ${passes} passes.`);
    return true;
  },
  redrive: async ({ parts, deployed, options }) => {
    const limit = options.limit === undefined ? undefined : Number(options.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      return refuse('--limit 应为正整数。 --limit is a whole number from 1.');
    }
    const moved = await redriveDeadLetters(parts, limit);
    return deployed === null ? moved : (await redriveStreamFailures(parts, deployed)) && moved;
  },
  'digests catch-up': ({ parts, options }) => catchUpDigests(parts, options.since),
  show: ({ parts, jurisdiction, words }) => show(parts.deps, jurisdiction, words[0] ?? ''),
  import: importCommand,
  'ledger export': ({ parts, words, running, deployed, options }) => {
    const [file] = words;
    if (file === undefined) return refuse('请写明文件名。 Name the file to write.');
    if (running) {
      return refuse(
        '请先停止正在运行的副本再导出。 Stop the copy that runs, then export: what belongs together must not be torn.',
      );
    }
    if (deployed !== null && options.table === undefined) {
      return refuse(
        '请先把台账表恢复到某一时点，再用 --table 写明该副本。 Restore the ledger to a point in time under another name, and export that: --table <name>.',
      );
    }
    return exportToFile(parts, file, options.table);
  },
  'ledger restore': ({ parts, words, running, jurisdiction, restore }) => {
    const [file] = words;
    if (file === undefined) return refuse('请写明文件名。 Name the file to read.');
    if (running) return refuse('请先停止正在运行的副本。 Stop the copy that runs first.');
    return restoreFromFile(parts, jurisdiction, file, restore);
  },
};

async function importCommand({ parts, deployed, options, words, jurisdiction }: Call): Promise<boolean> {
  const dryRun = options['dry-run'] ?? false;
  // Of a dry run nobody will ever ask who it was.
  const person = deployed === null || dryRun ? LOCAL_ADMIN : options.as;
  if (person === undefined)
    return refuse('请用 --as 写明导入人，将记入台账。 Say who imports: --as <who>; the ledger keeps it.');
  const command = {
    paths: words,
    dryRun,
    replace: options.replace ?? false,
    jurisdiction,
    person,
  };
  return importFiles(parts.deps, command, print, (line) => void process.stderr.write(`${line}\n`));
}

async function refuse(why: string): Promise<false> {
  print(why);
  return false;
}

/** A command is one word or two; what follows are its arguments. */
function commandOf(words: readonly string[]): { readonly run: Command; readonly rest: readonly string[] } | null {
  for (const length of [2, 1]) {
    const run = COMMANDS[words.slice(0, length).join(' ')];
    if (run !== undefined && words.length >= length) return { run, rest: words.slice(length) };
  }
  return null;
}

/** The SDK's own words for what an engineer can mend at once: no credentials, no region, no such table. */
const AWS_FAULTS =
  /^(CredentialsProviderError|ResourceNotFoundException|AccessDenied(Exception)?|ExpiredToken(Exception)?|UnrecognizedClientException)$/;

/** What a person can mend is said in a sentence; anything else is thrown as it is. */
function explained(error: unknown): string | null {
  const { name, message } = error as Error;
  if (AWS_FAULTS.test(name) || message === 'Region is missing') return `AWS: ${message} (AWS_PROFILE, AWS_REGION)`;
  const known = [FolderInUseError, JavaMissingError, NoSuchStageError].some((kind) => error instanceof kind);
  const isOption = error instanceof TypeError && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  return known || isOption ? message : null;
}

async function main(): Promise<number> {
  const { options, words } = readArguments(process.argv.slice(2));
  const command = commandOf(words);
  if (options.help === true || command === null) {
    process.stdout.write(HELP);
    return options.help === true || words.length === 0 || words[0] === 'help' ? 0 : 2;
  }
  const work = (reached: Reached) =>
    command.run({ ...reached, options, words: command.rest, jurisdiction: options.jurisdiction ?? JURISDICTION });
  const { stage } = options;
  return (await (stage === undefined ? onThisMachine(work) : onStage(stage, work))) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = explained(error);
  if (message === null) throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
