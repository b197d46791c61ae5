import { startDynamoDbLocal, startSqs } from '@duban/local-cloud/emulators/index';
import type { TestProject } from 'vitest/node';
import { serveEmulators } from './emulator-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address that starts an emulator at its first asking and names its endpoint. */
    emulators: string;
  }
}

/**
 * One DynamoDB Local and one SQS for the whole run, and a second DynamoDB Local for what would slow the first; each
 * started only when a test asks for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dynamodb = () => startDynamoDbLocal({ dataDir: null });
  const server = await serveEmulators({
    dynamodb,
    'dynamodb-apart': dynamodb,
    sqs: () => startSqs({ dataDir: null }),
  });
  project.provide('emulators', server.url);
  return server.stop;
}
