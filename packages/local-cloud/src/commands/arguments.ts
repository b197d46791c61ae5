import { parseArgs } from 'node:util';

export const HELP = `npm run duban -- <command>

  audit verify [--aggregate <id>] [--anchor <file>] [--against <file>]
                                     walk the hash chains; names aggregate and version of a fault. --anchor writes down where
                                     every chain stands, --against compares with what was written down before
  views rebuild                      build all lists and counters anew from the ledger
  redrive [--limit <n>]              bring back what was set aside: dead letters of wakes and deliveries, and batches that views or
                                     digests gave up
  digests catch-up --since <time>    tell once more of what happened since; what was told already is not told twice
  show <id>                          head and events of a task, incident, duty, problem, report, digest, subscription, delivery or the structure
  import <file>... [--dry-run] [--replace]
                                     JSON, YAML or .xlsx: what it changes, and every fault in it with its place;
                                     several files are imported together or not at all
  ledger export <file.gz>            every row of the ledger, while nothing writes to it
  ledger restore <file.gz>           the same rows into an empty ledger

They work on DUBAN_DATA (.duban/), whether a copy runs there or not; with --stage <name> on a stage deployed to AWS, in
the account and region of the environment. There, import wants --as <who>, and ledger export may take
--table <a point-in-time copy>. --jurisdiction <code> names another one than 433122.
`;

const OPTIONS = {
  stage: { type: 'string' },
  jurisdiction: { type: 'string' },
  aggregate: { type: 'string' },
  anchor: { type: 'string' },
  against: { type: 'string' },
  limit: { type: 'string' },
  since: { type: 'string' },
  as: { type: 'string' },
  table: { type: 'string' },
  'dry-run': { type: 'boolean' },
  replace: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export type Options = ReturnType<typeof readArguments>['options'];

/** @throws TypeError that names an option there is not, or one without its value */
export function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  return { options: values, words: positionals };
}
