import { startDynamoDbLocal, startSqs } from '@duban/local-cloud/emulators/index';
import type { TestProject } from 'vitest/node';
import { serveEmulators } from './emulator-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address that starts an emulator at its first asking and names its endpoint. */
    emulators: string;
  }
}

/** A DynamoDB Local for each file that asks, and one SQS for the whole run, each started only then. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await serveEmulators({
    dynamodb: () => startDynamoDbLocal({ dataDir: null }),
    sqs: () => startSqs({ dataDir: null }),
  });
  project.provide('emulators', server.url);
  return server.stop;
}
