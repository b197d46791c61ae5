import type { DynamoDbLocal, Emulators } from './emulators/index.ts';

const LOOK_EVERY_MS = 250;

export interface Supervised {
  readonly current: () => DynamoDbLocal;
  stop(): Promise<void>;
}

/**
 * Keeps DynamoDB Local running: when it dies it is started again on its port, over its data.
 * @param onRestart called when it answers again
 */
export async function superviseDynamoDb(
  { dataDir, start }: { readonly dataDir: string; readonly start: Emulators['startDynamoDb'] },
  onRestart: (dynamoDb: DynamoDbLocal) => void,
): Promise<Supervised> {
  let dynamoDb = await start({ dataDir });
  const port = Number(new URL(dynamoDb.endpoint).port);
  let restarting: Promise<void> | null = null;
  const timer = setInterval(() => {
    if (restarting === null && !isRunning(dynamoDb.pid)) restarting = restart();
  }, LOOK_EVERY_MS);

  async function restart(): Promise<void> {
    try {
      dynamoDb = await start({ dataDir, port });
      onRestart(dynamoDb);
    } finally {
      restarting = null;
    }
  }

  return {
    current: () => dynamoDb,
    stop: async () => {
      clearInterval(timer);
      await restarting?.catch(() => undefined);
      await dynamoDb.stop();
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
