import { resolve } from 'node:path';
import { tableNames } from '@duban/dynamodb';
import { type DeployedQueues, findQueues } from '@duban/messaging';
import { parseKeyRing } from '@duban/sealing';
import { readSecret } from '@duban/sealing/secrets-manager';
import { FIRST_MORNING } from '../county.ts';
import { DataFolder } from '../data-folder.ts';
import { startDynamoDbLocal, startSqs } from '../emulators/index.ts';
import { clientsOf, composeParts, type Parts, partsOf } from '../parts.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { stderrLog } from './print.ts';

/** What a command works on. */
export interface Reached {
  readonly parts: Parts;
  /** The queues of a stage on AWS; null on this machine. */
  readonly deployed: DeployedQueues | null;
  /** A copy is at work in the data folder. */
  readonly running: boolean;
  readonly restore: RestoreMarks;
}

/** Told of a restore, so that nobody takes half of a county for one. */
export interface RestoreMarks {
  begin(): void;
  /** @param clock what the ledger's clock said when it was exported */
  end(clock: number): void;
}

/** On AWS the functions come after the ledger: see docs/operations.md. */
const NO_MARKS: RestoreMarks = { begin: () => undefined, end: () => undefined };

/** A stage that is not there; says where it was looked for. */
export class NoSuchStageError extends Error {
  override readonly name = 'NoSuchStageError';
}

/** Reaches a stage by the names its stacks give, with the account and region of the environment. */
export async function onStage<T>(stage: string, work: (reached: Reached) => Promise<T>): Promise<T> {
  const prefix = `${stage}-duban-`;
  const clients = clientsOf();
  const queues = await findQueues(clients.sqs, prefix).catch((error: unknown) => {
    if (!/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) throw error;
    throw new NoSuchStageError(
      `此账号和区域没有部署阶段 ${stage}。 There is no stage ${stage} in this account and region (AWS_PROFILE, AWS_REGION).`,
    );
  });
  const now = Date.now();
  const clock = new VirtualClock({ virtual: now, real: now, speed: 1 }, () => undefined);
  const keyRing = async () => parseKeyRing(await readSecret(`${prefix}sealing`));
  const parts = partsOf(clients, tableNames(prefix), queues, { clock, speed: () => 1, log: stderrLog, keyRing });
  try {
    return await work({ parts, deployed: queues, running: false, restore: NO_MARKS });
  } finally {
    parts.close();
  }
}

/** Uses the parts of the running copy, or starts them for as long as the command takes. */
export async function onThisMachine<T>(work: (reached: Reached) => Promise<T>): Promise<T> {
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
    keyRing: async () => folder.keyRing(),
  });
  const restore: RestoreMarks = {
    begin: () => folder.beginRestore(),
    end: (virtual) => {
      folder.keepClockBase({ virtual, real: Date.now(), speed: 1 });
      folder.endRestore();
    },
  };
  try {
    return await work({ parts, deployed: null, running: running !== null, restore });
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
