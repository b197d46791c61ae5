import { resolve } from 'node:path';
import { aggregateRef, type EventStore, type Log, rebuildViews, type StreamRef } from '@duban/application';
import { redrive } from '@duban/messaging';
import { FIRST_MORNING, JURISDICTION } from './county.ts';
import { DataFolder } from './data-folder.ts';
import { startDynamoDbLocal, startSqs } from './emulators/index.ts';
import { importFiles } from './import/command.ts';
import { composeParts, type Parts } from './parts.ts';
import { VirtualClock } from './virtual-clock.ts';

const HELP = `npm run duban -- <command>

  audit verify [--aggregate <id>]    walk the hash chains; names aggregate and version of a fault
  views rebuild                      build all lists and counters anew from the ledger
  redrive [--limit <n>]              move dead letters back to the wake queue
  show <id>                          head and events of a task, incident, duty, problem, digest or the structure
  import <file>... [--dry-run] [--replace]
                                     JSON, YAML or .xlsx: what it changes, and every fault in it with its place;
                                     several files are imported together or not at all

They work on DUBAN_DATA (.duban/), whether a copy runs there or not.
`;

const [command = 'help', ...rest] = process.argv.slice(2);
const words = rest.filter((word, index) => !word.startsWith('--') && !isValue(rest[index - 1]));

function isValue(before: string | undefined): boolean {
  return before === '--aggregate' || before === '--limit' || before === '--jurisdiction';
}

function option(name: string): string | null {
  const index = rest.indexOf(name);
  return index < 0 ? null : (rest[index + 1] ?? null);
}

const COMMANDS: Readonly<Record<string, (parts: Parts) => Promise<boolean>>> = {
  audit: auditVerify,
  views: viewsRebuild,
  redrive: redriveDeadLetters,
  show,
  import: importCommand,
};

/** Uses the parts of the running copy, or starts them for as long as the command takes. */
async function withParts(work: (parts: Parts) => Promise<boolean>): Promise<boolean> {
  const folder = new DataFolder(resolve(process.env.DUBAN_DATA ?? '.duban'));
  const running = folder.running();
  if (running === null) folder.lock();
  const own = running === null ? await startOwn(folder) : null;
  const base = folder.clockBase() ?? { virtual: FIRST_MORNING, real: Date.now(), speed: 1 };
  const clock = new VirtualClock(base, () => undefined);
  const parts = await composeParts({
    dynamoDb: running?.dynamoDb.endpoint ?? own?.dynamoDb.endpoint ?? '',
    sqs: running?.sqs.endpoint ?? own?.sqs.endpoint ?? '',
    clock,
    speed: () => clock.speed,
    log: stderrLog,
  });
  try {
    return await work(parts);
  } finally {
    parts.close();
    await own?.sqs.stop();
    await own?.dynamoDb.stop();
    if (running === null) folder.unlock();
  }
}

async function startOwn(folder: DataFolder) {
  const dynamoDb = await startDynamoDbLocal({ dataDir: folder.dynamoDb });
  return { dynamoDb, sqs: await startSqs({ dataDir: folder.sqs }) };
}

async function auditVerify({ deps }: Parts): Promise<boolean> {
  const named = option('--aggregate');
  const ref = named === null ? null : namedRef(named);
  if (named !== null && ref === null) return false;
  let checked = 0;
  let faults = 0;
  for await (const each of ref === null ? allRefs(deps.store) : [ref]) {
    const verdict = await deps.store.verify(each);
    checked += 1;
    if (verdict.ok) continue;
    faults += 1;
    print(`${each.id} version ${verdict.version}: ${verdict.fault}`);
  }
  print(`已核验 ${checked} 条链，${faults} 处不符。 ${checked} chains verified, ${faults} faults.`);
  return faults === 0;
}

async function* allRefs(store: EventStore): AsyncIterable<StreamRef> {
  for await (const head of store.scanHeads(null)) yield head.ref;
}

async function viewsRebuild({ deps }: Parts): Promise<boolean> {
  const { projected, passes } = await rebuildViews(deps);
  print(`视图已重建：${projected} 项，${passes} 遍。 Views rebuilt: ${projected} items, ${passes} passes.`);
  return true;
}

async function redriveDeadLetters({ sqs, queues }: Parts): Promise<boolean> {
  const limit = option('--limit');
  const { moved, left } = await redrive({
    client: sqs,
    deadLetterUrl: queues.wakeDeadLetters,
    targetUrl: queues.wake,
    ...(limit === null ? {} : { limit: Number(limit) }),
  });
  print(`死信移回 ${moved} 条，剩余 ${left} 条。 Dead letters moved back: ${moved}, left: ${left}.`);
  return left === 0;
}

async function show({ deps }: Parts): Promise<boolean> {
  const ref = namedRef(words[0] ?? '');
  if (ref === null) return false;
  const head = await deps.store.load(ref);
  if (head === null) {
    print(`没有 ${ref.id}。 There is no ${ref.id}.`);
    return false;
  }
  print(JSON.stringify({ head, events: await deps.store.read(ref) }, null, 2));
  return true;
}

async function importCommand({ deps }: Parts): Promise<boolean> {
  const command = {
    paths: words,
    dryRun: rest.includes('--dry-run'),
    replace: rest.includes('--replace'),
    jurisdiction: option('--jurisdiction') ?? JURISDICTION,
  };
  return importFiles(deps, command, print, (line) => void process.stderr.write(`${line}\n`));
}

/** Says so when the words name nothing. */
function namedRef(id: string): StreamRef | null {
  const ref = aggregateRef(JURISDICTION, id);
  if (ref === null) {
    print(`“${id}”不是编号。 Not an id: task_…, incident_…, duty_…, problem_…, digest_… or structure.`);
  }
  return ref;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function stderrLine(message: string, fields?: object): void {
  process.stderr.write(`${JSON.stringify({ message, ...fields })}\n`);
}

const stderrLog: Log = { info: stderrLine, warn: stderrLine, error: stderrLine };

const run = COMMANDS[command];
if (run === undefined) {
  process.stdout.write(HELP);
  process.exitCode = command === 'help' || command === '--help' ? 0 : 2;
} else {
  process.exitCode = (await withParts(run)) ? 0 : 1;
}
